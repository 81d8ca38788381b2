"""The second step: what was understood, what speaks against it, and the forms to correct it in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from indicators.new_plan.forms import IndicatorForm, IndicatorFormSet, PlanForm
from indicators.new_plan.rows import FILE_REMARKS, KEY, PREFIX, Understanding, guess_what_is_open, understanding
from indicators.review.forms import PlainForm
from indicators.services.new_departments import unknown_departments
from indicators.services.plan_draft import DraftProblem, IndicatorDraft, PlanDraft


@dataclass(frozen=True)
class RowLine:
    """A row of the page. `understood` is None for one that is left out."""

    form: IndicatorForm
    understood: Understanding | None


@dataclass(frozen=True)
class DepartmentChoice:
    """A name that the region's roster does not have; ticked, the department is made."""

    name: str
    is_ticked: bool


class Correction:
    """The forms as they were sent, with direction, type and measure chosen where they were left to the portal.

    Bound anew from `data` alone, so that a page can be sent again and again and nothing of it is lost.
    """

    def __init__(self, data: QueryDict) -> None:
        data = data.copy()
        rows = IndicatorFormSet(data, prefix=PREFIX)
        guess_what_is_open(data, drafts_of(rows))
        self.data = data
        self.plan_form = PlanForm(data)
        self.rows = IndicatorFormSet(data, prefix=PREFIX)
        self.is_readable = all((self.plan_form.is_valid(), self.rows.is_valid()))
        self.drafts = drafts_of(self.rows)
        self.draft = self._draft()

    def _draft(self) -> PlanDraft:
        """The plan as it is typed, without the rows that are left out; what could not be read is empty."""
        typed = self.plan_form.cleaned_data
        return PlanDraft(
            title=typed.get("title", ""),
            coordinating=typed.get("coordinating", ""),
            slug=typed.get("slug", ""),
            new_region=typed.get("new_region", ""),
            document_number=typed.get("document_number", ""),
            issuer=typed.get("issuer", ""),
            period_start=typed.get("period_start"),
            period_end=typed.get("period_end"),
            baseline_year=typed.get("baseline_year"),
            target_year=typed.get("target_year"),
            region=typed.get("region"),
            parent=typed.get("parent"),
            indicators=tuple(self.drafts.values()),
            new_departments=frozenset(self.data.getlist("new_department")),
        )

    def show(self, problems: list[DraftProblem]) -> None:
        """Put the service's messages at their fields. A field that could not even be read has its message already."""
        numbers = list(self.drafts)
        unread = [{*form.errors} for form in self.rows.forms]
        unread_of_plan = {*self.plan_form.errors}
        for problem in problems:
            number = None if problem.row is None else numbers[problem.row]
            form: PlainForm = self.plan_form if number is None else self.rows.forms[number]
            if problem.field not in (unread_of_plan if number is None else unread[number]):
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)

    @cached_property
    def lines(self) -> list[RowLine]:
        """Every row of the table."""
        drafts = [(form, self.drafts.get(number)) for number, form in enumerate(self.rows.forms)]
        return [RowLine(form, understanding(draft) if draft and draft.name else None) for form, draft in drafts]

    @property
    def open_count(self) -> int:
        """Number of targets that are missing or not understood."""
        return sum(line.understood is not None and not line.understood.is_understood for line in self.lines)

    def departments(self) -> list[DepartmentChoice]:
        """The names to decide on. Two queries."""
        ticked = set(self.data.getlist("new_department"))
        return [DepartmentChoice(name, name in ticked) for name in unknown_departments(self.draft)]

    @property
    def key(self) -> str:
        """What names the uploaded table from step to step."""
        return self.data.get(KEY, "")

    @property
    def file_remarks(self) -> list[str]:
        """What was to be said of the file beside its rows."""
        return self.data.getlist(FILE_REMARKS)

    @property
    def problem_count(self) -> int:
        """Number of messages at the fields."""
        forms = [self.plan_form, *self.rows.forms]
        return sum(len(messages) for form in forms for messages in form.errors.values()) + len(
            self.rows.non_form_errors()
        )


def drafts_of(rows: IndicatorFormSet) -> dict[int, IndicatorDraft]:  # type: ignore[valid-type]
    """The indicators by the number of their row, without those that are left out."""
    rows.is_valid()  # type: ignore[attr-defined]
    return {
        number: form.draft()
        for number, form in enumerate(rows.forms)  # type: ignore[attr-defined]
        if not form.cleaned_data.get("DELETE")
    }
