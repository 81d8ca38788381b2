"""The indicator of a page with those that are shown beside it: its components, and the same topic in other plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When, Window

from indicators.models import Indicator
from indicators.permissions import enterable_indicators, reviewed_plans
from portal.dashboards.rows import indicators_for_rows
from regions.permissions import Person, may_use_admin

#: The indicator, its components and as many of the same topic as this leaves room for.
MOST_SHOWN = 40


@dataclass(frozen=True)
class Family:
    """The indicator and its components with everything that is known of them (`rows.indicators_for_rows`), `others` of
    the same topic with what a row shows; `more_others` have no room. `may_enter` and `may_review` are the person's."""

    indicator: Indicator
    components: list[Indicator]
    others: list[Indicator]
    more_others: int
    may_enter: bool
    may_review: bool


def family_of(code: str, *, person: Person, year: int) -> Family | None:
    """The family of the indicator of that code; None where there is none. The six queries of `indicators_for_rows`,
    and one for the person's roles."""
    wanted = Q(code=code) | Q(parent__code=code)
    topic = Indicator.objects.filter(code=code, topic=OuterRef("topic")).exclude(plan=OuterRef("plan"))
    related = with_permissions(Indicator.objects.filter(wanted | Exists(topic)), person).annotate(
        kinship=Case(
            When(code=code, then=Value(0)),
            When(parent__code=code, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
        related=Window(Count("pk")),
    )
    whole = Q(indicator__code=code) | Q(indicator__parent__code=code)
    found: QuerySet[Any] = indicators_for_rows(related, year, whole=whole)
    listed = list(found.order_by("kinship", "plan__slug", "position", "code")[:MOST_SHOWN])
    if not listed or listed[0].kinship:
        return None
    indicator = listed[0]
    return Family(
        indicator=indicator,
        components=[each for each in listed if each.kinship == 1],
        others=[each for each in listed if each.kinship == 2],
        more_others=indicator.related - len(listed),
        may_enter=indicator.is_enterable and may_use_admin(person),
        may_review=indicator.is_reviewed,
    )


def with_permissions(indicators: QuerySet[Indicator], person: Person) -> QuerySet[Indicator]:
    """With `is_enterable` and `is_reviewed`: what `may_enter_value` and `may_review` say, without a query of its own
    for each."""
    return indicators.annotate(
        is_enterable=Exists(enterable_indicators(person).filter(pk=OuterRef("pk")), output_field=BooleanField()),
        is_reviewed=Exists(reviewed_plans(person).filter(pk=OuterRef("plan")), output_field=BooleanField()),
    )
