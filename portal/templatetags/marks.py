"""Badges of verdicts and severities, and figures as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from indicators.core.figures import show_figure
from indicators.core.rounding import percentage
from portal.dashboards import marks

register = template.Library()


@register.simple_tag
def verdict_badge(code: str) -> SafeString:
    """Symbol, words and colour of a verdict; the symbol is decoration for those who see."""
    mark = marks.verdict_mark(code)
    return format_html(
        '<span class="badge badge-{}"><span aria-hidden="true">{}</span> {}</span>', mark.tone, mark.symbol, mark.label
    )


@register.simple_tag
def severity_badge(code: str) -> SafeString:
    """Symbol and words of a severity; nothing where there is nothing to warn of."""
    mark = marks.severity_mark(code)
    if mark is None:
        return SafeString("")
    return format_html(
        '<span class="severity severity-{}"><span aria-hidden="true">{}</span> {}</span>',
        mark.tone,
        mark.symbol,
        mark.label,
    )


@register.simple_tag
def demonstration_mark(stated: Any) -> SafeString:
    """The marks of what rests on figures of demonstration, or on values that wait for review; nothing beside what is
    real and approved."""
    demonstration = '<span class="tag tag-demonstration">演示</span>' if stated.is_demonstration else ""
    submitted = (
        '<span class="tag tag-submitted">含待审核</span>' if getattr(stated, "rests_on_submitted", False) else ""
    )
    return SafeString(demonstration + submitted)


@register.filter
def figure(value: Decimal | None) -> str:
    """The figure without trailing zeros; — where nothing is known."""
    return show_figure(value)


@register.filter
def percent(share: Decimal) -> str:
    """A share in whole per cent: 0.95 is 95%."""
    return percentage(share, 0)
