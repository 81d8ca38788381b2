"""Places, the departments that answer for indicators, and the people who belong to departments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from regions.history import kept_history


def refers_to(row: models.Model, name: str) -> bool:
    """True when the row has an object under the foreign key `name`, saved or not; asking for an absent one raises."""
    field = row._meta.get_field(name)
    return getattr(row, f"{name}_id") is not None or (isinstance(field, models.ForeignKey) and field.is_cached(row))


class RegionLevel(models.TextChoices):
    """Administrative level of a place."""

    PROVINCE = "province", "省级"
    PREFECTURE = "prefecture", "市（州）级"
    COUNTY = "county", "县（区、市）级"
    ZONE = "zone", "开发区"


class RegionQuerySet(models.QuerySet["Region"]):
    """Named reads over places."""

    def within(self, region: Region) -> RegionQuerySet:
        """The place itself and all places below it; the tree has four levels at most."""
        below = Q(pk=region.pk) | Q(parent=region) | Q(parent__parent=region)
        return self.filter(below | Q(parent__parent__parent=region))

    def with_departments(
        self, person_id: int | None, departments: models.QuerySet[Department] | None = None
    ) -> RegionQuerySet:
        """Places that have departments (one of `departments`, if given), the person's own first, each with these
        departments. Two queries when evaluated."""
        own = Membership.objects.filter(user=person_id, department__region=OuterRef("pk"))
        wanted = Department.objects.all() if departments is None else departments
        return (
            self.filter(Exists(wanted.filter(region=OuterRef("pk"))))
            .order_by(Exists(own).desc(), "slug")
            .prefetch_related(Prefetch("departments", wanted.order_by("pk")))
        )


class Region(models.Model):
    """A place in the administrative tree; plans, departments and yearly values belong to one."""

    slug = models.SlugField("标识", max_length=60, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=12, choices=RegionLevel.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级地区"
    )
    division_code = models.CharField("行政区划代码", max_length=12, blank=True, help_text="GB/T 2260；开发区留空")
    history = kept_history()

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "地区"
        verbose_name_plural = "地区"
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code"],
                condition=~Q(division_code=""),
                name="region_division_code_unique",
                violation_error_message="该行政区划代码已被另一个地区使用。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentKind(models.TextChoices):
    """What sort of body answers; `collective` stands for several bodies named together (各区县党委和人民政府)."""

    DEPARTMENT = "department", "部门"
    GOVERNMENT = "government", "政府及派出机构"
    PARTY = "party", "党委机构"
    COURT = "court", "司法机关"
    ENTERPRISE = "enterprise", "企业"
    COLLECTIVE = "collective", "多个单位的统称"


class Department(models.Model):
    """A body that leads or shares indicators, measures and projects, named as its region's documents print it."""

    code = models.SlugField("代码", max_length=80, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments", verbose_name="地区")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=12, choices=DepartmentKind.choices, default=DepartmentKind.DEPARTMENT)
    section = models.CharField("出处", max_length=200, blank=True)
    history = kept_history()

    class Meta:
        verbose_name = "部门"
        verbose_name_plural = "部门"
        ordering = ["region", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="department_name_unique_in_region",
                violation_error_message="该地区已有同名部门。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentAlias(models.Model):
    """Another printed form of the same department (市住房城乡建设局 for 市住房和城乡建设局)."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="aliases", verbose_name="部门")
    name = models.CharField("别名", max_length=80)
    history = kept_history()

    class Meta:
        verbose_name = "部门别名"
        verbose_name_plural = "部门别名"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="department_alias_unique")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person does for a department; the permission module says what follows from it."""

    ENTRY = "entry", "填报"
    REVIEWER = "reviewer", "审核"
    LEADER = "leader", "领导"
    ADMINISTRATOR = "administrator", "管理"


class Membership(models.Model):
    """A person belongs to a department in a role; several memberships add up."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name="人员"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="memberships", verbose_name="部门"
    )
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    history = kept_history()

    class Meta:
        verbose_name = "部门人员"
        verbose_name_plural = "部门人员"
        ordering = ["department", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                name="membership_unique",
                violation_error_message="该人员在此部门已有同一角色。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.department} · {self.get_role_display()}"


class DutyRole(models.TextChoices):
    """How a department answers for something: it leads, or it shares the work."""

    LEAD = "lead", "牵头"
    PARTICIPATING = "participating", "责任"


class AbstractResponsibility(models.Model):
    """A department's part in an indicator, a measure or a project; `position` keeps the printed order."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="%(class)s_set", verbose_name="部门"
    )
    role = models.CharField("分工", max_length=16, choices=DutyRole.choices)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    basis = models.CharField("依据", max_length=200, blank=True, help_text="与条目本身不在同一处时的出处")

    class Meta:
        abstract = True
        ordering = ["role", "position"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}：{self.department}"
