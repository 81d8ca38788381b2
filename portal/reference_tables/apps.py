from django.apps import AppConfig


class ReferenceTablesConfig(AppConfig):
    """Reference tables as files."""

    name = "portal.reference_tables"
    verbose_name = "基础数据导入导出"
