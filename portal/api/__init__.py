"""The API as a whole: who may use it, how often, and its documentation."""
