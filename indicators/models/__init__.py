"""The models of plans, indicators, targets, values and verdicts."""

from indicators.models.assessment import Assessment
from indicators.models.evidence import AbstractStoredFile, EvidenceFile, TargetDocumentFile
from indicators.models.indicator import Indicator, Mention, Responsibility
from indicators.models.measure import Measure, MeasureResponsibility
from indicators.models.plan import Category, Domain, Origin, Plan, Stage, Topic
from indicators.models.reporting import ReportingRound
from indicators.models.target import Baseline, Target
from indicators.models.value import ValueOrigin, ValueStatus, YearlyValue
from indicators.models.value_import import ImportState, ValueImport

__all__ = [
    "AbstractStoredFile",
    "Assessment",
    "Baseline",
    "Category",
    "Domain",
    "EvidenceFile",
    "ImportState",
    "Indicator",
    "Measure",
    "MeasureResponsibility",
    "Mention",
    "Origin",
    "Plan",
    "ReportingRound",
    "Responsibility",
    "Stage",
    "Target",
    "TargetDocumentFile",
    "Topic",
    "ValueImport",
    "ValueOrigin",
    "ValueStatus",
    "YearlyValue",
]
