"""The columns of each reference table, and what every import of them has in common."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.results import Result

from indicators.models import Topic
from indicators.models.plan import Domain
from portal.reference_tables.cells import AliasesField, ChoiceCell, KeyCell
from portal.reference_tables.reading import LINE
from regions.history import attribute
from regions.models import Department, DepartmentAlias, DepartmentKind, Region, RegionLevel

#: A reason in history has at most this many characters.
LONGEST_REASON = 100


class Differences:
    """What an import changes in a row, for the preview: old and new without inline styles."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        self.before = [field.export(instance) for field in resource.get_import_fields()]
        self.after = self.before
        self.new = new

    def compare_with(self, resource: Any, instance: Any) -> None:
        """Remember what the row became."""
        self.after = [field.export(instance) for field in resource.get_import_fields()]

    def as_html(self) -> list[str]:
        """One cell for each column."""
        return [
            format_html("{}", new)
            if self.new or old == new
            else format_html("<del>{}</del> → <ins>{}</ins>", old or "（空）", new or "（空）")
            for old, new in zip(self.before, self.after, strict=True)
        ]


class TableResult(Result):
    """What an import did, with the line of the file that each row stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def digest(self) -> str:
        """The same for two results that do the same to every row."""
        return sha256(repr([(row.import_type, row.diff) for row in self.rows]).encode()).hexdigest()


class TableResource(resources.ModelResource):
    """All rows or none, each cleaned as a form would, each with author and reason in its history; deletes nothing.

    `import_data` takes, beside what the package gives it, `expected`: the digest of the preview that was confirmed.
    """

    class Meta:
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        use_bulk = False
        instance_loader_class = CachedInstanceLoader

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.met: dict[str, int] = {}

    @classmethod
    def get_result_class(cls) -> type[Result]:
        """The result with line numbers."""
        return TableResult

    @classmethod
    def get_diff_class(cls) -> type[Differences]:
        """Differences that the content security policy lets through."""
        return Differences

    def import_data(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        """One transaction, rolled back as a whole when any row is refused."""
        kwargs |= {"use_transactions": True, "rollback_on_validation_errors": True}
        return super().import_data(dataset, *args, **kwargs)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Refuse a file with other columns than the table has, or without its key."""
        known = [field.column_name for field in self.get_import_fields()]
        problems = [
            f"没有“{header}”这一列。本表的列：{'、'.join(known)}。"
            for header in dataset.headers
            if header not in (*known, LINE)
        ]
        key = self.key_column
        if key not in dataset.headers:
            problems.append(f"缺少“{key}”列。每行靠它识别是哪一条。")
        if problems:
            dataset.wipe()
            raise ValidationError(problems)

    def iter_queryset(self, queryset: Any) -> Any:
        """All rows at once: what was asked to be prefetched is read once, not once for every hundred rows."""
        yield from queryset

    @property
    def key_column(self) -> str:
        """The column by which rows are known."""
        column: str = self.fields[self.get_import_id_fields()[0]].column_name
        return column

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse a key that stands in the file twice."""
        key = row[self.key_column]
        first = self.met.setdefault(key, row[LINE])
        if key and first != row[LINE]:
            attribute_name = self.get_import_id_fields()[0]
            raise ValidationError({attribute_name: f"与第 {first} 行的“{key}”重复，请只保留一行。"})

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """History says who imported which file."""
        self.sign(instance, **kwargs)

    def sign(self, instance: Any, *, user: Any = None, file_name: str = "", **kwargs: Any) -> None:
        """Name author and reason of the record's next save."""
        attribute(instance, person=user, reason=f"后台导入：{file_name}"[:LONGEST_REASON])

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Keep the line numbers; refuse when what was confirmed is not what would happen now."""
        result.lines = list(dataset[LINE]) if dataset.headers else []
        expected = kwargs.get("expected")
        if expected and not result.has_validation_errors() and result.digest() != expected:
            raise ValidationError("预览之后有人改动了这些数据，没有导入。请重新选择文件，核对新的预览。")


class RegionResource(TableResource):
    """Places by identifier; a parent stands before its children."""

    slug = Field("slug", "标识")
    name = Field("name", "名称")
    level = Field("level", "层级", ChoiceCell("层级", RegionLevel.choices))
    parent = Field("parent", "上级地区标识", KeyCell(Region, "slug"))
    division_code = Field("division_code", "行政区划代码")

    class Meta:
        model = Region
        fields = ("slug", "name", "level", "parent", "division_code")
        import_id_fields = ("slug",)

    def get_queryset(self) -> Any:
        """Places with their parents."""
        return Region.objects.select_related("parent")


class DepartmentResource(TableResource):
    """Departments by code, with their aliases."""

    code = Field("code", "代码")
    region = Field("region", "地区标识", KeyCell(Region, "slug"))
    name = Field("name", "名称")
    kind = Field("kind", "类型", ChoiceCell("类型", DepartmentKind.choices))
    section = Field("section", "出处")
    aliases = AliasesField()

    class Meta:
        model = Department
        fields = ("code", "region", "name", "kind", "section", "aliases")
        import_id_fields = ("code",)

    def get_queryset(self) -> Any:
        """Departments with region and aliases."""
        return Department.objects.select_related("region").prefetch_related("aliases")

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        """The aliases of all departments in one query."""
        return queryset.prefetch_related("aliases")

    def after_save_instance(self, instance: Department, row: Any, **kwargs: Any) -> None:
        """Store the aliases that are new, each with its history."""
        stored = set(instance.aliases.values_list("name", flat=True))
        for name in vars(instance).get("new_aliases", ()):
            if name not in stored:
                alias = DepartmentAlias(department=instance, name=name)
                alias.full_clean()
                self.sign(alias, **kwargs)
                alias.save()


class TopicResource(TableResource):
    """Topics by identifier."""

    key = Field("key", "标识")
    name = Field("name", "名称")
    unit = Field("unit", "单位")
    domain = Field("domain", "领域", ChoiceCell("领域", Domain.choices))

    class Meta:
        model = Topic
        fields = ("key", "name", "unit", "domain")
        import_id_fields = ("key",)
