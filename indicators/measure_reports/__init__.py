"""Pages of the yearly statements on measures (落实情况): where departments write them, and where reviewers decide."""
