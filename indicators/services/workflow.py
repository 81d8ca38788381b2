"""The way of yearly values through review: `review_steps` for values, which are judged anew when they count."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from indicators.display import show_value
from indicators.models import Indicator, Plan, YearlyValue
from indicators.models.value import YearlyValueQuerySet
from indicators.permissions import may_enter_value
from indicators.services.judging import judge_indicators, lock_families
from indicators.services.review_steps import Workflow
from regions.permissions import Person


class ValueWorkflow(Workflow[YearlyValue]):
    """Review of yearly values."""

    noun, counted = "数值", "项数值"

    def records(self) -> YearlyValueQuerySet:
        """Values with plan and region."""
        return YearlyValue.objects.select_related("indicator__plan__region", "region")

    def lock(self, keys: Collection[int]) -> None:
        """Locks the families of the values."""
        lock_families(Indicator.objects.filter(values__in=keys))

    def plan_of(self, record: YearlyValue) -> Plan:
        """The indicator's plan."""
        return record.indicator.plan

    def may_enter(self, person: Person, record: YearlyValue) -> bool:
        """Who leads the indicator. One query."""
        return may_enter_value(person, record.indicator)

    def statement_of(self, record: YearlyValue) -> str:
        """The figure with its unit, or the finding."""
        return show_value(record.indicator, record.value, record.finding)

    def settle(self, records: list[YearlyValue], *, now: datetime) -> None:
        """Judges the indicators anew."""
        judge_indicators([value.indicator for value in records], now=now)


VALUES = ValueWorkflow()
submit_values, approve_values = VALUES.submit, VALUES.approve
return_values, reopen_values = VALUES.send_back, VALUES.reopen
