"""The pages on which reviewers decide about progress reports."""
