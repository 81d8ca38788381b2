from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Places, departments and who belongs to them."""

    name = "regions"
    verbose_name = "地区与部门"
