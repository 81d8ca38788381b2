"""Reports from before there was a review counted at once; they go on counting."""

from django.db import migrations
from django.utils import timezone


def approve(apps, schema_editor):
    apps.get_model("projects", "ProgressReport").objects.update(status="approved", approved_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_reports")]

    operations = [migrations.RunPython(approve, migrations.RunPython.noop)]
