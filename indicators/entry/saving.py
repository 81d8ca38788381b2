"""Saving a posted sheet: which rows changed, what the services made of them, and what to tell the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from indicators.core.figures import FigureError
from indicators.core.plausibility import sum_doubt
from indicators.entry.cells import TypedRow, differs, entry_of, figure_in, posted_series, stated_in, typed_in
from indicators.entry.rows import SheetRow
from indicators.entry.sheet import Sheet
from indicators.models import ReviewStatus, YearlyValue
from indicators.series import SeriesKey
from indicators.services.entry_rows import RowErrors, RowOutcome, save_rows, submit_rows
from indicators.services.values import ValueEntry
from regions.permissions import Person


@dataclass
class SavedSheet:
    """What became of a posted sheet. `done` are rows whose cells hold nothing unsaved any more, `gone` the number of
    rows of counties that were withdrawn meanwhile."""

    as_draft: bool
    is_reviewed: bool
    saved: int = 0
    done: list[SeriesKey] = field(default_factory=list)
    refused: dict[SeriesKey, tuple[TypedRow, RowErrors]] = field(default_factory=dict)
    returned_unchanged: int = 0
    withdrawn: int = 0
    gone: int = 0

    @property
    def done_rows(self) -> list[str]:
        """`done` as the page names its rows."""
        return [str(series) for series in sorted(self.done)]

    @property
    def message(self) -> str:
        """What was saved and what was not, in one or more sentences."""
        sentences = []
        if self.saved:
            what = f"{self.saved} 项"
            if not self.is_reviewed:
                sentences.append(f"已保存 {what}，已计入评价。")
            elif self.as_draft:
                sentences.append(f"已保存 {what}草稿，核对无误后请提交。")
            else:
                sentences.append(f"已提交 {what}，等待审核。")
        elif not self.refused:
            sentences.append(
                "没有需要保存的改动。" if self.as_draft or not self.is_reviewed else "没有可以提交的数值。"
            )
        if self.withdrawn:
            sentences.append(f"其中 {self.withdrawn} 项原为待审核，现改回草稿，需重新提交。")
        if self.refused:
            sentences.append(f"{len(self.refused)} 项没有保存，原因写在各行，您填的内容仍保留在表中。")
        if self.returned_unchanged:
            sentences.append(
                f"{self.returned_unchanged} 项退回的数值没有改动，未重新提交；请按审核意见修改，或在“说明”栏答复。"
            )
        if self.gone:
            sentences.append(f"{self.gone} 行的县区已不再分解这项指标，没有保存。")
        return "".join(sentences)

    def mark(self, sheet: Sheet) -> None:
        """Put what was refused back into the rows of a freshly built sheet."""
        for row in sheet.rows:
            if row.series in self.refused:
                row.refused, row.errors = self.refused[row.series]


def save_sheet(sheet: Sheet, post: Mapping[str, str], *, person: Person, now: datetime, as_draft: bool) -> SavedSheet:
    """Save what changed, row by row; submitting also hands in the drafts saved before.

    Raises PermissionDenied when the form names an indicator that is not in the person's sheet; then nothing is saved.
    """
    rows = sheet.row_of
    unknown = posted_series(post) - rows.keys()
    if {series.indicator_id for series in unknown} - {series.indicator_id for series in rows}:
        raise PermissionDenied("表单中有不由您填报的指标，全部内容都没有保存。")
    typed = {series: found for series in rows if (found := typed_in(post, series)) is not None}
    seen = seen_rows(sheet, typed)
    doubts = {} if as_draft else sum_doubts(sheet, typed)
    outcome = SavedSheet(as_draft, sheet.is_reviewed, gone=len(unknown))
    entries: list[ValueEntry] = []
    drafts: list[YearlyValue] = []
    for series, row in typed.items():
        stored = rows[series].record
        changed = differs(row, seen[series])
        is_draft = stored is not None and stored.status == ReviewStatus.DRAFT and sheet.is_reviewed and not as_draft
        if (changed or is_draft) and series in doubts and not row.note:
            outcome.refused[series] = (row, {"note": [doubts[series]]})
        elif changed:
            try:
                entries.append(entry_of(rows[series].indicator, rows[series].region, sheet.year, row))
            except FigureError as error:
                outcome.refused[series] = (row, {"value": [str(error)]})
        elif stored is not None and is_draft:
            drafts.append(stored)
        else:
            outcome.done.append(series)
            outcome.returned_unchanged += int(
                not as_draft and stored is not None and stored.status == ReviewStatus.RETURNED
            )
    results = save_rows(entries, person=person, now=now, as_draft=as_draft) if entries else []
    results += submit_rows(drafts, person=person, now=now) if drafts else []
    for result in results:
        take_over(outcome, result, typed[result.series], rows[result.series])
    return outcome


def sum_doubts(sheet: Sheet, typed: Mapping[SeriesKey, TypedRow]) -> dict[SeriesKey, str]:
    """What is odd about quantities beside those of their counties, as the form states both. Queries nothing."""

    def figure(row: SheetRow) -> Decimal | None:
        return figure_in(row.indicator, typed[row.series].value) if row.series in typed else row.figure

    found = {}
    for row in sheet.rows:
        own = figure(row) if row.adds_up else None
        if own is not None and (doubt := sum_doubt(own, [figure(county) for county in row.counties])):
            found[row.series] = doubt
    return found


def take_over(outcome: SavedSheet, result: RowOutcome, typed: TypedRow, row: SheetRow) -> None:
    """Count a saved row; keep a refused one with its errors, those of a finding at the cell like those of a figure."""
    if result.record is not None:
        outcome.saved += 1
        was_submitted = row.record is not None and row.record.status == ReviewStatus.SUBMITTED
        outcome.withdrawn += int(was_submitted and result.record.status == ReviewStatus.DRAFT)
        outcome.done.append(result.series)
        return
    errors: RowErrors = {}
    places = {"finding": "value", "source_url": "url"}
    for name, texts in result.errors.items():
        place = places.get(name, name)
        errors.setdefault(place if place in ("value", "source", "url", "note", "reason") else "", []).extend(texts)
    if row.record is not None and not typed.value.strip():
        errors["value"] = [
            f"已存的数值是 {row.stored_text}，不能改成空白。暂时没有改动的请填回；误填的请在“数据管理”中删除这条记录。"
        ]
    outcome.refused[result.series] = (typed, errors)


def seen_rows(sheet: Sheet, typed: Mapping[SeriesKey, TypedRow]) -> dict[SeriesKey, TypedRow]:
    """What each row showed to the person: the stored value, or its earlier revision where somebody saved in between.

    One query where that happened, none otherwise.
    """
    rows = sheet.row_of
    seen = {series: stated_in(rows[series].record) for series in typed}
    outdated = Q()
    for series, row in typed.items():
        if row.revision != seen[series].revision:
            seen[series] = TypedRow()
            record = rows[series].record
            if record is not None and row.revision is not None:
                outdated |= Q(id=record.pk, revision=row.revision)
    if outdated:
        for historical in YearlyValue.history.filter(outdated):
            seen[SeriesKey(historical.indicator_id, historical.region_id)] = stated_in(historical)
    return seen
