"""How pages travel: not stored for the next person at the same machine, and compressed."""

from __future__ import annotations

import gzip

from django.test import Client

from portal.accounts.models import User


def test_pages_of_somebody_signed_in_are_not_stored(client: Client, leader: User) -> None:
    client.force_login(leader)
    assert "no-store" in client.get("/").headers["Cache-Control"]
    assert "private" in client.get("/plans/bazhong/").headers["Cache-Control"]


def test_pages_are_compressed_for_browsers_that_ask(client: Client, leader: User) -> None:
    client.force_login(leader)
    response = client.get("/plans/bazhong/", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) * 4 < len(gzip.decompress(response.content))
