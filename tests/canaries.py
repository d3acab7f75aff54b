"""Everything that an installation holds, as text: what must be gone is searched for in it."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import connection


def everything() -> list[str]:
    """Every text in the database and in the files, with the letters that JSON writes as numbers."""
    found = [
        file.read_bytes().decode(errors="replace") for file in settings.FILES_DIR.rglob("*") if file.is_file()
    ]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            found += [str(value) for row in cursor.fetchall() for value in row]
    return [
        re.sub(r"\\u[0-9a-f]{4}", lambda coded: coded[0].encode().decode("unicode_escape"), text)
        for text in found
    ]


def holding(*texts: str) -> list[str]:
    """What still holds one of some texts."""
    return [text for text in everything() for wanted in texts if wanted.casefold() in text.casefold()]
