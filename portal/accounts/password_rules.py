"""The rules for passwords. Each has its own words: the rule before typing, and what to do when it is broken."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from portal.accounts.models import RECENT_PASSWORDS, User

KINDS_NEEDED = 3


class LongEnough(password_validation.MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        """What to do."""
        return f"密码太短，请用至少 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        """The rule."""
        return f"至少 {self.min_length} 个字符"


class UnlikeTheAccount(password_validation.UserAttributeSimilarityValidator):
    """Does not resemble the account name, the person's name or the e-mail address."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username", "full_name", "email"))

    def get_error_message(self) -> str:
        """What to do."""
        return "密码与账号、姓名或邮箱太相似，请换一个与本人信息无关的密码。"

    def get_help_text(self) -> str:
        """The rule."""
        return "不与账号、姓名或邮箱相似"


class NotCommon(password_validation.CommonPasswordValidator):
    """Is not on the list of passwords that everybody tries first."""

    def get_error_message(self) -> str:
        """What to do."""
        return "这个密码太常见，容易被猜中，请换一个。"

    def get_help_text(self) -> str:
        """The rule."""
        return "不是 Password123 这类常见密码"


class Varied:
    """At least three of: lower case, upper case, digits, symbols. Letters of other scripts count as symbols."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError, which names the kinds that are missing."""
        kinds = {
            "小写字母": any("a" <= each <= "z" for each in password),
            "大写字母": any("A" <= each <= "Z" for each in password),
            "数字": any("0" <= each <= "9" for each in password),
            "符号": any(not (each.isascii() and each.isalnum()) and not each.isspace() for each in password),
        }
        if sum(kinds.values()) < KINDS_NEEDED:
            missing = "、".join(kind for kind, found in kinds.items() if not found)
            raise ValidationError(
                f"密码的字符种类太少：小写字母、大写字母、数字、符号须至少有 {KINDS_NEEDED} 种，现在没有{missing}。",
                code="password_not_varied",
            )

    def get_help_text(self) -> str:
        """The rule."""
        return f"小写字母、大写字母、数字、符号中至少有 {KINDS_NEEDED} 种（不能全是数字）"


class NotRecent:
    """Is none of the person's last passwords, the present one included."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError; an account that is being made has no passwords yet."""
        if isinstance(user, User) and any(check_password(password, used) for used in user.recent_passwords):
            raise ValidationError(
                f"这是您最近 {RECENT_PASSWORDS} 次用过的密码之一，请换一个新的。", code="password_used_recently"
            )

    def get_help_text(self) -> str:
        """The rule."""
        return f"不与最近 {RECENT_PASSWORDS} 次用过的密码相同"
