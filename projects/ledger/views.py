"""The pages on which a problem is raised, and resolved, moved or reopened. Everybody who is signed in reads a
problem; the forms are offered to those who may use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.review.forms import take_over
from projects.ledger.forms import ActionForm, DeadlineForm, RaiseForm, ReopenForm, ResolveForm
from projects.ledger.lines import problem_line
from projects.models import KeyProject, ProjectProblem, ProjectResponsibility
from projects.permissions import may_move_deadline, may_raise_problem, may_resolve_problem
from projects.services.problems import (
    RAISING,
    ProblemEntry,
    move_problem_deadline,
    reopen_problem,
    resolve_problem,
)
from projects.services.problems import (
    raise_problem as record_problem,
)
from regions.models import DutyRole


@dataclass(frozen=True)
class Action:
    """Something that may be done with a problem: its form and the service that does it."""

    form: type[ActionForm]
    take: Callable[..., ProjectProblem]
    done: str


ACTIONS = {
    "resolve": Action(ResolveForm, resolve_problem, "问题已销号。"),
    "deadline": Action(DeadlineForm, move_problem_deadline, "整改期限已调整。"),
    "reopen": Action(ReopenForm, reopen_problem, "问题已重新列入台账。"),
}


def find_project(code: str) -> KeyProject:
    """The project with its plan. One query; raises Http404 that says what to do."""
    found = (
        KeyProject.objects.filter(code=code)
        .select_related("group__column__plan__region", "group__column__plan__coordinating_department")
        .first()
    )
    if found is None:
        raise Http404(f"没有代码为“{code}”的项目。请从规划的“专栏项目”或“重点项目”中选择。")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def raise_problem(request: HttpRequest, code: str) -> HttpResponse:
    """The form that puts a problem of a project on the ledger, beside the open ones."""
    project = find_project(code)
    if not may_raise_problem(request.user, project):
        raise PermissionDenied(RAISING)
    form = RaiseForm(project=project, initial={"owner": lead_of(project)})
    if request.method == "POST":
        form = RaiseForm(request.POST, project=project)
        if form.is_valid() and raised(request, project, form):
            return redirect(f"{project.get_absolute_url()}#problems-heading")
    today = timezone.localdate()
    lines = [problem_line(each, today) for each in project.problems.open().select_related("owner")]
    return render(request, "ledger/raise.html", {"project": project, "form": form, "lines": lines})


def lead_of(project: KeyProject) -> str | None:
    """The code of the first department that leads the project, else of the plan's coordinating one. One query."""
    lead = (
        ProjectResponsibility.objects.filter(project=project, role=DutyRole.LEAD)
        .order_by("position")
        .select_related("department")
        .first()
    )
    return lead.department.code if lead else project.plan.coordinating_department.code


def raised(request: HttpRequest, project: KeyProject, form: RaiseForm) -> bool:
    """Record what the form states; False with the messages in the form when the service refuses."""
    stated = form.cleaned_data
    entry = ProblemEntry(project, stated["description"], stated["owner"], stated["deadline"])
    try:
        record_problem(entry, person=request.user, now=timezone.now())
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, "问题已登记，列入问题台账。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem, with the forms for what the person may do with it."""
    found = find_problem(pk)
    name = request.POST.get("form", "")
    posted: ActionForm | None = None
    if request.method == "POST":
        if name not in ACTIONS:
            raise Http404("没有这张表单。请刷新页面后重填。")
        data = request.POST.copy()
        posted = ACTIONS[name].form(data, auto_id=f"id_{name}_%s")
        if posted.is_valid() and taken(request, found, name, posted):
            return redirect(f"{request.path}#content")
        found = find_problem(pk)
        # The problem as it stands now is before the person's eyes, above the message: doing it once more is meant.
        data["revision"] = str(found.revision)
    context = {
        "line": problem_line(found, timezone.localdate()),
        "forms": forms_for(request, found, name, posted),
        "refused": posted if posted and name not in offered(request, found) else None,
        "changes": found.history.select_related("history_user", "owner").order_by("-history_id"),
    }
    return render(request, "ledger/problem.html", context)


def find_problem(pk: int) -> ProjectProblem:
    """The problem with its project and plan. One query; raises Http404 that says what to do."""
    found = (
        ProjectProblem.objects.filter(pk=pk)
        .select_related("project__group__column__plan__region", "owner__region", "raised_by")
        .first()
    )
    if found is None:
        raise Http404("没有这个问题。请从问题台账中选择。")
    return found


def offered(request: HttpRequest, found: ProjectProblem) -> list[str]:
    """What the person may do with the problem as it stands. Three queries at most."""
    names = []
    if found.is_open and may_resolve_problem(request.user, found):
        names.append("resolve")
    if may_move_deadline(request.user, found):
        names.append("deadline" if found.is_open else "reopen")
    return names


def forms_for(
    request: HttpRequest, found: ProjectProblem, name: str, posted: ActionForm | None
) -> dict[str, forms.Form]:
    """The forms that are offered, the posted one with what was typed."""
    return {
        each: posted if posted is not None and each == name else empty_form(each, found)
        for each in offered(request, found)
    }


def empty_form(name: str, found: ProjectProblem) -> ActionForm:
    """A form as it first stands."""
    return ACTIONS[name].form(initial={"revision": found.revision}, auto_id=f"id_{name}_%s")


def taken(request: HttpRequest, found: ProjectProblem, name: str, form: ActionForm) -> bool:
    """Do what the form states; False with the messages in the form when the service refuses."""
    action = ACTIONS[name]
    take = partial(action.take, now=timezone.now()) if name == "resolve" else action.take
    try:
        take(found, person=request.user, **form.cleaned_data)
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, action.done)
    return True
