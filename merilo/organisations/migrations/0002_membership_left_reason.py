"""Why a member left is kept beside when."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="membership",
            name="left_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason for leaving"),
        ),
    ]
