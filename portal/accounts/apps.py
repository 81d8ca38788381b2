from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Personal accounts and signing in."""

    name = "portal.accounts"
    verbose_name = "账号"
