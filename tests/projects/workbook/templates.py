"""A template of some of Bazhong's projects with reports in it, and what reading it must give."""

from __future__ import annotations

from decimal import Decimal

from indicators.workbook.problems import ProblemCode
from projects.workbook.reading import ReportReading, StatedReport, read_reports
from projects.workbook.records import DeliverableRecord, ProjectRecord, StatusRecord
from projects.workbook.template import ReportTemplate, TemplateProject

STATUSES = [
    StatusRecord(code, label)
    for code, label in (
        ("preparation", "前期"),
        ("construction", "在建"),
        ("completed", "完工"),
        ("suspended", "停缓建"),
    )
]
CHARGING = ProjectRecord(
    "charging",
    "公共充电设施建设",
    "绿色交通",
    (
        DeliverableRecord(1, "公共充电桩", "个", Decimal(3600)),
        DeliverableRecord(2, "充电站", "座", Decimal(40)),
    ),
)
PIPELINE = ProjectRecord(
    "pipeline", "长输管线改造", "能源", (DeliverableRecord(3, "长输管线", "公里", Decimal("300.5")),)
)
SURVEY = ProjectRecord("survey", "土壤状况调查", "土壤")
BOILERS = [
    ProjectRecord("boiler-1", "家园锅炉房煤改气工程", "清洁取暖"),
    ProjectRecord("boiler-2", "家园锅炉房煤改气工程", "减污降碳"),
]
PROJECTS = [CHARGING, PIPELINE, SURVEY, *BOILERS]

CONTENT = ReportTemplate(
    plan="bazhong",
    title="巴中市“十四五”生态环境保护规划",
    region="巴中市",
    year=2022,
    quarter=2,
    statuses=[each.label for each in STATUSES],
    department="市发展改革委",
    department_key="bazhong-development-reform",
    projects=[
        TemplateProject(
            CHARGING,
            earlier_period="2022年第一季度",
            earlier={1: Decimal(900), 2: Decimal(12)},
            quantities={1: Decimal(1200), 2: Decimal(0)},
            status="在建",
            investment_paid=Decimal("1234.56"),
            problems="=征地滞后\n二期未批",
            next_step="+加快",
            note="@说明",
            state="已退回：请核对",
        ),
        TemplateProject(PIPELINE, earlier={3: Decimal("20.5")}),
        TemplateProject(SURVEY, status="停缓建", status_reason="资金未到位", state="已审定", is_open=False),
        TemplateProject(BOILERS[0]),
        TemplateProject(BOILERS[1], note="与清洁取暖专栏同名"),
    ],
)

#: Project, quantities and statements of every report in the template.
PREFILLED = [
    (
        "charging",
        {1: Decimal(1200), 2: Decimal(0)},
        {
            "project_status": "construction",
            "investment_paid": Decimal("1234.56"),
            "problems": "=征地滞后\n二期未批",
            "next_step": "+加快",
            "note": "@说明",
        },
    ),
    ("survey", {}, {"project_status": "suspended", "status_reason": "资金未到位"}),
    ("boiler-2", {}, {"note": "与清洁取暖专栏同名"}),
]


def read(data: bytes, *, year: int = 2022, quarter: int | None = None) -> ReportReading:
    """The file as the portal reads it."""
    return read_reports(data, PROJECTS, statuses=STATUSES, year=year, quarter=quarter)


def stated(reading: ReportReading) -> list[tuple[str, dict[int, Decimal], dict[str, str | Decimal]]]:
    """The reports of a reading as `PREFILLED` lists them."""
    return [(each.project, each.quantities, each.statements) for each in reading.reports]


def report_on(reading: ReportReading, project: str) -> StatedReport:
    """The report on one project."""
    return next(each for each in reading.reports if each.project == project)


def errors(reading: ReportReading) -> list[tuple[str, ProblemCode]]:
    """Where something must be corrected, and what it is."""
    return [(each.reference, each.code) for each in reading.problems if not each.is_notice]
