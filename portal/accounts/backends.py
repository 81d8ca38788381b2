"""Who may sign in: people."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import User


class PersonBackend(ModelBackend):
    """Passwords and sessions are for people. An account of an API client has neither, whatever password somebody gave
    it."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """True for active people; asked at sign-in and again with every request of a session."""
        return super().user_can_authenticate(user) and not getattr(user, "is_service_account", False)
