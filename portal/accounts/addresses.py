"""Which address a request comes from. A header that anybody can send is believed only when a known proxy sent it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def client_address(request: HttpRequest) -> str | None:
    """The person's address; None where the connection has none (a local socket).

    `X-Forwarded-For` is read from the right, past the proxies of `settings.TRUSTED_PROXIES`, and only when the
    connection itself comes from one of them; whatever the person wrote further left is never reached.
    """
    found = _parsed(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while found and hops and _trusted(found):
        further = _parsed(hops.pop().strip())
        if further is None:
            break
        found = further
    return str(found) if found else None


def _trusted(address: Address) -> bool:
    networks: list[Network] = settings.TRUSTED_PROXIES
    return any(address in network for network in networks)


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
