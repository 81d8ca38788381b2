"""Forms with which people and administrators set passwords."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.accounts.lockout import password_fits
from portal.accounts.models import User


class OwnPasswordForm(PasswordChangeForm):
    """A person changes the own password; afterwards nobody asks for that again."""

    error_messages = {
        "password_incorrect": "原密码不正确，请重新填写；忘记了请联系本单位的系统管理员重置。",
        "password_mismatch": "两次填写的新密码不一致，请重新填写。",
    }
    required_messages = {
        "old_password": "请填写原密码。",
        "new_password1": "请填写新密码。",
        "new_password2": "请再填写一次新密码。",
    }
    user: User

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        for name, message in self.required_messages.items():
            self.fields[name].error_messages["required"] = message

    def clean_old_password(self) -> str:
        """The old password; a wrong one counts towards the lock like one at sign-in."""
        old: str = self.cleaned_data["old_password"]
        if not password_fits(self.request, self.user.username, old):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old

    def validate_password_for_user(self, user: Any, *args: Any) -> None:
        """What is wrong with the password is said at the first field, where the person types another one."""
        super().validate_password_for_user(user, "new_password1")

    def save(self, commit: bool = True) -> User:
        """Set the password, which the person alone knows."""
        self.user.must_change_password = False
        super().save(commit)
        return self.user


class ResetPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """An administrator sets somebody's password; the person replaces it after signing in."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Two fields for the password; without a password nobody signs in here, so Django's switch for that goes."""
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True

    def save(self, commit: bool = True) -> User:
        """Set the password for the time being."""
        self.user.must_change_password = True
        super().save(commit)
        return self.user
