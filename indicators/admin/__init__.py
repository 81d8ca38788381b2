"""Plans, indicators, values, verdicts and reporting rounds in the admin."""

from indicators.admin import plans, reporting, values

__all__ = ["plans", "reporting", "values"]
