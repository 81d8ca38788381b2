"""Plans, indicators, values, verdicts, reporting rounds and uploaded files in the admin."""

from indicators.admin import evidence, plans, reporting, values

__all__ = ["evidence", "plans", "reporting", "values"]
