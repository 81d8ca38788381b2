"""Who asks the API in tests: a token of a client with a scope, or a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.test import APIClient

from indicators.models import Plan
from tests.factories import UserFactory


@dataclass(frozen=True)
class Scope:
    """What a token stands for; None reads all plans."""

    slugs: tuple[str, ...] | None = None
    may_submit: bool = False

    def plan_scope(self) -> QuerySet[Plan]:
        """The plans that it reads."""
        plans = Plan.objects.all()
        return plans if self.slugs is None else plans.filter(slug__in=self.slugs)


def reader(*slugs: str) -> APIClient:
    """A client that reads these plans; all plans without any."""
    client = APIClient()
    token: Any = Scope(slugs or None)
    client.force_authenticate(UserFactory.create(), token=token)
    return client


def rows_of(client: APIClient, address: str, **parameters: Any) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    response = client.get(address, {"page_size": 500, **parameters})
    assert response.status_code == 200, response.content.decode()
    rows: list[dict[str, Any]] = response.json()["results"]
    while following := response.json()["next"]:
        response = client.get(following)
        assert response.status_code == 200, response.content.decode()
        rows += response.json()["results"]
    return rows


def file_of(client: APIClient, address: str, **parameters: Any) -> bytes:
    """A list as a file."""
    response: Any = client.get(address, parameters)
    assert response.status_code == 200
    return b"".join(response.streaming_content)
