"""The pure core: what a target means and how a value is judged. No Django, no database, no clock.

Its public face is indicators.targets and indicators.assessment; docs/assessment.md explains it.
"""
