"""The project's status makes room for the report's own, which review gives."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_history_channel")]

    operations = [
        migrations.RenameField("progressreport", "status", "project_status"),
        migrations.RenameField("historicalprogressreport", "status", "project_status"),
    ]
