"""The page of a measure for reviewers: the indicators that it serves and the departments that answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.models import Category, Indicator, Measure
from indicators.permissions import may_review
from indicators.review.departments import duty_choices
from indicators.review.duty_forms import MeasureForm
from indicators.review.forms import take_over
from indicators.services.measures import linkable_indicators, measure_stamp, revise_measure


@dataclass(frozen=True)
class IndicatorChoices:
    """The indicators of a category to choose, each with whether it is ticked."""

    category: Category
    choices: list[tuple[Indicator, bool]]


@require_http_methods(["GET", "HEAD", "POST"])
def review_measure(request: HttpRequest, code: str) -> HttpResponse:
    """What a measure serves and who answers for it, with the form that changes both."""
    measure = Measure.objects.filter(code=code).select_related("plan__region").first()
    if measure is None:
        raise Http404(f"没有代码为“{code}”的任务。请从规划的“任务”页中选择。")
    if not may_review(request.user, measure.plan):
        raise PermissionDenied("任务由本规划的审核人员或管理员调整。")
    duties, seen = duty_choices(measure), measure_stamp(measure)
    linkable = list(linkable_indicators(measure).select_related("category"))
    linked = list(measure.indicators.values_list("code", flat=True))
    initial = {"seen": seen, "indicators": linked, **duties.codes}
    measure_form = partial(MeasureForm, linkable=linkable, departments=duties.departments, standing=duties.codes)
    form = measure_form(initial=initial)
    if request.method == "POST":
        data = request.POST.copy()
        form = measure_form(data)
        if form.is_valid() and revised(measure, request, form):
            messages.success(request, f"已保存任务“{measure.title}”。")
            return redirect(f"{reverse('plan_measures', args=[measure.plan.slug])}#{measure.code}")
        # What stands now is before the person's eyes, above the message: saving once more is meant.
        data["seen"] = seen
    context = {
        "measure": measure,
        "linked": [indicator for indicator in linkable if indicator.code in linked],
        "duties": duties,
        "form": form,
        "regions": duties.regions(form),
        "categories": indicator_choices(linkable, form.ticked("indicators")),
    }
    return render(request, "review/measure.html", context)


def revised(measure: Measure, request: HttpRequest, form: MeasureForm) -> bool:
    """Save what the form states; False with the messages in the form when the service refuses."""
    try:
        revise_measure(measure, person=request.user, **form.cleaned_data)
    except ValidationError as error:
        take_over(form, error)
        return False
    return True


def indicator_choices(indicators: list[Indicator], ticked: set[str]) -> list[IndicatorChoices]:
    """The indicators by category, in the order of the plan."""
    in_order = sorted(indicators, key=lambda each: (each.category.position, each.position, each.code))
    return [
        IndicatorChoices(category, [(each, each.code in ticked) for each in group])
        for category, group in groupby(in_order, key=lambda indicator: indicator.category)
    ]
