"""The page that assigns the departments of a key project."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from indicators.permissions import may_review
from indicators.review.departments import duty_choices
from indicators.review.duty_forms import DepartmentsForm
from indicators.review.forms import take_over
from indicators.services.duties import assign_departments, stamp
from projects.models import KeyProject


@require_http_methods(["GET", "HEAD", "POST"])
def review_project_departments(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers for a key project and on what basis, with the form that assigns others."""
    plan = "group__column__plan"
    found = KeyProject.objects.filter(code=code)
    project = found.select_related(f"{plan}__region", f"{plan}__coordinating_department").first()
    if project is None:
        raise Http404(f"没有代码为“{code}”的重点项目。请从“重点项目”页面选择。")
    if not may_review(request.user, project.plan):
        raise PermissionDenied("责任部门由本规划的审核人员或管理员调整。")
    duties, seen = duty_choices(project), stamp(project)
    form = DepartmentsForm(
        departments=duties.departments, standing=duties.codes, initial={"seen": seen, **duties.codes}
    )
    if request.method == "POST":
        data = request.POST.copy()
        form = DepartmentsForm(data, departments=duties.departments, standing=duties.codes)
        if form.is_valid() and assigned(request, project, form):
            return redirect(f"{request.path}#content")
        # Who answers now is before the person's eyes, above the message: saving once more is meant.
        data["seen"] = seen
    context = {"project": project, "duties": duties, "form": form, "regions": duties.regions(form)}
    return render(request, "project_reports/departments.html", context)


def assigned(request: HttpRequest, project: KeyProject, form: DepartmentsForm) -> bool:
    """Assign what the form states; False with the messages in the form when the service refuses."""
    try:
        assign_departments(project, person=request.user, **form.cleaned_data)
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, "已保存新的责任部门。新的牵头单位现在可以在“我的填报”中看到本项目。")
    return True
