"""The approved progress reports of a plan, year by year: a page, and the same as a file."""
