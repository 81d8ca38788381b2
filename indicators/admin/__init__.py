"""Plans, indicators, values, verdicts, measures, reporting rounds, imports and uploaded files in the admin."""

from indicators.admin import evidence, imports, measure_reports, plans, reporting, submissions, values

__all__ = ["evidence", "imports", "measure_reports", "plans", "reporting", "submissions", "values"]
