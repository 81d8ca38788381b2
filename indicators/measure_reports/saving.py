"""Saving a posted list of statements: which rows changed, what the service made of them, what to tell the person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from indicators.entry.cells import one_kind_of_line_end
from indicators.measure_reports.sheet import MeasureRow, MeasureSheet, TypedStatement, stated_in
from indicators.models import MeasureReport, ReviewStatus
from indicators.services.entry_rows import RowErrors, errors_by_field
from indicators.services.measure_reports import ExaminedStatement, MeasureReportEntry, record_measure_reports
from regions.permissions import Person

#: Names of the fields of a row: field, then the key of the measure (statement-12).
FIELDS = ("progress", "statement", "reason", "revision")
NAME = re.compile(rf"({'|'.join(FIELDS)})-([0-9]{{1,18}})")
REVISION = re.compile(r"[0-9]{1,9}")


@dataclass
class SavedStatements:
    """What became of a posted list. `done` are rows (keys of measures) whose fields hold nothing unsaved any more."""

    as_draft: bool
    is_reviewed: bool
    saved: int = 0
    withdrawn: int = 0
    returned_unchanged: int = 0
    done: list[int] = field(default_factory=list)
    refused: dict[int, tuple[TypedStatement, RowErrors]] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What was saved and what was not, in one or more sentences."""
        sentences = []
        if self.saved:
            if not self.is_reviewed:
                sentences.append(f"已保存 {self.saved} 项，所有登录人员都可以看到。")
            elif self.as_draft:
                sentences.append(f"已保存 {self.saved} 项草稿，核对无误后请提交。")
            else:
                sentences.append(f"已提交 {self.saved} 项，等待审核。")
        elif not self.refused:
            stays = self.as_draft or not self.is_reviewed
            sentences.append("没有需要保存的改动。" if stays else "没有可以提交的落实情况。")
        if self.withdrawn:
            sentences.append(f"其中 {self.withdrawn} 项原为待审核，现改回草稿，需重新提交。")
        if self.refused:
            sentences.append(f"{len(self.refused)} 项没有保存，原因写在各行，您填的内容仍保留在表中。")
        if self.returned_unchanged:
            sentences.append(f"{self.returned_unchanged} 项退回的没有改动，未重新提交；请按审核意见修改。")
        return "".join(sentences)

    def mark(self, sheet: MeasureSheet) -> None:
        """Put what was refused back into the rows of a freshly built list."""
        for row in sheet.all_rows:
            if row.measure.pk in self.refused:
                row.refused, row.errors = self.refused[row.measure.pk]


def save_statements(
    sheet: MeasureSheet, post: Mapping[str, str], *, person: Person, now: datetime, as_draft: bool
) -> SavedStatements:
    """Save what changed, row by row; submitting also hands in the drafts among the posted rows.

    Raises PermissionDenied when the form names a measure that is not in the person's list; then nothing is saved.
    """
    rows = sheet.row_of
    posted = posted_measures(post)
    if posted - rows.keys():
        raise PermissionDenied("表单中有不由您填报的任务，全部内容都没有保存。")
    typed = {key: typed_in(post, key) for key in sorted(posted)}
    seen = seen_rows(rows, typed)
    outcome = SavedStatements(as_draft, sheet.is_reviewed)
    entries = []
    for key, row in typed.items():
        status = rows[key].state
        is_draft = status == ReviewStatus.DRAFT and sheet.is_reviewed and not as_draft
        if differs(row, seen[key]) or is_draft:
            entries.append(entry_of(rows[key], sheet.year, row))
        else:
            outcome.done.append(key)
            outcome.returned_unchanged += int(not as_draft and status == ReviewStatus.RETURNED)
    before = {key: rows[key].state for key in typed}
    for result in record_measure_reports(entries, person=person, now=now, as_draft=as_draft) if entries else []:
        key = result.entry.measure.pk
        take_over(outcome, result, typed[key], before[key])
    return outcome


def posted_measures(names: Iterable[str]) -> set[int]:
    """Keys of the measures that a posted form names."""
    return {int(found[2]) for name in names if (found := NAME.fullmatch(name))}


def typed_in(post: Mapping[str, str], key: int) -> TypedStatement:
    """The row of a measure in a posted form."""
    return TypedStatement(
        progress=post.get(f"progress-{key}", "").strip(),
        statement=one_kind_of_line_end(post.get(f"statement-{key}", "")),
        reason=one_kind_of_line_end(post.get(f"reason-{key}", "")),
        revision=read_revision(post.get(f"revision-{key}", "")),
    )


def read_revision(text: str) -> int | None:
    """The revision that a hidden field sends; None for an empty one."""
    return int(text) if REVISION.fullmatch(text) else None


def differs(typed: TypedStatement, seen: TypedStatement) -> bool:
    """Whether the person changed anything; a reason alone is no change."""
    return (typed.progress, typed.statement) != (seen.progress, one_kind_of_line_end(seen.statement))


def seen_rows(rows: Mapping[int, MeasureRow], typed: Mapping[int, TypedStatement]) -> dict[int, TypedStatement]:
    """What each row showed to the person: the stored statement, or its earlier revision where somebody saved in
    between. One query where that happened, none otherwise."""
    seen = {key: stated_in(rows[key].record) for key in typed}
    outdated = Q()
    for key, row in typed.items():
        if row.revision != seen[key].revision:
            seen[key] = TypedStatement()
            record = rows[key].record
            if record is not None and row.revision is not None:
                outdated |= Q(id=record.pk, revision=row.revision)
    if outdated:
        for historical in MeasureReport.history.filter(outdated):
            seen[historical.measure_id] = stated_in(historical)
    return seen


def entry_of(row: MeasureRow, year: int, typed: TypedStatement) -> MeasureReportEntry:
    """The entry that a row states; what the list has no fields for stays as it is stored."""
    return MeasureReportEntry(
        measure=row.measure,
        year=year,
        progress=typed.progress,
        statement=typed.statement,
        problems=row.record.problems if row.record else "",
        next_step=row.record.next_step if row.record else "",
        reason=typed.reason,
        revision=typed.revision,
    )


def take_over(outcome: SavedStatements, result: ExaminedStatement, typed: TypedStatement, before: str) -> None:
    """Count a saved row; keep a refused one with its errors."""
    key = result.entry.measure.pk
    if result.refusal is None:
        outcome.saved += 1
        outcome.withdrawn += int(
            before == ReviewStatus.SUBMITTED
            and result.record is not None
            and result.record.status == ReviewStatus.DRAFT
        )
        outcome.done.append(key)
        return
    errors: RowErrors = {}
    for name, texts in errors_by_field(result.refusal).items():
        errors.setdefault(name if name in FIELDS else "", []).extend(texts)
    if result.stored is not None and not (typed.progress or typed.statement):
        errors = {"statement": ["已存的落实情况不能改成空白。误填的，请打开这项任务，写明原因后删除。"]}
    outcome.refused[key] = (typed, errors)
