"""Every mistake in a framework document, named by its path."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from merilo.framework.banding import check_scale
from merilo.framework.findings import Finding
from merilo.framework.references import check_references, languages_of
from merilo.framework.shapes import (
    Checks,
    code_text,
    found_kind,
    list_of,
    one_of,
    plain_text,
    record,
    text,
    whole,
)

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,18}[A-Za-z0-9])?")

# Characters, by what has to fit: a chart's label, a row of the task list, a sentence, a paragraph.
CRITERION_SHORT = 32
ITEM_SHORT = 48
SENTENCE = 140
TITLE = 300
PARAGRAPH = 4_000


def check(data: object) -> list[Finding]:
    """All mistakes of a framework document given as plain values; none for a valid one."""
    checks = Checks(languages_of(data))
    _framework(checks, data, "")
    return checks.findings


def _anything(checks: Checks, value: Any, path: str) -> None:
    """Checked elsewhere."""


def _method_panels(checks: Checks, value: Any, path: str) -> None:
    if not isinstance(value, dict):
        checks.add(path, "not_mapping", found=found_kind(value))


_name = partial(code_text, pattern=NAME, allowed="name")
_number = partial(code_text, pattern=NUMBER, allowed="number")
_title = partial(text, limit=TITLE)
_paragraph = partial(text, limit=PARAGRAPH)
_sentence = partial(text, limit=SENTENCE)

_band = record({"low": whole, "high": whole, "phase": _title, "text": _paragraph})
_bands_list = partial(list_of, of=_band)
_component = record(
    {"code": _name, "title": _title, "text": _paragraph, "bands": _bands_list},
    "bands",
)
_scale_record = record(
    {
        "code": _name,
        "kind": partial(one_of, known=("bands", "components")),
        "minimum": whole,
        "maximum": whole,
        "bands": _bands_list,
        "components": partial(list_of, of=_component),
    },
    "bands",
    "components",
    then=check_scale,
)
_item = record(
    {
        "code": _number,
        "title": _title,
        "short": partial(text, limit=ITEM_SHORT),
        "asks": _sentence,
        "explanation": _paragraph,
        "evidence_hint": _title,
        "examples": partial(list_of, of=_paragraph),
        "related": partial(list_of, of=_number, may_be_empty=True),
    },
    "related",
)
_criterion = record(
    {
        "code": _number,
        "panel": _name,
        "title": _title,
        "short": partial(text, limit=CRITERION_SHORT),
        "items": partial(list_of, of=_item),
    }
)
_framework = record(
    {
        "code": _name,
        "version": partial(plain_text, limit=20),
        "edition": _title,
        "title": _title,
        "languages": partial(list_of, of=_anything),
        "source": _paragraph,
        "steps": partial(
            list_of, of=record({"number": whole, "phase": _name, "title": _title, "short": _title})
        ),
        "methods": partial(
            list_of,
            of=record({"code": _name, "title": _title, "description": _paragraph, "scales": _method_panels}),
        ),
        "scales": partial(list_of, of=_scale_record),
        "panels": partial(list_of, of=record({"code": _name, "title": _title})),
        "criteria": partial(list_of, of=_criterion),
    },
    "steps",
    then=check_references,
)
