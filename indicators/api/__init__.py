"""The endpoints of plans, indicators, values, verdicts and measures."""
