from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Project columns (专栏), key projects, their deliverables and progress."""

    name = "projects"
    verbose_name = "重点项目"
