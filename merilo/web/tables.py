"""Lists to take away: the same rows as CSV, XLSX and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise

from merilo.core import files

FORMATS = ("csv", "xlsx", "json")
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# What begins so would be taken for a formula by a spreadsheet program: a cell, or a part of one where the
# program parts by semicolon or tab and understands our quotes otherwise.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_INNER_FORMULA = re.compile(r"""([;\t\r\n][\s"]*)(?=[=+\-@＝＋－＠])""")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names it in JSON, `title` heads it for people."""

    key: str
    title: str | Promise


def export(rows: Iterable[Sequence[Any]], columns: Sequence[Column], kind: str, name: str) -> HttpResponse:
    """The rows as a file to download; raises Http404 for a kind that is none of FORMATS."""
    if kind not in FORMATS:
        raise Http404
    content = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}[kind](list(rows), columns)
    return files.attachment(content, name=f"{name}.{kind}", content_type=_KINDS[kind])


def as_csv(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> bytes:
    """Comma-separated, with the mark by which spreadsheet programs know UTF-8; every cell in quotes."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerow([str(column.title) for column in columns])
    writer.writerows([harmless(_plain(value)) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> bytes:
    """One sheet with a bold first line; texts stay texts, numbers numbers."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, [str(column.title) for column in columns], bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, number, place, _plain(value))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()


def as_json(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> bytes:
    """A list of objects with the columns' keys."""
    keys = [column.key for column in columns]
    found = [dict(zip(keys, map(_plain, row), strict=True)) for row in rows]
    return json.dumps(found, ensure_ascii=False, indent=1, default=str).encode()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, "" if value is None else str(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Promise) else value


def harmless(value: Any) -> Any:
    """A text that no spreadsheet program takes for a formula; other values as they are."""
    if not isinstance(value, str):
        return value
    inner = _INNER_FORMULA.sub(r"\1'", value)
    return f"'{inner}" if value.lstrip(" \u00a0\ufeff").startswith(_FORMULA) else inner
