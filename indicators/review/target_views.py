"""The page of an indicator's targets over time: assigned number, annual targets, restated target and baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.core.codes import ValueType
from indicators.files.kinds import ENDINGS
from indicators.models import Indicator
from indicators.permissions import may_review
from indicators.review import documents
from indicators.review.forms import (
    AnnualForm,
    AssignedForm,
    BaselineForm,
    BreakdownForm,
    VersionForm,
    WordingForm,
    annual_data,
    breakdown_data,
    take_over,
)
from indicators.review.versions import TargetsPage, targets_page
from indicators.services import target_versions
from indicators.services.breakdown import record_breakdown
from indicators.targets import TargetRule
from indicators.uploads import check_upload


@dataclass(frozen=True)
class Part:
    """A form of the page and the service that writes what it states."""

    form: type[VersionForm]
    write: Callable[..., Any]
    saved: str


PARTS = {
    "assigned": Part(AssignedForm, target_versions.record_assigned, "已记录上级下达数，本指标已重新评价。"),
    "annual": Part(AnnualForm, target_versions.record_annual, "已保存年度目标，本指标已重新评价。"),
    "wording": Part(WordingForm, target_versions.restate_target, "已保存新的目标版本，本指标已重新评价。"),
    "breakdown": Part(BreakdownForm, record_breakdown, "已保存各县区的目标，本指标已重新评价。"),
    "baseline": Part(BaselineForm, target_versions.restate_baseline, "已保存新的基期值版本，本指标已重新评价。"),
}


DOCUMENT_FORMS = {documents.ATTACH: documents.attach, documents.REMOVE: documents.remove}


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_targets(request: HttpRequest, code: str) -> HttpResponse:
    """Versions of an indicator's targets and baseline, with the forms that add the next one."""
    indicator = Indicator.objects.filter(code=code).select_related("plan__region").first()
    if indicator is None:
        raise Http404(f"没有代码为“{code}”的指标。请从总览进入规划，再打开指标。")
    if not may_review(request.user, indicator.plan):
        raise PermissionDenied("基期值和目标由本规划的审核人员或管理员维护。")
    posted: VersionForm | None = None
    complaints: list[str] = []
    understood: TargetRule | None = None
    spread = False
    name, data, county = request.POST.get("form", ""), request.POST.copy(), request.GET.get("county", "")
    page = targets_page(indicator, county)
    if request.method == "POST" and name in DOCUMENT_FORMS:
        complaints = DOCUMENT_FORMS[name](request, indicator)
        if not complaints:
            return redirect(f"{request.path}#versions-heading")
    elif request.method == "POST":
        if name not in PARTS:
            raise Http404("没有这张表单。请刷新页面后重填。")
        posted = bound_form(name, page, data, request)
        if name == "annual" and county and page.annual_county is None:
            posted.add_error(None, "本指标不再分解到这个县区，年度目标没有保存。请在上面选择地区。")
        elif name == "annual" and "spread" in data:
            spread = fill_evenly(page, posted, data)
        elif not posted.is_valid():
            pass
        elif name == "wording" and posted.cleaned_data["confirmed"] != posted.cleaned_data["wording"]:
            understood = target_versions.rule_for(indicator, posted.cleaned_data["wording"])
            data["confirmed"] = posted.cleaned_data["wording"]
        elif written(request, name, page, posted):
            return redirect(f"{request.get_full_path()}#content")
    if posted is not None:
        # The versions are before the person's eyes now, below the message: saving once more is meant.
        data["seen"] = page.seen
    context = {
        "page": page,
        "forms": {each: posted if posted and each == name else empty_form(each, page) for each in offered(page)},
        "complaints": complaints,
        "endings": ENDINGS,
        "refused_file": request.POST.get("file", ""),
        "reason": request.POST.get("reason", ""),
        "understood": understood,
        "spread": spread,
    }
    return render(request, "review/targets.html", context)


def offered(page: TargetsPage) -> list[str]:
    """The forms that make sense for the indicator."""
    names = ["wording"]
    if page.indicator.value_type != ValueType.FINDING:
        names.append("baseline")
        if page.rule.awaits_assignment:
            names.append("assigned")
        if not page.no_annual:
            names.append("annual")
    if not page.no_breakdown:
        names.append("breakdown")
    return names


def empty_form(name: str, page: TargetsPage) -> VersionForm:
    """A form as it first stands: the stamp, and the annual targets or shares in force."""
    initial: dict[str, Any] = {"seen": page.seen}
    if name == "annual":
        initial |= annual_data(page.annual)
    if name == "breakdown":
        initial |= breakdown_data(page.breakdown)
    return part_form(name, page, initial=initial)


def bound_form(name: str, page: TargetsPage, data: QueryDict, request: HttpRequest) -> VersionForm:
    """The form with what was typed. A file that was chosen has to be chosen again when anything is refused: no browser
    keeps it."""
    form = part_form(name, page, data, files=request.FILES)
    try:
        check_upload(request)
    except ValidationError as error:
        form.add_error("file" if "file" in form.fields else None, error)
    if request.FILES and not form.is_valid() and not form.has_error("file"):
        form.add_error("file", "内容没有保存，请重新选择文件。")
    return form


def part_form(name: str, page: TargetsPage, data: QueryDict | None = None, **kwargs: Any) -> VersionForm:
    """The form of a part of the page, with what was typed."""
    if name == "breakdown":
        kwargs["breakdown"] = page.breakdown
    return PARTS[name].form(data, indicator=page.indicator, auto_id=f"id_{name}_%s", **kwargs)


def fill_evenly(page: TargetsPage, form: VersionForm, data: QueryDict) -> bool:
    """Put evenly spread figures into the form; nothing is stored. False with the refusal in the form."""
    form.errors.clear()
    try:
        figures = target_versions.spread(page.indicator, page.annual_county)
    except ValidationError as error:
        take_over(form, error)
        return False
    for field, text in annual_data(figures).items():
        data[field] = text
    return True


def written(request: HttpRequest, name: str, page: TargetsPage, form: VersionForm) -> bool:
    """Write what the form states; False with the messages in the form when the service refuses."""
    stated = form.stated()
    if name == "annual":
        stated["county"] = page.annual_county
    try:
        PARTS[name].write(page.indicator, person=request.user, now=timezone.now(), **stated)
    except ValidationError as error:
        take_over(form, error)
        return False
    messages.success(request, PARTS[name].saved)
    return True
