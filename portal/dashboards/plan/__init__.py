"""The pages of one plan: indicators, years, evaluations, measures."""
