"""Export and import on the admin's lists of reference tables: for administrators, previewed, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from import_export.admin import ImportMixin
from import_export.formats.base_formats import Format
from import_export.results import RowResult

from indicators.downloads import Export, FileKind, download
from indicators.workbook.export import Cell, Column, ExportTable
from portal.reference_tables.forms import ChooseFileForm, ConfirmForm, SignedContent
from portal.reference_tables.reading import UNREADABLE, TableError, read_table
from portal.reference_tables.resources import TableResource, TableResult
from regions.permissions import is_administrator

HOW_TO_IMPORT = "修改后可以再导入：标识（代码）相同的行是修改，新的标识是新增，文件中没有的不受影响。"
STEPS = {RowResult.IMPORT_TYPE_NEW: "新增", RowResult.IMPORT_TYPE_UPDATE: "修改"}


class TableFormat(Format):
    """Whatever `read_table` reads."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        """What it is called."""
        return "Excel 或 CSV"

    def create_dataset(self, in_stream: bytes) -> Any:
        """The cells as texts. Raises TableError."""
        return read_table(in_stream)

    def can_import(self) -> bool:
        """That is what it is for."""
        return True


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file. `line` is 0 and `column` empty where it is the whole file or row."""

    line: int
    column: str
    stands: str
    message: str


@dataclass(frozen=True)
class Step:
    """A row that an import adds or changes."""

    line: int
    label: str
    cells: list[str]


class TableAdmin(ImportMixin):
    """Mixed into the admin of a reference table; `resource_classes` names its columns."""

    resource_classes: Sequence[type[TableResource]]
    import_export_change_list_template = "admin/reference_tables/change_list.html"
    import_template_name = "admin/reference_tables/import.html"
    import_form_class = ChooseFileForm
    confirm_form_class = ConfirmForm
    tmp_storage_class = SignedContent

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Administrators only."""
        return is_administrator(request.user)

    def get_import_formats(self) -> list[type[Format]]:
        """One that tells xlsx and csv by itself."""
        return [TableFormat]

    def get_urls(self) -> list[URLPattern]:
        """The admin's addresses, import, and export as xlsx and csv."""
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        exports = [
            path(
                f"export/{kind}/",
                self.admin_site.admin_view(self.export_view),
                {"kind": kind},
                name=f"{label}_export_{kind}",
            )
            for kind in FileKind
        ]
        return [*exports, *super().get_urls()]

    def export_view(self, request: HttpRequest, kind: FileKind) -> HttpResponseBase:
        """The list as it is searched and filtered, in the columns that an import reads."""
        if not is_administrator(request.user):
            raise PermissionDenied("基础数据由管理员导出。")
        changes = self.get_changelist_instance(request)
        dataset = self.resource_classes[0]().export(changes.queryset)
        title = str(self.opts.verbose_name_plural)
        table = ExportTable(title, [Column(name, at(place)) for place, name in enumerate(dataset.headers)], dataset[:])
        export = Export(
            name=[title],
            page=f"数据管理：{title}",
            chosen=chosen(changes),
            tables=[table],
            basis="后台维护的基础数据。",
            note=HOW_TO_IMPORT,
        )
        return download(request, export, kind)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> TemplateResponse:
        """The form; with a file, its preview or everything that is wrong with it. Saves nothing."""
        response: TemplateResponse = super().import_action(request, **kwargs)
        context = response.context_data or {}
        context["title"] = f"导入{self.opts.verbose_name}"
        context |= self.explained(context.get("result"))
        if "confirm_form" in context:
            context["confirm_form"].initial["preview"] = context["result"].digest()
        response.context_data = context
        return response

    def explained(self, result: TableResult | None) -> dict[str, Any]:
        """What the page says of a result: problems, or the steps and the number of rows that stay as they are."""
        if result is None:
            return {}
        fields = self.resource_classes[0]().fields
        return {
            "problems": list(problems_of(result, {field.attribute: field.column_name for field in fields.values()})),
            "steps": [
                Step(line, STEPS[row.import_type], row.diff)
                for line, row in zip(result.lines, result.rows, strict=False)
                if row.import_type in STEPS
            ],
            "unchanged": result.totals[RowResult.IMPORT_TYPE_SKIP],
        }

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Why the file cannot be read."""
        for message in e.messages if isinstance(e, TableError) else [UNREADABLE]:
            form.add_error("import_file", message)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The digest of the preview where one is confirmed."""
        form = kwargs.get("form")
        return {"expected": form.cleaned_data.get("preview")} if form is not None else {}

    def process_result(self, result: TableResult, request: HttpRequest) -> HttpResponse:
        """Back to the list; where a row was refused in the end nothing is saved and the reasons are shown."""
        if not result.has_errors() and not result.has_validation_errors():
            response: HttpResponse = super().process_result(result, request)
            return response
        context = {
            **self.admin_site.each_context(request),
            **self.explained(result),
            "title": f"导入{self.opts.verbose_name}",
            "opts": self.opts,
            "form": ChooseFileForm(self.get_import_formats(), self.resource_classes),
        }
        return TemplateResponse(request, self.import_template_name, context)

    def generate_log_entries(self, result: TableResult, request: HttpRequest) -> None:
        """The admin's own log, in two statements."""
        for kind, flag in ((RowResult.IMPORT_TYPE_NEW, ADDITION), (RowResult.IMPORT_TYPE_UPDATE, CHANGE)):
            rows = [row.instance for row in result.rows if row.import_type == kind]
            if rows:
                LogEntry.objects.log_actions(str(request.user.pk), rows, flag, change_message="从文件导入")

    def add_success_message(self, result: TableResult, request: HttpRequest) -> None:
        """How many rows did what."""
        new, changed, same = (
            result.totals[kind]
            for kind in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, RowResult.IMPORT_TYPE_SKIP)
        )
        messages.success(
            request, f"已导入{self.opts.verbose_name}：新增 {new} 条，修改 {changed} 条，没有变化 {same} 条。"
        )


def problems_of(result: TableResult, columns: dict[str, str]) -> Any:
    """Everything that is wrong, in the order of the file; `columns` are headers by attribute."""
    for error in result.base_errors:
        for message in error.error.messages if isinstance(error.error, ValidationError) else [UNREADABLE]:
            yield Problem(0, "", "", message)
    for row in result.invalid_rows:
        stands = dict(zip(result.diff_headers, row.values, strict=True))
        for attribute, found in row.error_dict.items():
            column = "" if attribute == NON_FIELD_ERRORS else columns.get(attribute, "")
            for message in found:
                yield Problem(result.lines[row.number - 1], column, stands.get(column, ""), message)
    for row in result.error_rows:
        message = "这一行没有能够保存。请核对后重试；仍不成功，请联系系统维护人员。"
        yield Problem(result.lines[row.number - 1], "", "", message)


def at(place: int) -> Callable[[Sequence[str]], Cell]:
    """The cell at that place of a row."""
    return lambda row: row[place] or None


def chosen(changes: Any) -> list[tuple[str, str]]:
    """The search and the filters of an admin list in words."""
    words = [("搜索", changes.query)] if changes.query else []
    for spec in changes.filter_specs:
        choices = list(spec.choices(changes))
        words += [(str(spec.title), str(each["display"])) for each in choices[1:] if each["selected"]]
    return words
