"""The history says from which page a change came."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from regions.channel import NEW_PLAN, acting_through

ADMIN = "管理后台"
#: Pages by the name of their address. A new page that writes belongs here.
PAGES = {
    "entry_sheet": "填报表",
    "entry_evidence": "佐证材料页面",
    "entry_measures": "任务落实填报页面",
    "entry_measure": "任务落实填报页面",
    "entry_import": "表格导入",
    "value_import": "表格导入",
    "entry_report_import": "项目进展导入",
    "report_import": "项目进展导入",
    "new_plan": NEW_PLAN,
    "review": "审核页面",
    "review_queue": "审核页面",
    "review_measures": "审核页面",
    "review_departments": "责任部门页面",
    "review_project_departments": "责任部门页面",
    "review_measure": "任务页面",
    "plan_duties": "责任分工表",
    "indicator_targets": "目标与基期值页面",
    "raise_problem": "问题台账",
    "problem": "问题台账",
    "entry_report": "项目填报页面",
    "review_reports": "审核页面",
    "login": "账号页面",
    "password": "账号页面",
}
ANY_PAGE = "门户页面"


def channel_of(path: str) -> str:
    """The way by which what is sent to this path comes in."""
    try:
        match = resolve(path)
    except Resolver404:
        return ANY_PAGE
    return ADMIN if "admin" in match.namespaces else PAGES.get(match.url_name or "", ANY_PAGE)


class ChannelMiddleware:
    """Names the page around its view, so that whatever the view writes is recorded with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The view's answer."""
        with acting_through(channel_of(request.path_info)):
            return self.get_response(request)
