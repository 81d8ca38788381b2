"""The pages of a plan's duties: the matrix of its indicators, which reviewers edit, and its measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from indicators.downloads import asked_kind, download
from indicators.models import Plan
from indicators.permissions import may_review
from indicators.review.duty_forms import MatrixForm
from indicators.services.duties import assign_together
from indicators.services.duty_cells import changed_assignments
from portal.dashboards.departments.duty_matrix import Unsaved, duty_matrix
from portal.dashboards.exports.duty_matrix import duty_matrix_export
from portal.dashboards.exports.measures import measures_export
from portal.dashboards.plan.measures import MeasureFilter, measures_page
from portal.dashboards.views import find_plan


@require_http_methods(["GET", "HEAD", "POST"])
def plan_duties(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Which department answers for which indicator; reviewers save several changed cells at once."""
    plan = find_plan(slug)
    form, unsaved = MatrixForm(), Unsaved()
    if request.method == "POST":
        if not may_review(request.user, plan):
            raise PermissionDenied("责任部门由本规划的审核人员或管理员调整。")
        form = MatrixForm(request.POST)
        refusals = save(request, plan, form) if form.is_valid() else {}
        if form.is_valid():
            return redirect(request.path)
        unsaved = Unsaved(form.changes, form.seen, refusals)
    page = duty_matrix(plan, request.user, added=request.GET.getlist("department"), unsaved=unsaved)
    if kind := asked_kind(request):
        return download(request, duty_matrix_export(page), kind)
    return render(request, "dashboards/duty_matrix.html", {"page": page, "form": form})


@require_safe
def plan_measures(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The measures of a plan, all or those of a department and chapter."""
    chosen = MeasureFilter(request.GET.get("department", ""), request.GET.get("chapter", ""))
    page = measures_page(find_plan(slug), request.user, chosen)
    if kind := asked_kind(request):
        return download(request, measures_export(page), kind)
    return render(request, "dashboards/measures.html", {"page": page})


def save(request: HttpRequest, plan: Plan, form: MatrixForm) -> Mapping[int, Sequence[str]]:
    """Save what the valid form states. Where the service refuses, nothing is saved and the form says so; gives the
    reasons that concern single indicators, by their keys."""
    try:
        assignments = changed_assignments(plan, form.changes, form.seen)
        assign_together(
            assignments,
            reason=form.cleaned_data["reason"],
            basis=form.cleaned_data["basis"],
            person=request.user,
        )
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
            return {}
        form.add_error(None, f"{len(error.message_dict)} 项指标不能保存，全部改动都没有保存。原因见各指标名称下面。")
        return {int(key): reasons for key, reasons in error.message_dict.items()}
    messages.success(request, f"已保存 {len(assignments)} 项指标的责任部门。新的牵头单位现在可以在“我的填报”中看到。")
    return {}
