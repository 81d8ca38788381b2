from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Plans, their indicators and targets, yearly values and verdicts."""

    name = "indicators"
    verbose_name = "规划与指标"

    def ready(self) -> None:
        """Register the system checks."""
        from indicators import checks  # noqa: F401  importing registers them
