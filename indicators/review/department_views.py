"""The page that assigns the departments of an indicator."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from indicators.models import Indicator
from indicators.permissions import may_review
from indicators.review.departments import departments_page
from indicators.review.duty_forms import DepartmentsForm
from indicators.review.forms import take_over
from indicators.services.duties import assign_departments


@require_http_methods(["GET", "HEAD", "POST"])
def review_departments(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers for an indicator and on what basis, with the form that assigns others."""
    indicator = (
        Indicator.objects.filter(code=code).select_related("plan__region", "plan__coordinating_department").first()
    )
    if indicator is None:
        raise Http404(f"没有代码为“{code}”的指标。请从总览进入规划，再打开指标。")
    if not may_review(request.user, indicator.plan):
        raise PermissionDenied("责任部门由本规划的审核人员或管理员调整。")
    page = departments_page(indicator)
    duties = page.duties
    form = DepartmentsForm(
        departments=duties.departments, standing=duties.codes, initial={"seen": page.seen, **duties.codes}
    )
    if request.method == "POST":
        data = request.POST.copy()
        form = DepartmentsForm(data, departments=duties.departments, standing=duties.codes)
        if form.is_valid() and assigned(request, indicator, form):
            return redirect(f"{request.path}#content")
        # Who answers now is before the person's eyes, above the message: saving once more is meant.
        data["seen"] = page.seen
    context = {"page": page, "duties": duties, "form": form, "regions": duties.regions(form)}
    return render(request, "review/departments.html", context)


def assigned(request: HttpRequest, indicator: Indicator, form: DepartmentsForm) -> bool:
    """Assign what the form states; False with the messages in the form when the service refuses."""
    try:
        assign_departments(indicator, person=request.user, **form.cleaned_data)
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, "已保存新的责任部门。新的牵头单位现在可以在“我的填报”中看到本指标。")
    return True
