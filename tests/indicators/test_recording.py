"""Many values at once: how each stands to what is stored, all or nothing, and a constant number of queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Assessment, Plan, ReviewStatus, ValueOrigin, YearlyValue
from indicators.services.judging import differences, judge_plans
from indicators.services.recording import EntriesRefusedError, Examined, Standing, examine, record_all, stored_values
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values
from portal.accounts.models import User
from regions.channel import acting_through
from regions.history import attribute
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY)


@pytest.fixture
def plan(department: Department) -> Plan:
    """A plan whose 2022 values go through review and whose other years count at once."""
    plan: Plan = PlanFactory.create(coordinating_department=department)
    reviewer = member_of(department, Role.REVIEWER)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


def entries(department: Department, plan: Plan, number: int, *, year: int = 2021) -> list[ValueEntry]:
    """One entry for each of so many new indicators."""
    figures = count(75)
    return [ValueEntry(led_by(department, plan=plan), plan.region, year, Decimal(next(figures))) for _ in range(number)]


def import_all(wanted: list[ValueEntry], staff: User, *, as_draft: bool = False) -> list[Examined]:
    return record_all(wanted, person=staff, now=NOW, origin=ValueOrigin.IMPORT, as_draft=as_draft)


def stored(plan: Plan) -> QuerySet[YearlyValue]:
    return YearlyValue.objects.filter(indicator__plan=plan)


def standings(wanted: list[ValueEntry], staff: User, *, as_draft: bool = False) -> list[Standing]:
    return [each.standing for each in examine(wanted, person=staff, as_draft=as_draft)]


def test_values_are_stored_with_history_and_judged(department: Department, plan: Plan, staff: User) -> None:
    wanted = entries(department, plan, 5)
    judge_plans([plan], now=NOW)
    import_all(wanted, staff)
    assert [record.value for record in stored_values(wanted) if record] == [75, 76, 77, 78, 79]
    for each in stored(plan):
        assert (each.status, each.origin, each.revision) == (ReviewStatus.APPROVED, ValueOrigin.IMPORT, 1)
        history = each.history.get()
        assert (history.history_type, history.history_user, history.value) == ("+", staff, each.value)
    assert set(Assessment.objects.filter(indicator__plan=plan, year=2021).values_list("value", flat=True)) == {
        75,
        76,
        77,
        78,
        79,
    }
    assert differences(plan, now=NOW) == []


def test_the_history_is_what_simple_history_would_write(department: Department, plan: Plan, staff: User) -> None:
    first = [*entries(department, plan, 2), *entries(department, plan, 1, year=2022)]
    corrected = [replace(each, value=Decimal(60), note="更正", reason="修订", revision=1) for each in first[:2]]
    for wanted in (first, corrected):
        kept = set(YearlyValue.history.values_list("history_id", flat=True))
        with acting_through("表格导入"):
            import_all(wanted, staff)
            records = [record for record in stored_values(wanted) if record]
            for record, entry in zip(records, wanted, strict=True):
                attribute(record, person=staff, reason=entry.reason)
            YearlyValue.history.bulk_history_create(records, update=wanted is corrected)
        rows = list(YearlyValue.history.exclude(history_id__in=kept).order_by("history_id").values())
        ours, theirs = rows[: len(wanted)], rows[len(wanted) :]
        for row in rows:
            assert timezone.now() - row.pop("history_date") < timedelta(minutes=1)
            del row["history_id"]
        assert ours == theirs
        assert all((row["channel"], row["history_user_id"]) == ("表格导入", staff.pk) for row in ours)


def test_the_same_entries_twice_change_nothing(department: Department, plan: Plan, staff: User) -> None:
    wanted = [*entries(department, plan, 2), *entries(department, plan, 2, year=2022)]
    import_all(wanted, staff)
    again = [replace(each, revision=1) for each in wanted]
    assert set(standings(again, staff)) == {Standing.UNCHANGED}
    assert {each.standing for each in import_all(again, staff)} == {Standing.UNCHANGED}
    assert YearlyValue.history.filter(indicator__plan=plan).count() == 4


def test_drafts_are_handed_in_by_the_same_entries(department: Department, plan: Plan, staff: User) -> None:
    wanted = entries(department, plan, 2, year=2022)
    import_all(wanted, staff, as_draft=True)
    seen = [replace(each, revision=1) for each in wanted]
    assert set(standings(seen, staff, as_draft=True)) == {Standing.UNCHANGED}
    assert set(standings(seen, staff)) == {Standing.CHANGED}
    import_all(seen, staff)
    assert set(stored(plan).values_list("status", flat=True)) == {ReviewStatus.SUBMITTED}


def test_each_entry_is_told_how_it_stands(department: Department, plan: Plan, staff: User) -> None:
    new, changed, locked, same_as_locked, impossible = entries(department, plan, 5, year=2022)
    foreign = ValueEntry(led_by(DepartmentFactory.create(region=plan.region), plan=plan), plan.region, 2022, Decimal(9))
    import_all([changed, locked, same_as_locked], staff)
    handed_in = [record for record in stored_values([locked, same_as_locked]) if record]
    approve_values(handed_in, person=member_of(department, Role.REVIEWER), now=NOW)
    wanted = [
        new,
        replace(changed, value=Decimal(95), revision=1),
        replace(locked, value=Decimal(95), revision=2),
        replace(same_as_locked, revision=2),
        replace(impossible, value=Decimal(101)),
        foreign,
    ]
    assert standings(wanted, staff) == [
        Standing.NEW,
        Standing.CHANGED,
        Standing.LOCKED,
        Standing.UNCHANGED,
        Standing.ERROR,
        Standing.NOT_PERMITTED,
    ]
    refusals = [each.refusal for each in examine(wanted, person=staff)]
    assert isinstance(refusals[4], ValidationError)
    assert "100" in "".join(refusals[4].messages)
    assert isinstance(refusals[5], PermissionDenied)


def test_one_wrong_entry_keeps_all_from_being_written(department: Department, plan: Plan, staff: User) -> None:
    good, bad = entries(department, plan, 2)
    with pytest.raises(EntriesRefusedError) as refused:
        import_all([good, replace(bad, source_url="no address")], staff)
    assert [each.refusal is None for each in refused.value.examined] == [True, False]
    assert not stored(plan).exists()
    assert not YearlyValue.history.filter(indicator__plan=plan).exists()


def test_a_figure_that_looks_odd_needs_a_note_before_it_is_handed_in(
    department: Department, plan: Plan, staff: User
) -> None:
    [last_year] = entries(department, plan, 1)
    import_all([last_year], staff)
    jump = replace(last_year, year=2022, value=Decimal("0.97"))
    assert standings([jump], staff, as_draft=True) == [Standing.NEW]
    [examined] = examine([jump], person=staff)
    assert examined.standing is Standing.ERROR
    assert examined.doubts
    assert standings([replace(jump, note="停产")], staff) == [Standing.NEW]


@pytest.mark.parametrize("year", [2021, 2022])
def test_the_number_of_queries_does_not_depend_on_the_number_of_values(
    department: Department, plan: Plan, staff: User, year: int
) -> None:
    """Rows are inserted in batches as large as the database takes; everything else is asked once."""

    def queries(number: int) -> int:
        wanted = entries(department, plan, number, year=year)
        again = [replace(each, value=Decimal(97), revision=1, reason="更正", note="核对") for each in wanted]
        with CaptureQueriesContext(connection) as captured:
            import_all(wanted, staff)
            import_all(again, staff)
        return sum(not query["sql"].startswith("INSERT") for query in captured)

    queries(1)  # asks once who the person is
    assert queries(2) == queries(20)


def test_a_value_that_counts_at_once_is_explained_even_when_saved_as_a_draft(
    department: Department, plan: Plan, staff: User
) -> None:
    [last_year] = entries(department, plan, 1, year=2023)
    import_all([last_year], staff)
    slip = replace(last_year, year=2024, value=Decimal("0.75"))
    assert standings([slip], staff, as_draft=True) == [Standing.ERROR]


def test_foreign_values_that_stand_as_they_are_do_no_harm(department: Department, plan: Plan, staff: User) -> None:
    other = DepartmentFactory.create(region=plan.region)
    foreign = ValueEntry(led_by(other, plan=plan), plan.region, 2021, Decimal(80))
    import_all([foreign], member_of(other, Role.ENTRY))
    assert standings([foreign], staff) == [Standing.UNCHANGED]
    assert standings([replace(foreign, value=Decimal(81))], staff) == [Standing.NOT_PERMITTED]
