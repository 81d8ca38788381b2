"""The models of plans, indicators, targets, values and verdicts."""

from indicators.models.abstract_import import AbstractImport, ImportState
from indicators.models.assessment import AbstractAssessment, Assessment, ChangeCounter
from indicators.models.evidence import AbstractStoredFile, EvidenceFile, TargetDocumentFile
from indicators.models.indicator import Indicator, Mention, Responsibility
from indicators.models.measure import Measure, MeasureProgress, MeasureReport, MeasureResponsibility
from indicators.models.plan import Category, Domain, Origin, Plan, Stage, Topic
from indicators.models.reporting import ReportingRound
from indicators.models.reviewed import AbstractReviewed, ReviewStatus
from indicators.models.submission import SubmittedValue, ValueSubmission
from indicators.models.target import Baseline, Target
from indicators.models.value import ValueOrigin, YearlyValue
from indicators.models.value_import import ValueImport

__all__ = [
    "AbstractAssessment",
    "AbstractImport",
    "AbstractReviewed",
    "AbstractStoredFile",
    "Assessment",
    "Baseline",
    "Category",
    "ChangeCounter",
    "Domain",
    "EvidenceFile",
    "ImportState",
    "Indicator",
    "Measure",
    "MeasureProgress",
    "MeasureReport",
    "MeasureResponsibility",
    "Mention",
    "Origin",
    "Plan",
    "ReportingRound",
    "Responsibility",
    "ReviewStatus",
    "Stage",
    "SubmittedValue",
    "Target",
    "TargetDocumentFile",
    "Topic",
    "ValueImport",
    "ValueOrigin",
    "ValueSubmission",
    "YearlyValue",
]
