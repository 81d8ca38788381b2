"""Writing a template of progress reports: the projects of a plan with cells to fill, recognised when it comes back.

Pure: no Django. Every row repeats the project's code and name, so rows may be sorted and deleted; what is stated of a
project as a whole is filled in its first row and read from whichever row holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook

from indicators.core.figures import show_figure
from indicators.workbook.layout import row_height, writable
from indicators.workbook.mark import TemplateContents, TemplateMark
from indicators.workbook.template_guide import GUIDE_SHEET
from indicators.workbook.template_parts import (
    ALLOWED,
    LONGEST_HINT,
    LONGEST_HINT_TITLE,
    CellFormats,
    set_up_print,
    write_guide,
    write_mark,
)
from projects.workbook.records import DeliverableRecord, ProjectRecord, period_in_words

ENTRY_SHEET = "项目进展"
TITLE_ROW, ABOUT_ROW, HEADER_ROW = 0, 1, 2
FIRST_ROW = HEADER_ROW + 1

Cell = str | Decimal | None


@dataclass(frozen=True)
class TemplateProject:
    """A project and what is known of it: totals of the report before (`earlier`, of the period `earlier_period`) and
    what this period's report states so far, by deliverable (key) and by field. `status` is a label. `state` tells how
    the report stands (已退回：…); one that is not open is locked."""

    record: ProjectRecord
    earlier_period: str = ""
    earlier: Mapping[int, Decimal] = field(default_factory=dict)
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    status: str = ""
    status_reason: str = ""
    investment_paid: Decimal | None = None
    problems: str = ""
    next_step: str = ""
    note: str = ""
    state: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class ReportTemplate:
    """What a template is made of. `department_key` goes into the mark; both department fields are "" for all.
    `statuses` are the labels to choose from."""

    plan: str
    title: str
    region: str
    year: int
    quarter: int
    projects: Sequence[TemplateProject]
    statuses: Sequence[str]
    department: str = ""
    department_key: str = ""

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.year, self.quarter)

    def lines(self) -> Iterator[_Line]:
        """One for each deliverable; a project without deliverables has one."""
        for project in self.projects:
            for place, deliverable in enumerate(project.record.deliverables or (None,)):
                yield _Line(project, deliverable, is_first=place == 0)


@dataclass(frozen=True)
class _Line:
    """A row of the sheet."""

    project: TemplateProject
    deliverable: DeliverableRecord | None
    is_first: bool


@dataclass(frozen=True)
class _Column:
    """A column: its title, its width in half-width characters and what it says of a line. One to fill is of the
    `quantity` or of the `project`."""

    title: str
    width: int
    cell: Callable[[_Line], Cell]
    fills: str = ""

    def is_open(self, line: _Line) -> bool:
        """Whether the cell is to be filled."""
        if not self.fills or not line.project.is_open:
            return False
        return line.is_first if self.fills == PROJECT else line.deliverable is not None


QUANTITY, PROJECT = "quantity", "project"


def _of(name: str) -> Callable[[_Line], Cell]:
    """What the project's report states, in its first row."""
    return lambda line: getattr(line.project, name) if line.is_first else None


def _promised(line: _Line) -> Cell:
    return line.deliverable.quantity if line.deliverable else None


def _earlier(line: _Line) -> Cell:
    return line.project.earlier.get(line.deliverable.key) if line.deliverable else None


def _quantity(line: _Line) -> Cell:
    return line.project.quantities.get(line.deliverable.key) if line.deliverable else None


_QUANTITY_COLUMN = _Column("本期累计完成数量*", 14, _quantity, QUANTITY)
_STATUS_COLUMN = _Column("项目状态*", 11, _of("status"), PROJECT)
_COLUMNS = (
    _Column("项目代码", 18, lambda line: line.project.record.code),
    _Column("项目名称", 34, lambda line: line.project.record.name),
    _Column("建设内容", 24, lambda line: line.deliverable.name if line.deliverable else "（没有量化的建设内容）"),
    _Column("单位", 9, lambda line: line.deliverable.unit if line.deliverable else ""),
    _Column("承诺数量", 11, _promised),
    _Column("上期累计", 11, _earlier),
    _QUANTITY_COLUMN,
    _STATUS_COLUMN,
    _Column("停缓建原因", 20, _of("status_reason"), PROJECT),
    _Column("累计完成投资（万元）", 20, _of("investment_paid"), PROJECT),
    _Column("存在问题", 30, _of("problems"), PROJECT),
    _Column("下一步安排", 30, _of("next_step"), PROJECT),
    _Column("说明", 24, _of("note"), PROJECT),
    _Column("报告状态", 14, lambda line: line.project.state),
)
#: Columns whose cells are figures, also where they are empty.
_FIGURES = ("承诺数量", "上期累计", "本期累计完成数量*", "累计完成投资（万元）")


def write_report_template(content: ReportTemplate) -> bytes:
    """The template as an .xlsx file. Cells to fill are coloured and unlocked, all others locked without a password.
    `reading.read_reports` of the file gives exactly the reports that are in `content`."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": f"{content.title}{content.period}项目进展"})
        _ProgressSheet(book, content).write()
        write_guide(book, guide_of(content))
        mark = TemplateMark(
            content.plan,
            (content.year,),
            content.department_key,
            contents=TemplateContents.REPORTS,
            quarter=content.quarter,
        )
        write_mark(book, mark)
    return file.getvalue()


class _ProgressSheet:
    """Writes the sheet to fill."""

    def __init__(self, book: Workbook, content: ReportTemplate) -> None:
        self._book, self._content = book, content
        self._sheet = book.add_worksheet(ENTRY_SHEET)
        self._lines = list(content.lines())
        self._widths = [column.width for column in _COLUMNS]
        self._formats = CellFormats(book)

    def write(self) -> None:
        """Titles, header, rows, and the sheet made ready for screen and paper."""
        self._write_head()
        for place, line in enumerate(self._lines, FIRST_ROW):
            self._write_line(place, line)
        self._set_up()

    @property
    def _title(self) -> str:
        content = self._content
        department = f"　{content.department}" if content.department else ""
        return f"{content.title}　{content.period}重点项目进展{department}"

    def _write_head(self) -> None:
        sheet = self._sheet
        sheet.write_string(TITLE_ROW, 0, writable(self._title), self._book.add_format({"bold": True, "font_size": 14}))
        sheet.set_row(TITLE_ROW, 24)
        about = f"填写黄色单元格：数量每项建设内容一行，其余每个项目只在第一行填一次；填法见“{GUIDE_SHEET}”。"
        sheet.write_string(ABOUT_ROW, 0, about)
        for place, column in enumerate(_COLUMNS):
            sheet.write_string(HEADER_ROW, place, column.title, self._formats.header(is_entry=bool(column.fills)))
            sheet.set_column(place, place, column.width + 1)
        sheet.set_row(HEADER_ROW, row_height([column.title for column in _COLUMNS], self._widths))
        sheet.repeat_rows(HEADER_ROW)
        last = HEADER_ROW + len(self._lines)
        sheet.autofilter(HEADER_ROW, 0, last, len(_COLUMNS) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})

    def _write_line(self, at: int, line: _Line) -> None:
        texts = []
        for place, column in enumerate(_COLUMNS):
            cell = column.cell(line)
            style = self._formats.cell(
                is_entry=bool(column.fills),
                is_open=column.is_open(line),
                is_text=column.title not in _FIGURES,
                begins_group=line.is_first,
            )
            if isinstance(cell, Decimal):
                self._sheet.write_number(at, place, float(cell), style)
            elif cell:
                self._sheet.write_string(at, place, writable(cell), style)
            else:
                self._sheet.write_blank(at, place, None, style)
            if column.is_open(line):
                self._offer(at, place, column, line)
            texts.append(show_figure(cell) if isinstance(cell, Decimal) else cell or "")
        self._sheet.set_row(at, row_height(texts, self._widths))

    def _offer(self, at: int, place: int, column: _Column, line: _Line) -> None:
        """The list of statuses, and what a person should know while typing a quantity."""
        if column is _STATUS_COLUMN:
            labels = list(self._content.statuses)
            options: dict[str, object] = {
                "validate": "list",
                "source": labels,
                "error_title": "请从列表中选择",
                "error_message": f"请填：{'、'.join(labels)}。",
            }
        elif column is _QUANTITY_COLUMN and line.deliverable:
            options = {
                "validate": "any",
                "input_title": line.deliverable.name[:LONGEST_HINT_TITLE],
                "input_message": quantity_hint(line.deliverable, line.project)[:LONGEST_HINT],
            }
        else:
            return
        self._sheet.data_validation(at, place, at, place, options)

    def _set_up(self) -> None:
        sheet = self._sheet
        titles = [column.title for column in _COLUMNS]
        sheet.freeze_panes(FIRST_ROW, titles.index("项目名称") + 1)
        first = _COLUMNS.index(_QUANTITY_COLUMN)
        sheet.set_selection(FIRST_ROW, first, FIRST_ROW, first)
        sheet.set_landscape()
        sheet.protect("", ALLOWED)
        set_up_print(sheet, self._title)


def quantity_hint(deliverable: DeliverableRecord, project: TemplateProject) -> str:
    """What to know while typing a quantity: what it counts, what was promised, what was reported last."""
    hint = f"填从规划期开始累计完成的数量，单位：{deliverable.unit or '见建设内容'}。"
    hint += f"承诺 {show_figure(deliverable.quantity)}{deliverable.unit}。"
    before = project.earlier.get(deliverable.key)
    if before is not None:
        hint += f"{project.earlier_period}已报 {show_figure(before)}{deliverable.unit}，比它少的请在“说明”中写明原因。"
    return hint


def guide_of(content: ReportTemplate) -> list[tuple[str, str]]:
    """Pairs of label and text, in the order of the work."""
    return [
        ("规划", f"{content.title}（{content.region}）"),
        ("填报部门", content.department or "全部部门"),
        ("期间", content.period),
        (
            "填哪里",
            f"只填“{ENTRY_SHEET}”中黄色的单元格。“本期累计完成数量”每项建设内容一行；项目状态、投资、问题、安排和说明"
            "每个项目只在第一行填一次。灰色的不填；整行灰色的报告已审定，需要更正的请联系审核人员重新打开。",
        ),
        ("累计完成数量", "从规划期第一年到本期末的合计，不是本期新增的数。按“单位”栏填写，只填数字。"),
        ("项目状态", f"从列表中选择：{'、'.join(content.statuses)}。停缓建、取消的，在“停缓建原因”中写明原因。"),
        ("累计完成投资", "从项目开始到本期末实际完成的投资，单位是万元。"),
        ("说明", "累计数比上期少，或者状态是完工、运行而数量没有完成的，在这里写明原因，否则不能提交。"),
        ("没有内容", "不填报的项目，整行留空。空白不会删除门户中已有的内容。"),
        (
            "可以做什么",
            "可以筛选、隐藏行，可以用 Excel、WPS 或 LibreOffice 保存为 .xlsx、.xls 或 .ods。需要排序或删除行的，"
            "先在“审阅”中撤销工作表保护（没有密码）；门户按“项目代码”和“建设内容”认行，行的次序不影响导入。",
        ),
        (
            "不要做什么",
            "不要修改项目代码、建设内容和标题行，不要合并单元格。同一项目的同一项内容在两行中写得不同，会作为问题列出。"
            "隐藏的行仍会导入，不想导入的请清空或删除。",
        ),
        (
            "上传之后",
            "门户先列出每个项目的报告是新增、修改还是不变，以及所有问题；您确认之后才会保存。有问题的，可以下载标出问题的文件"
            "（单元格标色并有批注，第一张表是问题清单），改好后再上传。同一个文件上传两次不会重复。照片和附件请在填报页面上传。",
        ),
    ]
