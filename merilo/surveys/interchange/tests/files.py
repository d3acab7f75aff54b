"""Small files as other programs write them, made row by row; each test names the trait it is about."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter.workbook import Workbook

from merilo.core.workbooks import Grid
from merilo.surveys.interchange.losses import Imported
from merilo.surveys.interchange.lss_reading import read_lss
from merilo.surveys.interchange.xlsform_reading import read_grids

Rows = Sequence[dict[str, Any]]
YES_NO: Rows = [
    {"list_name": "yn", "name": "yes", "label": "Yes"},
    {"list_name": "yn", "name": "no", "label": "No"},
]


def grid(name: str, rows: Rows) -> Grid:
    """A sheet with a column for each key."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    return Grid(name, (tuple(heads), *(tuple(row.get(key, "") for key in heads) for row in rows)))


def form(survey: Rows, choices: Rows = YES_NO, settings: Rows = (), **sheets: Rows) -> Imported:
    """An XLSForm as it is read."""
    known = {"survey": survey, "choices": choices, "settings": settings, **sheets}
    return read_grids([grid(name, rows) for name, rows in known.items() if rows])


def workbook(**sheets: Rows) -> bytes:
    """A workbook with these sheets."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(grid(name, rows).rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def lss(kind: str = "Survey", *, languages: Sequence[str] = ("en",), **tables: Any) -> bytes:
    """A file of LimeSurvey with these tables."""
    if "surveys" not in tables and kind == "Survey":
        more = " ".join(languages[1:])
        own = {"sid": 1, "language": languages[0], "additional_languages": more, "anonymized": "Y"}
        tables["surveys"] = [own]
        tables.setdefault(
            "surveys_languagesettings", [{"surveyls_language": languages[0], "surveyls_title": "Services"}]
        )
    parts = [f"<languages>{''.join(f'<language>{one}</language>' for one in languages)}</languages>"]
    parts += [f"<{name}><rows>{''.join(map(_row, rows))}</rows></{name}>" for name, rows in tables.items()]
    head = f"<LimeSurveyDocType>{kind}</LimeSurveyDocType><DBVersion>1</DBVersion>"
    return f'<?xml version="1.0" encoding="UTF-8"?><document>{head}{"".join(parts)}</document>'.encode()


def _row(row: dict[str, Any]) -> str:
    return f"<row>{''.join(f'<{key}><![CDATA[{value}]]></{key}>' for key, value in row.items())}</row>"


def question(qid: int, kind: str, title: str, text: str = "Text", **more: Any) -> dict[str, Any]:
    """A row of the old layout, with its text in it."""
    base = {"qid": qid, "parent_qid": 0, "gid": 1, "type": kind, "title": title, "question": text}
    return base | {"question_order": qid, "language": "en", "relevance": "1", **more}


def asked(*questions: dict[str, Any], **tables: Any) -> Imported:
    """A survey of these questions as it is read."""
    subs = [row for row in questions if row["parent_qid"]]
    own = [row for row in questions if not row["parent_qid"]]
    groups = [{"gid": 1, "group_name": "First", "group_order": 1, "language": "en"}]
    return read_lss(lss(groups=groups, questions=own, subquestions=subs, **tables))


def answers(qid: int, *codes: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"qid": qid, "code": code, "answer": f"Answer {code}", "sortorder": at, "language": "en", **more}
        for at, code in enumerate(codes)
    ]


def parts(found: Imported) -> dict[str, dict[str, Any]]:
    """Questions and texts by their codes."""
    return {part["code"]: part for page in found.plain["pages"] for part in page["parts"]}


def lost(found: Imported) -> list[str]:
    return [loss.code for loss in found.losses]
