"""Who acts: the type that every permission and every history is about."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

Person = AbstractBaseUser | AnonymousUser
