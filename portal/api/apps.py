from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Clients of the API and their tokens."""

    name = "portal.api"
    label = "api"
    verbose_name = "接口"
