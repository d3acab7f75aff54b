from __future__ import annotations

from typing import Any

from django.db import migrations, models


def forget_all(apps: Any, schema_editor: Any) -> None:
    """Windows of the clock have no place among windows that begin with their first occurrence."""
    apps.get_model("core", "Limit").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0005_mail_about")]

    operations = [
        migrations.RunPython(forget_all, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="limit", name="limit_window_once"),
        migrations.RemoveField(model_name="limit", name="window"),
        migrations.AlterField(
            model_name="limit", name="key", field=models.CharField(max_length=120, unique=True)
        ),
    ]
