"""Regions and departments from their fixture files."""

from __future__ import annotations

from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows
from regions.models import Department, DepartmentAlias, Region


class RegionFixtures:
    """The tree of places; refer to one by slug."""

    def __init__(self) -> None:
        self.rows = FixtureRows(Region.objects.select_related("parent"), key=lambda region: region.slug)

    def read(self, file: Entry) -> None:
        """Build every region of regions.yaml; a parent stands before its children."""
        for entry in file.entries("entries", named_by="slug"):
            parent = entry.text("parent")
            self.rows.put(
                entry,
                slug=entry.require("slug"),
                name=entry.require("name"),
                level=entry.require("level"),
                division_code=entry.take("division_code", ""),
                parent=None if parent is None else self.find(entry, parent),
            )
            entry.finish()
        file.finish()

    def find(self, entry: Entry, slug: str) -> Region | None:
        """The region of that slug; an unknown one is a problem of the entry."""
        return self.rows.find(entry, slug, f"没有标识为“{slug}”的地区。")

    def save(self, reason: str) -> None:
        """Write the regions in file order: a parent needs its key before its children."""
        self.rows.save(reason, one_by_one=True)


class DepartmentFixtures:
    """Rosters of departments; refer to one by its printed name or an alias within a region."""

    def __init__(self, regions: RegionFixtures) -> None:
        self.regions = regions
        self.departments = FixtureRows(
            Department.objects.select_related("region"), key=lambda department: department.code
        )
        self.aliases = FixtureRows(
            DepartmentAlias.objects.select_related("department"), key=lambda alias: (alias.department.code, alias.name)
        )
        self._by_name: dict[tuple[str, str], Department] = {}
        self._left_out: set[tuple[str, str]] = set()
        for department in self.departments.by_key.values():
            self._by_name[department.region.slug, department.name] = department
        for alias in self.aliases.by_key.values():
            self._by_name[self._region_slug(alias), alias.name] = alias.department

    def read(self, file: Entry) -> None:
        """Build the roster of one region."""
        slug = file.text("region", required=True)
        region = None if slug is None else self.regions.find(file, slug)
        if region is None:
            return
        for entry in file.entries("departments", named_by="code"):
            name, aliases = entry.text("name", required=True), entry.names("aliases")
            department = self.departments.put(
                entry,
                code=entry.require("code"),
                name=name,
                region=region,
                **entry.take_all("kind", "section"),
            )
            names = [*filter(None, [name]), *aliases]
            entry.finish()
            if department is None:
                self._left_out.update((region.slug, each) for each in names)
                continue
            for alias in aliases:
                self.aliases.put(entry, department=department, name=alias)
            for each in names:
                other = self._by_name.setdefault((region.slug, each), department)
                if other.code != department.code:
                    entry.problem(f"名称“{each}”已经属于部门“{other.name}”。")
        file.finish()

    def find(self, entry: Entry, region: Region, name: str) -> Department | None:
        """The department printed under that name in the region's documents; an unknown one is a problem of the
        entry."""
        department = self._by_name.get((region.slug, name))
        if department is None and (region.slug, name) not in self._left_out:
            entry.problem(f"部门“{name}”不在{region.name}的部门名录中，请补入名录或改正名称。")
        return department

    def find_all(self, entry: Entry, region: Region, names: list[str]) -> list[Department]:
        """Every known department of the list, once each, in order."""
        found = [self.find(entry, region, name) for name in names]
        return list({department.code: department for department in found if department is not None}.values())

    def save(self, reason: str) -> None:
        """Write departments, then their aliases."""
        self.departments.save(reason)
        self.aliases.save(reason)

    def _region_slug(self, alias: DepartmentAlias) -> str:
        return self.departments.by_key[alias.department.code].region.slug
