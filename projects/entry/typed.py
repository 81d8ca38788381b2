"""What a person typed into the form of a report: read from the form, compared with what is stored, made an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from indicators.core.figures import FigureError, read_figure, show_figure
from indicators.entry.cells import one_kind_of_line_end
from projects.models import Deliverable, KeyProject, ProgressReport
from projects.services.reports import STATED, ReportEntry, quantities_of, quantity_field

REVISION = re.compile(r"[0-9]{1,9}")
#: Every field but the quantities, as form, errors and script know it.
FIELDS = (*STATED, "reason")


@dataclass(frozen=True)
class TypedReport:
    """The texts in the fields of a form, by field. `revision` is that of the report which the person saw, None when
    there was none."""

    texts: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None

    def text(self, name: str) -> str:
        """The text of a field, empty where there is none."""
        return self.texts.get(name, "")


def typed_in(post: Mapping[str, str], deliverables: Iterable[Deliverable]) -> TypedReport:
    """The texts of a posted form."""
    names = [*FIELDS, *(quantity_field(each.pk) for each in deliverables)]
    revision = post.get("revision", "")
    return TypedReport(
        {name: one_kind_of_line_end(post.get(name, "")) for name in names},
        int(revision) if REVISION.fullmatch(revision) else None,
    )


def stated_in(report: ProgressReport | None) -> TypedReport:
    """A stored report as its fields show it; empty fields for none. One query unless the quantities are loaded."""
    if report is None:
        return TypedReport()
    texts = {name: getattr(report, name) for name in STATED}
    texts["investment_paid"] = "" if report.investment_paid is None else show_figure(report.investment_paid)
    texts |= {quantity_field(key): show_figure(quantity) for key, quantity in quantities_of(report).items()}
    return TypedReport(texts, report.revision)


def entry_of(project: KeyProject, year: int, quarter: int, typed: TypedReport) -> ReportEntry:
    """What the form states; an empty figure stays unknown. Raises ValidationError, by field, for a text that is no
    figure. Expects the deliverables to be loaded."""
    names = {quantity_field(each.pk): each.pk for each in project.deliverables.all()}
    figures, errors = {}, {}
    for name in (*names, "investment_paid"):
        if typed.text(name):
            try:
                figures[name] = read_figure(typed.text(name))
            except FigureError as error:
                errors[name] = str(error)
    if errors:
        raise ValidationError(errors)
    return ReportEntry(
        project,
        year,
        quarter,
        project_status=typed.text("project_status"),
        status_reason=typed.text("status_reason"),
        quantities={names[name]: figure for name, figure in figures.items() if name in names},
        investment_paid=figures.get("investment_paid"),
        problems=typed.text("problems"),
        next_step=typed.text("next_step"),
        note=typed.text("note"),
        reason=typed.text("reason"),
        revision=typed.revision,
    )
