"""The admin of the reference tables, with export and import."""

from __future__ import annotations

from django.contrib import admin

from indicators.admin.plans import TopicAdmin
from indicators.models import Topic
from portal.reference_tables.resources import DepartmentResource, RegionResource, TopicResource
from portal.reference_tables.table_admin import TableAdmin
from regions.admin import DepartmentAdmin, RegionAdmin
from regions.models import Department, Region

# The lower applications know no files of tables; their admin stands, and here it gains two buttons.
admin.site.unregister([Region, Department, Topic])


@admin.register(Region)
class RegionTableAdmin(TableAdmin, RegionAdmin):
    resource_classes = [RegionResource]


@admin.register(Department)
class DepartmentTableAdmin(TableAdmin, DepartmentAdmin):
    resource_classes = [DepartmentResource]


@admin.register(Topic)
class TopicTableAdmin(TableAdmin, TopicAdmin):
    resource_classes = [TopicResource]
