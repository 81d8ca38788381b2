"""The project package as an application (templates, commands) and the admin site of the portal."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """What spans the applications."""

    name = "portal"
    verbose_name = "门户"


class PortalAdminConfig(AdminConfig):
    """The stock admin on the portal's own site, which shares the portal's sign-in page."""

    default_site = "portal.admin_site.PortalAdminSite"
