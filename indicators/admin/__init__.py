"""Plans, indicators, values, verdicts, reporting rounds, imports and uploaded files in the admin."""

from indicators.admin import evidence, imports, plans, reporting, values

__all__ = ["evidence", "imports", "plans", "reporting", "values"]
