"""Tables as they stood: rows that were changed, deleted or added since, in every way that they are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, Prefetch
from django.test.utils import CaptureQueriesContext

from indicators.models import Baseline, Indicator, Responsibility, Target, YearlyValue
from indicators.services.judging import gather
from regions.channel import NEW_PLAN, acting_through
from regions.hidden_tables import WrittenOverHiddenTablesError
from regions.history import attribute
from regions.models import Department, DutyRole
from regions.moment import as_of, reading_day
from regions.permissions import departments_of, is_administrator
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    TargetFactory,
    UserFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

pytestmark = pytest.mark.django_db
MARCH = datetime(2022, 3, 1, 4, tzinfo=UTC)
MAY, JUNE, JULY = MARCH + timedelta(days=61), MARCH + timedelta(days=92), MARCH + timedelta(days=122)


@pytest.fixture
def value() -> YearlyValue:
    """80 for 2021, written in March."""
    value = YearlyValueFactory.build(indicator=IndicatorFactory.create(), value=Decimal(80))
    value.region = value.indicator.plan.region
    return save(value, MARCH)


def save(row: YearlyValue | Target | Responsibility, moment: datetime) -> YearlyValue:
    """Save a row as a person did at that moment."""
    attribute(row, person=UserFactory.create())
    row._history_date = moment  # type: ignore[union-attr]  # simple-history reads it
    row.save()
    return row  # type: ignore[return-value]


def figures(moment: datetime | None) -> list[str]:
    with as_of(moment):
        own = YearlyValue.objects.approved().filter(indicator__code__startswith="indicator-")
        return [f"{each:.0f}" for each in own.values_list("value", flat=True)]


def test_a_row_reads_as_it_was_written_last_by_then(value: YearlyValue) -> None:
    value.value = Decimal(85)
    save(value, MAY)
    assert figures(MARCH - timedelta(seconds=1)) == []
    assert figures(MARCH) == figures(MAY - timedelta(seconds=1)) == ["80"]
    assert figures(MAY) == figures(None) == ["85"]


def test_a_row_that_was_deleted_since_is_there_until_then(value: YearlyValue) -> None:
    value._history_date = MAY  # type: ignore[attr-defined]
    value.delete()
    assert figures(MARCH) == ["80"]
    assert figures(MAY) == figures(None) == []


def test_a_value_that_was_reopened_counts_until_then(value: YearlyValue) -> None:
    value.status = "returned"
    save(value, MAY)
    assert figures(MARCH) == ["80"]
    assert figures(MAY) == []


def test_of_two_changes_at_one_moment_the_second_counts(value: YearlyValue) -> None:
    for figure in (81, 82):
        value.value = Decimal(figure)
        save(value, MAY)
    assert figures(MAY) == ["82"]


def test_rows_counts_conditions_and_what_hangs_on_a_row_look_back_alike(value: YearlyValue) -> None:
    value.value = Decimal(85)
    save(value, MAY)
    indicators = Indicator.objects.filter(pk=value.indicator_id)
    with as_of(MARCH):
        assert indicators.filter(values__value=80).exists()
        assert not indicators.filter(values__value=85).exists()
        assert indicators.aggregate(number=Count("values"))["number"] == 1
        [found] = indicators.prefetch_related(Prefetch("values", YearlyValue.objects.select_related("region")))
        assert [each.value for each in found.values.all()] == [80]
        [evidence] = gather(indicators.select_related("plan__region"))
        assert evidence.values[2021].value == 80


def test_it_costs_no_query_more(value: YearlyValue) -> None:
    with as_of(MARCH), CaptureQueriesContext(connection) as captured:
        assert YearlyValue.objects.filter(indicator=value.indicator_id).count() == 1
    assert len(captured) == 1


def test_what_the_document_prints_stands_from_the_beginning() -> None:
    target = TargetFactory.create(wording="≥95")
    baseline = Baseline.objects.create(indicator=target.indicator, region=target.region, year=2020, value=90)
    with acting_through(NEW_PLAN):
        by_page = TargetFactory.build(indicator=target.indicator, region=target.region, year=2023, wording="≥93")
        attribute(by_page, person=UserFactory.create())
        by_page.save()
    with as_of(MARCH):
        assert set(Target.objects.values_list("wording", flat=True)) >= {"≥95", "≥93"}
        assert Baseline.objects.filter(pk=baseline.pk).exists()


def test_a_number_that_was_assigned_later_was_not_known() -> None:
    first = TargetFactory.create(wording="完成省定目标")
    save(TargetFactory.build(indicator=first.indicator, region=first.region, version=2, assigned_value=12), MAY)
    final = Target.objects.filter(indicator=first.indicator).order_by("-version")
    with as_of(MARCH):
        assert final.all()[0].assigned_value is None
    with as_of(MAY):
        assert final.all()[0].assigned_value == 12


def test_a_department_that_was_assigned_later_did_not_answer() -> None:
    indicator = led_by(DepartmentFactory.create())
    later = DepartmentFactory.create(region=indicator.plan.region)
    save(Responsibility(indicator=indicator, department=later, role=DutyRole.LEAD), MAY)
    with as_of(MARCH):
        assert not Department.objects.filter(responsibility_set__indicator=indicator, pk=later.pk).exists()
    with as_of(MAY):
        assert Department.objects.filter(responsibility_set__indicator=indicator, pk=later.pk).exists()


def test_history_ends_at_the_moment_that_is_read(value: YearlyValue) -> None:
    save(value, MAY)
    with as_of(MARCH):
        assert value.history.count() == YearlyValue.history.count() == 1
    assert value.history.count() == 2


def test_nothing_is_written_while_looking_back(value: YearlyValue) -> None:
    with as_of(MARCH), pytest.raises(WrittenOverHiddenTablesError):
        YearlyValue.objects.filter(pk=value.pk).update(value=1)


def test_days_are_counted_from_the_day_that_is_read() -> None:
    with as_of(datetime(2023, 12, 31, 15, 59, tzinfo=UTC)):
        assert f"{reading_day()}" == "2023-12-31"
        with as_of(None):
            assert reading_day().year > 2023


@pytest.mark.parametrize("role", ["entry", "reviewer", "administrator"])
def test_nobody_acts_in_the_past(role: str) -> None:
    person = member_of(DepartmentFactory.create(), role)  # type: ignore[arg-type]
    with as_of(MARCH):
        assert not is_administrator(person)
        assert not departments_of(person, role).exists()  # type: ignore[arg-type]
