"""Which sections the header offers to the person who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from regions.models import Role
from regions.permissions import roles_of


@dataclass(frozen=True)
class Navigation:
    """What is worth a link; every page behind one asks the permission module again."""

    enters: bool
    reviews: bool
    works: bool
    administers: bool


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor. One query, and only where a template shows the header to somebody who is signed in."""

    def look() -> Navigation:
        roles = roles_of(request.user)
        return Navigation(
            enters=bool(roles & {Role.ENTRY, Role.ADMINISTRATOR}),
            reviews=bool(roles & {Role.REVIEWER, Role.ADMINISTRATOR}),
            works=bool(roles & {Role.ENTRY, Role.REVIEWER, Role.ADMINISTRATOR}),
            administers=Role.ADMINISTRATOR in roles,
        )

    return {"navigation": SimpleLazyObject(look)}
