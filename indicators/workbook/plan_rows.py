"""The rows of a plan's own indicator table: what each states, how it is understood, and every problem.

Pure: no Django.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indicators.core.clauses import ClauseKind
from indicators.core.codes import Constraint, Direction, ValueType
from indicators.core.units import same_unit
from indicators.core.worded_values import states_no_value
from indicators.core.wording import normalise
from indicators.targets import TargetRule, parse_target
from indicators.workbook.columns import NoteColumn, NumberColumn, UnitColumn
from indicators.workbook.duties import duties_in, names_in
from indicators.workbook.guesses import guess_nature
from indicators.workbook.headers import SECTION, Header
from indicators.workbook.plan_cells import PlanCells
from indicators.workbook.plan_columns import (
    CategoryColumn,
    ConstraintColumn,
    LeadColumn,
    ParticipatingColumn,
    PeriodColumns,
    PlanNameColumn,
)
from indicators.workbook.plan_row import (
    MARKS,
    PlanRow,
    baseline_figure,
    joined,
    lines_of,
    read_constraint,
    split_unit,
    without_numeral,
)
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.sheet_reader import COUNTED, FOOT
from indicators.workbook.table import Position, SheetTable, position, reference

#: A plan has some dozens of indicators; a table of thousands is another kind of table.
MOST_ROWS = 1_000
#: Lines under the table that begin with the mark of a footnote.
_FOOTNOTE = re.compile(rf"(?P<mark>[{MARKS}]+)\s*\S")
#: What the name of a component begins with, and its number: 其中：, (1), ①, 8.1.
_AMONG = re.compile(r"\s*其中\s*[:：]?\s*")
_SUB_MARK = re.compile(r"\s*(?:[（(]\s*[0-9]+\s*[）)]|[①-⑳])\s*")
#: The number of an indicator where the table has no column for it: 1.森林覆盖率.
_NUMBER_IN_NAME = re.compile(r"\s*(?P<number>[0-9０-９]{1,3})\s*[.、．](?![0-9０-９])\s*(?=\S)")
_SUB_NUMBER = re.compile(r"(?P<above>[0-9]+)\s*[.．\-—]\s*[0-9]+")
_CHINESE_NUMERAL = re.compile(r"[（(]?[一二三四五六七八九十]+[）)]?[、.．]?")
_INDENT = re.compile(r"[\s　]*")
_WIDE_BLANK = "　"


@dataclass
class _Group:
    """The indicator that components may stand under, and how far its name is indented."""

    row: PlanRow
    indent: int = 0

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def number(self) -> str:
        return self.row.number


@dataclass
class PlanRowReader:
    """Reads the rows under a header into `rows` and `problems`; `owners` is `sheet.merged_into()`."""

    sheet: SheetTable
    header: Header
    owners: Mapping[Position, Position]
    period: PeriodColumns
    rows: list[PlanRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        header = self.header
        self._cells = PlanCells(self.sheet, self.owners)
        self._names = sorted(header.all(PlanNameColumn), key=lambda column: column.index)
        self._categories = sorted(header.all(CategoryColumn), key=lambda column: column.index)
        self._number, self._unit = header.one(NumberColumn), header.one(UnitColumn)
        self._constraint, self._lead = header.one(ConstraintColumn), header.one(LeadColumn)
        self._participating = header.all(ParticipatingColumn)
        self._notes = header.all(NoteColumn)
        self._category = ""
        self._group: _Group | None = None
        self._below = False
        self._footnotes: dict[str, str] = {}

    @property
    def problems(self) -> list[Problem]:
        """Everything to correct or to know of, by now."""
        return self._cells.problems

    def read(self) -> None:
        """Read all rows; tables that run over pages repeat their header, and notes may stand between.

        What a component does not print (unit, constraint, departments) it has from the indicator above it.
        """
        for row in range(self.header.first_row, len(self.sheet.rows)):
            if len(self.rows) >= MOST_ROWS:
                message = f"表中的指标超过 {MOST_ROWS} 个，后面的没有读取。请确认这是规划的指标表，或拆成几份规划。"
                self._cells.report(ProblemCode.NOT_READ, (row, self._names[0].index), "", message)
                break
            if self._is_beside_the_point(row):
                continue
            section = self._section(row)
            if section:
                self._category, self._group = section, None
            else:
                self._read_row(row)
        self._attach_footnotes()
        self._report_missing_targets()
        self._report_hidden()

    # Rows that are no indicators

    def _is_beside_the_point(self, row: int) -> bool:
        """Empty rows, repeated headers, counted columns (甲 乙 1 2), notes and signatures."""
        own = self._cells.own(row)
        if not own:
            return True
        first = own[0][1]
        if FOOT.match(first):
            return True
        found = _FOOTNOTE.match(first)
        if found and len(own) == 1:
            self._footnotes[found["mark"]] = joined(first)
            return True
        name = self._cells.text(row, self._names[-1])
        titles = [self.header.titles.get(column.index, "") for column in self._names]
        return name in COUNTED or bool(name and name in (joined(title) for title in titles))

    def _section(self, row: int) -> str:
        """The title of a section, when the row is one: 一、环境质量, alone or over the whole width."""
        own = self._cells.own(row)
        name_columns = {column.index for column in self._names}
        if len(own) == 1:
            ((column, text),) = own
            target = self.period.target
            spans_target = target is not None and self._cells.owner(row, target.index) == (row, column)
            if SECTION.match(text) or spans_target or column < min(name_columns):
                is_number = self._number is not None and column == self._number.index
                return "" if is_number and text.isdigit() else joined(text)
        if len(own) == 2 and _CHINESE_NUMERAL.fullmatch(own[0][1]) and own[1][0] in name_columns:
            numeral, name = own[0][1], own[1][1]
            return f"{numeral}{name}" if SECTION.match(numeral) else f"{numeral}、{name}"
        return ""

    # Indicators

    def _read_row(self, row: int) -> None:
        for column in self._categories:
            self._category = self._cells.text(row, column) or self._category
        parent, at = self._named(row)
        if at is None:
            if self.period.target is not None and self._target(row):
                place = (row, self._names[0].index)
                self._cells.report(
                    ProblemCode.NO_NAME, place, "", "这一行有目标，但没有指标名称。请补填，或删去这一行。"
                )
            return
        name, unit = self._name_and_unit(row, at)
        number = self._cells.text(row, self._number)
        if self._number is None and (counted := _NUMBER_IN_NAME.match(name)):
            number, name = str(int(counted["number"])), name[counted.end() :]
        if not parent:
            parent = self._parent_above(row, at, name, number)
        for lead in (_AMONG, _SUB_MARK) if parent else ():
            found = lead.match(name)
            name = name[found.end() :] if found else name
        self._add(row, at, name=name, unit=unit, number=number, parent=parent)

    def _named(self, row: int) -> tuple[str, Position | None]:
        """The parent that a column of its own names, and the cell of the row's name."""
        places = list(dict.fromkeys(self._cells.owner(row, column.index) for column in self._names))
        filled = [at for at in places if not self._cells.cell(at).is_empty]
        if not filled:
            return "", None
        if len(filled) == 1 and (filled[0] == places[0] or self._group is None):
            return "", filled[0]
        above = self._group.name if self._group else ""
        if len(filled) > 1:
            above, unit = split_unit(joined(self._cells.cell(filled[0]).text))
            if self._group is None or self._group.name != above:
                number = self._cells.text(row, self._number)
                self._add(row, filled[0], name=above, unit=unit, number=number, parent="", is_group=True)
        return above, filled[-1]

    def _name_and_unit(self, row: int, at: Position) -> tuple[str, str]:
        """The name without the unit in brackets, and the unit of the column or else of the brackets."""
        name, bracketed = split_unit(joined(self._cells.cell(at).text))
        self._cells.check(self._cells.cell(at), at)
        unit = self._cells.text(row, self._unit)
        unit = "" if states_no_value(unit) else unit
        if unit and bracketed and not same_unit(unit, bracketed):
            message = f"名称中的单位是“{bracketed}”，单位栏是“{unit}”，已按单位栏读取，请核对。"
            self._cells.report(ProblemCode.OTHER_UNIT, at, self._cells.cell(at).text, message, is_notice=True)
        return name, unit or bracketed

    def _parent_above(self, row: int, at: Position, name: str, number: str) -> str:
        """The indicator that the row is a component of, by 其中, indentation or number; "" for none."""
        group = self._group
        if group is None:
            return ""
        raw = self._cells.cell(at).raw
        indent = _depth(raw) if isinstance(raw, str) else 0
        sub_number = _SUB_NUMBER.fullmatch(normalise(number)) if number else None
        is_component = (
            _AMONG.match(name) is not None
            or indent > group.indent
            or (sub_number is not None and sub_number["above"] == group.number)
            or (bool(group.number) and (_SUB_MARK.match(name) or _SUB_MARK.fullmatch(number)) is not None)
            or (self._below and bool(group.number) and not number)
        )
        return group.name if is_component else ""

    def _add(
        self, row: int, at: Position, *, name: str, unit: str, number: str, parent: str, is_group: bool = False
    ) -> None:
        above = self._group.row if parent and self._group else None
        wording = "" if is_group else self._target(row)
        baseline_text = "" if is_group else self._baseline_text(row)
        unit = unit or self._unit_elsewhere(wording, above, at)
        figure = baseline_figure(baseline_text, unit)
        nature = guess_nature(name, unit=unit, wording=wording, baseline=figure)
        if above and nature.direction.code is Direction.NONE and nature.value_type.code is ValueType.NUMBER:
            nature = guess_nature(name + above.name, unit=unit, wording=wording, baseline=figure)
        if nature.value_type.code is ValueType.GRADE:
            figure = baseline_figure(baseline_text, unit, ValueType.GRADE)
        elif figure is None and nature.value_type.code is ValueType.NUMBER and re.search("[0-9]", baseline_text):
            message = f"基期值“{baseline_text}”不能读作一个数，只保留原文。需要数值的，请在页面上填写。"
            self._cells.report(ProblemCode.BASELINE_UNREAD, at, baseline_text, message, is_notice=True)
        lead, participating = self._duties(row)
        if above and not (lead or participating):
            lead, participating = above.lead, above.participating
        constraint, constraint_text = self._binding(row)
        if above and constraint is Constraint.UNSPECIFIED and not constraint_text:
            constraint, constraint_text = above.constraint, above.constraint_text
        added = PlanRow(
            sheet=self.sheet.name,
            reference=reference(*at),
            category=without_numeral(self._category),
            category_label=self._category,
            number="" if above and number == above.number else number,
            name=name,
            unit=unit,
            parent=parent,
            baseline_text=baseline_text,
            baseline=figure,
            baseline_note="",
            wording=wording,
            rule=nature.rule,
            constraint=constraint,
            constraint_text=constraint_text,
            lead=lead,
            participating=participating,
            direction=nature.direction,
            value_type=nature.value_type,
            measure=nature.measure,
            entry_basis=nature.entry_basis,
            frequency=nature.frequency,
            note="；".join(filter(None, (self._cells.text(row, column) for column in self._notes))),
        )
        self.rows.append(added)
        self._below = bool(parent)
        if not parent:
            raw = self._cells.cell(at).raw
            self._group = _Group(added, _depth(raw) if isinstance(raw, str) else 0)
        if self.period.target is not None and not is_group:
            self._report_target(nature.rule, (row, self.period.target.index))

    # Baseline, target, duties

    def _target(self, row: int) -> str:
        """The wording; one that several rows share through a merged cell holds for each of them, with a notice."""
        column = self.period.target
        if column is None:
            return ""
        at = self._cells.owner(row, column.index)
        cell = self._cells.cell(at)
        wording = self._cells.text(row, column)
        lines = lines_of(cell.text)
        if len(lines) > 1:
            parts = "；".join(lines)
            # A wrapped sentence goes on in the next line; a list of demands is understood only part by part.
            if not parse_target(wording).understood and parse_target(parts).understood:
                wording = parts
        if at[0] != row and wording and at not in self._cells.told:
            message = f"目标“{wording}”的单元格由几行合并，已读作每一行的目标。不对的，请分别填写。"
            self._cells.report(ProblemCode.TARGET_SHARED, at, wording, message, is_notice=True)
            self._cells.told.add(at)
        return wording

    def _baseline_text(self, row: int) -> str:
        """The baseline as printed; a cell that runs over into the target is the target."""
        column, target = self.period.baseline, self.period.target
        if column is None or (
            target is not None and self._cells.owner(row, column.index) == self._cells.owner(row, target.index)
        ):
            return ""
        return self._cells.text(row, column)

    def _unit_elsewhere(self, wording: str, above: PlanRow | None, at: Position) -> str:
        """The unit that the target carries, or the indicator above, for a row that prints none."""
        rule = parse_target(wording, direction=Direction.HIGHER)
        units = {clause.unit for clause in rule.clauses if clause.kind is not ClauseKind.CHANGE and clause.unit}
        if len(units) == 1:
            (unit,) = units
            origin = f"目标“{wording}”"
        elif above and above.unit and not units:
            unit, origin = above.unit, f"上一级指标“{above.name}”"
        else:
            return ""
        message = f"表中没有写单位，按{origin}读作“{unit}”，请核对。"
        self._cells.report(ProblemCode.UNIT_ASSUMED, at, self._cells.cell(at).text, message, is_notice=True)
        return unit

    def _binding(self, row: int) -> tuple[Constraint, str]:
        """How binding the target is, and the printed words; what is not understood stays unspecified."""
        text = self._cells.text(row, self._constraint)
        constraint = read_constraint(text)
        if constraint is None:
            at = self._cells.owner(row, self._constraint.index if self._constraint else 0)
            message = f"“{text}”看不出是约束性、预期性还是参考性，已读作“未注明”，请选择。"
            self._cells.report(ProblemCode.CONSTRAINT_UNKNOWN, at, text, message, is_notice=True)
            return Constraint.UNSPECIFIED, text
        return constraint, "" if constraint is Constraint.UNSPECIFIED else text

    def _duties(self, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Lead and participating departments; a cell may itself say who leads (甲局牵头，乙局配合)."""
        leads = names_in(self._cells.multiline(row, self._lead))
        shares: list[str] = []
        for column in self._participating:
            leading, sharing = duties_in(self._cells.multiline(row, column))
            leads += leading
            shares += sharing
        return tuple(dict.fromkeys(leads)), tuple(name for name in dict.fromkeys(shares) if name not in leads)

    # What is reported

    def _report_target(self, rule: TargetRule, at: Position) -> None:
        stands = rule.wording
        if rule.kind == ClauseKind.UNRECOGNISED:
            message = f"没有看懂目标“{stands}”。请改写，或选择由审核人员评定。"
            self._cells.report(ProblemCode.TARGET_UNRECOGNISED, at, stands, message, is_notice=True)
        for problem in rule.problems:
            self._cells.report(ProblemCode.TARGET_DOUBTFUL, at, stands, problem, is_notice=True)
        if len(lines_of(self._cells.cell(self._cells.owner(*at)).text)) > 1 and len(rule.clauses) > 1:
            message = "这一格有几行目标。各行若属于不同的分项指标，请在表中拆成几行，每行一个名称和目标。"
            self._cells.report(ProblemCode.SEVERAL_LINES, at, stands, message, is_notice=True)

    def _attach_footnotes(self) -> None:
        """Give each baseline with a mark (28.82*) the note under the table."""
        for place, row in enumerate(self.rows):
            mark = row.baseline_text[len(row.baseline_text.rstrip(MARKS)) :]
            if mark in self._footnotes:
                self.rows[place] = replace(row, baseline_note=self._footnotes[mark])

    def _report_missing_targets(self) -> None:
        parents = {row.parent for row in self.rows}
        for row in self.rows:
            if row.rule.kind == ClauseKind.MISSING and row.name not in parents:
                message = f"“{row.name}”没有目标。原文没有印出的可以留空，以后补填。"
                self.problems.append(
                    Problem(ProblemCode.NO_TARGET, row.sheet, row.reference, row.name, message, is_notice=True)
                )

    def _report_hidden(self) -> None:
        lines = sorted({position(row.reference)[0] for row in self.rows} & self.sheet.hidden_rows)
        if lines:
            listed = "、".join(str(line + 1) for line in lines[:20])
            listed += f" 等 {len(lines)} 行" if len(lines) > 20 else ""
            message = f"隐藏的行（{listed}）中也有指标，已一并读取。不需要的请删除后重新上传。"
            self.problems.append(
                Problem(ProblemCode.HIDDEN, self.sheet.name, str(lines[0] + 1), "", message, is_notice=True)
            )


def _depth(raw: str) -> int:
    """How far a text is indented, in half-width blanks."""
    found = _INDENT.match(raw)
    return sum(2 if blank == _WIDE_BLANK else 1 for blank in found[0]) if found else 0
