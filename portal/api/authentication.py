"""Who asks: a client by its token, in the header `Authorization: Token …`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from portal.accounts.addresses import client_address
from portal.accounts.models import User
from portal.api.clients import digest_of
from portal.api.models import AccessToken, ApiClient, TokenState
from portal.api.throttling import count_failure

if TYPE_CHECKING:  # its classes ask for this module while they are made
    from rest_framework.views import APIView

KEYWORD = "Token"
#: The last use is noted at most this often, so that reading does not write.
NOTED_EVERY = timedelta(minutes=1)

MALFORMED = "请求头应写成 Authorization: Token <令牌>，令牌中没有空格和换行。"
UNKNOWN = "访问令牌无效。请核对是否完整复制；遗失的令牌不能找回，请联系系统管理员换发。"
INACTIVE = "这个接口客户端已停用。如需恢复，请联系系统管理员。"


class TokenAuthentication(BaseAuthentication):
    """Gives the client's account as `request.user` and the client as `request.auth`.

    Every refusal is 401 with the same header and code; only whoever shows a token that was once valid is told what
    became of it. One query, and a write where the token was not used within the last minute.
    """

    @sensitive_variables("parts", "secret")
    def authenticate(self, request: Request) -> tuple[User, ApiClient] | None:
        """None for a request without a token. Raises AuthenticationFailed, and Throttled after too many failures."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD.lower().encode():
            return None
        secret = parts[1].decode("ascii", "replace") if len(parts) == 2 else ""
        if not secret:
            refuse(request, MALFORMED)
        token = AccessToken.objects.select_related("client__account").filter(digest=digest_of(secret)).first()
        if token is None:
            refuse(request, UNKNOWN)
        now, account = timezone.now(), token.client.account
        if complaint := complaint_about(token, now):
            refuse(request, complaint)
        note_use(token, address=client_address(request._request), now=now)
        return account, token.client

    def authenticate_header(self, request: Request) -> str:
        """What WWW-Authenticate says."""
        return KEYWORD


class Identified(IsAuthenticated):
    """Everything asks for a client or a person; asking without counts as a failure of the address."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False becomes 401. Raises Throttled after too many failures."""
        if super().has_permission(request, view):
            return True
        count_failure(request._request)
        return False


def refuse(request: Request, message: str) -> NoReturn:
    """Raise AuthenticationFailed, or Throttled after too many failures from the same address."""
    count_failure(request._request)
    raise AuthenticationFailed(message)


def complaint_about(token: AccessToken, now: datetime) -> str | None:
    """Why a token that there is does not open the API; None for a valid one."""
    match token.state(now):
        case TokenState.REVOKED:
            return "这个访问令牌已停用。请改用新的令牌，或联系系统管理员换发。"
        case TokenState.EXPIRED:
            day = timezone.localtime(token.expires_at).strftime("%Y-%m-%d %H:%M")
            return f"这个访问令牌已于 {day} 到期。请联系系统管理员换发。"
    return None if token.client.is_active and token.client.account.is_active else INACTIVE


def note_use(token: AccessToken, *, address: str | None, now: datetime) -> None:
    """Keep when and from where the token was used. No query within NOTED_EVERY of the last note; of requests at the
    same moment one writes."""
    since = now - NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= since:
        outdated = Q(last_used_at=None) | Q(last_used_at__lte=since)
        AccessToken.objects.filter(outdated, pk=token.pk).update(last_used_at=now, last_used_address=address)
