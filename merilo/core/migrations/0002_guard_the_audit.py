"""The database itself refuses to change or delete a row of the audit."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from merilo.core.audit import GUARDS, UNGUARDS


def guard(apps: Any, schema_editor: Any) -> None:
    for statement in GUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unguard(apps: Any, schema_editor: Any) -> None:
    for statement in UNGUARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
