"""`make bench`: what it costs to import 10,000 yearly values, from the uploaded file to committed values with history
and verdicts.

The same rows go three ways on the same machine, each into tables of its own plan: the portal's import, a plain
django-import-export resource, and the floor: reading the file with calamine and one bulk_create, without history,
checks or verdicts. Processor seconds are compared, because machines are shared; memory is the most that the process
held.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

from bench.database import prepare

INDICATORS, YEARS = 2_000, range(2021, 2026)
HEADER = ["指标代码", "指标名称", "单位", *(f"{year}年" for year in YEARS), "数据来源"]


def main() -> None:
    """Print a row for each way, each measured in a process of its own."""
    sys.stdout.write(f"| {'10,000 values':58} | wall s | CPU s | most MB |\n|---|--:|--:|--:|\n")
    for way in WAYS:
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "bench.imports", way], check=True)  # noqa: S603  this module


def measure(way: str) -> None:
    """Print the row of one way. The plan and its workbook are there before the clock starts."""
    prepare("bench-imports")
    name, work = WAYS[way]
    plan = make_plan(f"bench-{way}-{time.time_ns()}")
    data = workbook(plan)
    wall, processor = time.perf_counter(), time.process_time()
    number = work(plan, data)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    if number != INDICATORS * len(YEARS):
        raise SystemExit(f"{name}: {number} values instead of {INDICATORS * len(YEARS)}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"| {name:58} | {wall:.2f} | {processor:.2f} | {most:,} |\n")


def make_plan(slug: str) -> Any:
    """A plan of its own region with 2,000 indicators, targets and baselines, and a department that leads them all."""
    from indicators.core.codes import Constraint, Direction
    from indicators.models import Baseline, Category, Indicator, Plan, Target
    from indicators.targets import parse_target
    from regions.models import Department, Region, RegionLevel

    region = Region.objects.create(slug=slug, name=slug, level=RegionLevel.COUNTY)
    department = Department.objects.create(code=slug, region=region, name=slug)
    plan = Plan.objects.create(
        slug=slug,
        title=slug,
        region=region,
        coordinating_department=department,
        period_start=2021,
        period_end=2025,
        baseline_year=2020,
        target_year=2025,
    )
    category = Category.objects.create(plan=plan, name="指标", position=1)
    Indicator.objects.bulk_create(
        Indicator(
            plan=plan,
            category=category,
            code=f"{slug}-{number:04}",
            number=str(number),
            name=f"指标{number}",
            unit="%",
            direction=Direction.HIGHER,
            constraint=Constraint.BINDING,
            target_year=2025,
            position=number,
        )
        for number in range(1, INDICATORS + 1)
    )
    indicators = list(plan.indicators.order_by("position"))
    rule = parse_target("≥95", direction="higher", unit="%").to_json()
    Target.objects.bulk_create(
        Target(indicator=each, region=region, year=2025, wording="≥95", rule=rule) for each in indicators
    )
    Baseline.objects.bulk_create(
        Baseline(indicator=each, region=region, year=2020, value=90, text="90") for each in indicators
    )
    return plan


def workbook(plan: Any) -> bytes:
    """The values of the plan as an office would have them: a row for each indicator, a column for each year."""
    from xlsxwriter import Workbook

    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("年度数值")
        sheet.write_row(0, 0, HEADER)
        for row, indicator in enumerate(plan.indicators.order_by("position"), 1):
            figures = [90 + (row + year) % 10 / 2 for year in range(len(YEARS))]
            sheet.write_row(row, 0, [indicator.code, indicator.name, "%", *figures, "统计公报"])
    return file.getvalue()


def by_portal(plan: Any, data: bytes) -> int:
    """Upload, compare and confirm as the page does."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from indicators.services import imports
    from portal.accounts.models import User
    from regions.models import Membership, Role

    person, _ = User.objects.get_or_create(username="bench")
    Membership.objects.get_or_create(user=person, department=plan.coordinating_department, role=Role.ENTRY)
    received = imports.receive(ContentFile(data, name="指标.xlsx"), plan, person=person, now=timezone.now())
    comparison = imports.check(received, person=person)
    if comparison is None:
        raise SystemExit(f"the workbook was refused: {received.refusal}")
    stamp = comparison.file.stamp
    del comparison  # the page confirms in a request of its own
    done = imports.confirm(received, stamp=stamp, as_draft=False, person=person, now=timezone.now())
    return int(done.counts["new"])


def by_resource(plan: Any, data: bytes) -> int:
    """A ModelResource with nothing but what it needs to find the rows, on a table of one row per value."""
    from import_export import fields, resources, widgets
    from tablib import Dataset

    from indicators.models import Indicator, YearlyValue
    from regions.models import Region

    class ValueResource(resources.ModelResource):
        indicator = fields.Field("indicator", "indicator", widgets.ForeignKeyWidget(Indicator, "code"))
        region = fields.Field("region", "region", widgets.ForeignKeyWidget(Region, "slug"))

        class Meta:
            model = YearlyValue
            fields = ("indicator", "region", "year", "value", "source")
            import_id_fields = ("indicator", "region", "year")
            use_transactions = True

    rows = Dataset(headers=["indicator", "region", "year", "value", "source"])
    for code, year, value, source in long_rows(data):
        rows.append([code, plan.region.slug, year, value, source])
    result = ValueResource().import_data(rows, raise_errors=True)
    return int(result.totals["new"])


def by_floor(plan: Any, data: bytes) -> int:
    """The least that could be done: no check, no history, no verdict."""
    from indicators.models import YearlyValue

    keys = dict(plan.indicators.values_list("code", "pk"))
    values = [
        YearlyValue(indicator_id=keys[code], region_id=plan.region_id, year=year, value=value, source=source)
        for code, year, value, source in long_rows(data)
    ]
    return len(YearlyValue.objects.bulk_create(values))


def long_rows(data: bytes) -> Iterator[tuple[str, int, Decimal, str]]:
    """Code, year, figure and source of each value, read with calamine."""
    from python_calamine import CalamineWorkbook

    for code, _, _, *figures, source in (
        CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    ):
        for year, figure in zip(YEARS, figures, strict=True):
            yield str(code), year, Decimal(repr(figure)), str(source)


WAYS: dict[str, tuple[str, Callable[[Any, bytes], int]]] = {
    "portal": ("the portal: compared, confirmed, history, verdicts", by_portal),
    "resource": ("django-import-export: a plain ModelResource", by_resource),
    "floor": ("the floor: calamine and one bulk_create, nothing else", by_floor),
}

if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
