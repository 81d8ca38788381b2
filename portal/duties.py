"""Every kind of thing that departments hand in for a reporting round, across the applications."""

from indicators.services.measures_due import MEASURES_DUE
from indicators.services.round_progress import VALUES_DUE
from projects.services.due import REPORTS_DUE

DUTY_KINDS = (VALUES_DUE, REPORTS_DUE, MEASURES_DUE)
