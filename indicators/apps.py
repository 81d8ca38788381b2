from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Plans, their indicators and targets, yearly values and verdicts."""

    name = "indicators"
    verbose_name = "规划与指标"
