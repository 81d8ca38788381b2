"""The reviewers' workspace: reporting rounds, the queue of submitted values, and targets over time."""
