"""Plans, indicators, values and verdicts in the admin."""

from indicators.admin import plans, values

__all__ = ["plans", "values"]
