from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Personal accounts and signing in."""

    name = "portal.accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Start the sign-in log."""
        from portal.accounts import sign_in_log  # noqa: F401  connects its receivers
