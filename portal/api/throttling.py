"""Limits: of every client its own, of every address for requests that nobody answers for."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.accounts.addresses import client_address
from portal.api.models import ApiClient
from portal.api.rates import seconds_to_wait

if TYPE_CHECKING:  # its classes ask for this module while they are made
    from rest_framework.views import APIView

#: Requests a minute of a person at the pages of the API, and of an address where nobody is known.
PERSON_RATE = 300
ADDRESS_RATE = 60
#: Requests without a valid token that an address may make in a minute.
FAILURE_RATE = 30


class ClientThrottle(BaseThrottle):
    """429 with Retry-After once the minute's requests are used up."""

    seconds: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request. No query most of the time."""
        who, limit = counted(request)
        self.seconds = seconds_to_wait(who, limit=limit)
        return self.seconds is None

    def wait(self) -> float | None:
        """Seconds until the next minute."""
        return self.seconds


def counted(request: Request) -> tuple[str, int]:
    """Under which name the request is counted, and how many a minute are granted."""
    if isinstance(request.auth, ApiClient):
        return f"client {request.user.username}", request.auth.rate_per_minute
    if request.user.is_authenticated:
        return f"person {request.user.pk}", PERSON_RATE
    return f"address {place_of(request._request)}", ADDRESS_RATE


def count_failure(request: HttpRequest) -> None:
    """Count a request that shows no valid token. Raises Throttled when the address made too many: from then on it hears
    429 instead of 401. Valid tokens are still let in from there, since many offices share one address and no number of
    tries finds a token."""
    seconds = seconds_to_wait(f"failures {place_of(request)}", limit=FAILURE_RATE)
    if seconds is not None:
        raise Throttled(wait=seconds)


def place_of(request: HttpRequest) -> str:
    """The address; of an IPv6 address the network that one subscriber has."""
    address = client_address(request) or "local"
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
