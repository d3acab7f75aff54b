"""A questionnaire that is being written, in words: kinds, languages, conditions, and where a mistake is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from merilo.surveys.rules.conditioning import Line, taken_apart
from merilo.surveys.rules.editing import Draft, Record, languages_in, part_of, records
from merilo.surveys.rules.values import is_day
from merilo.web.templatetags.words import day

KINDS = {
    "single": gettext_lazy("Single choice"),
    "multiple": gettext_lazy("Multiple choice"),
    "matrix": gettext_lazy("Table: the same options for each row"),
    "rating": gettext_lazy("Rating on a scale"),
    "nps": gettext_lazy("Likelihood to recommend, 0–10"),
    "yesno": gettext_lazy("Yes or no"),
    "short": gettext_lazy("Short text"),
    "long": gettext_lazy("Long text"),
    "number": pgettext_lazy("kind of question", "Number"),
    "date": gettext_lazy("Date"),
    "ranking": gettext_lazy("Ranking"),
    "file": gettext_lazy("File"),
    "text": gettext_lazy("Text between questions"),
}
MODES = {
    "anonymous": gettext_lazy("Anonymous: nobody can tell who gave an answer"),
    "named": gettext_lazy("Confidential, with names: you know who answered what"),
}
AUDIENCES = {
    "citizens": gettext_lazy("Citizens"),
    "businesses": gettext_lazy("Businesses"),
    "employees": gettext_lazy("Employees"),
    "councillors": gettext_lazy("Councillors"),
}
LAYOUTS = {
    "pages": gettext_lazy("Page by page"),
    "questions": gettext_lazy("One question at a time"),
}
ROLES = {
    "": gettext_lazy("An answer"),
    "other": gettext_lazy("Other, to write in"),
    "none": gettext_lazy("None of these"),
    "unknown": gettext_lazy("Don't know"),
}
SIGNS = {
    "=": gettext_lazy("is"),
    "!=": gettext_lazy("is not"),
    "<": gettext_lazy("is less than"),
    "<=": gettext_lazy("is at most"),
    ">": gettext_lazy("is more than"),
    ">=": gettext_lazy("is at least"),
    "contains": gettext_lazy("includes"),
    "lacks": gettext_lazy("does not include"),
    "answered": gettext_lazy("was answered"),
    "unanswered": gettext_lazy("was not answered"),
}
_TESTS = {
    "=": gettext_lazy("“%(question)s” is “%(answer)s”"),
    "!=": gettext_lazy("“%(question)s” is not “%(answer)s”"),
    "<": gettext_lazy("“%(question)s” is less than %(answer)s"),
    "<=": gettext_lazy("“%(question)s” is at most %(answer)s"),
    ">": gettext_lazy("“%(question)s” is more than %(answer)s"),
    ">=": gettext_lazy("“%(question)s” is at least %(answer)s"),
    "contains": gettext_lazy("“%(question)s” includes “%(answer)s”"),
    "lacks": gettext_lazy("“%(question)s” does not include “%(answer)s”"),
    "answered": gettext_lazy("“%(question)s” was answered"),
    "unanswered": gettext_lazy("“%(question)s” was not answered"),
}
# The official languages of the Union, and two that many neighbours speak, each in its own words.
LANGUAGES = {
    "bg": "Български",
    "en": "English",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "es": "Español",
    "et": "Eesti",
    "fi": "Suomi",
    "fr": "Français",
    "ga": "Gaeilge",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "mt": "Malti",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
}
_FIELDS = {
    "text": gettext_lazy("text"),
    "hint": gettext_lazy("hint"),
    "title": gettext_lazy("title"),
    "description": gettext_lazy("introduction"),
    "thanks": gettext_lazy("thanks"),
    "show_if": gettext_lazy("condition"),
    "when": gettext_lazy("condition"),
    "code": gettext_lazy("code"),
    "options": gettext_lazy("options"),
    "rows": gettext_lazy("rows"),
    "value": gettext_lazy("value"),
    "least": gettext_lazy("least"),
    "most": gettext_lazy("most"),
    "unit": gettext_lazy("unit of measure"),
    "least_text": gettext_lazy("words at the low end"),
    "most_text": gettext_lazy("words at the high end"),
    "unknown": gettext_lazy("words for “don't know”"),
}
_COUNTED = {
    "options": gettext_lazy("option %(number)s"),
    "rows": gettext_lazy("row %(number)s"),
    "quotas": gettext_lazy("quota %(number)s"),
    "breakdowns": gettext_lazy("breakdown %(number)s"),
    "pages": gettext_lazy("page %(number)s"),
    "parts": gettext_lazy("question %(number)s"),
}
_STEP = re.compile(r"([A-Za-z_]+)(?:\[(\d+)\])?")


def language_name(code: str) -> str:
    """A language in its own words; the code where we do not know it."""
    return LANGUAGES.get(code, code)


def in_reader(text: object, draft: Mapping[str, Any]) -> str:
    """A text in the reader's language, or the first there is; "" where there is none."""
    if not isinstance(text, dict):
        return ""
    order = (get_language() or "", *languages_in(draft), *text)
    return next((str(text[code]) for code in order if str(text.get(code, "")).strip()), "")


def short(text: str, letters: int = 70) -> str:
    """A text cut to fit into a sentence."""
    return Truncator(" ".join(text.split())).chars(letters)


def titled(record: Record, draft: Draft) -> str:
    """What a page, text or question is called on a page of the author."""
    key = "title" if "parts" in record else "text"
    return short(in_reader(record.get(key), draft), 160) or str(record.get("code", ""))


# --- conditions -----------------------------------------------------------------------------------
def item_in_words(item: str, draft: Draft) -> str:
    """A question, a row of a table, or the written line of "other"."""
    owner, _dot, rest = item.partition(".")
    try:
        part = part_of(draft, owner)
    except KeyError:
        return item
    text = short(in_reader(part.get("text"), draft)) or owner
    for entry in (*records(part, "rows"), *records(part, "options")):
        if rest and entry.get("code") == rest:
            return f"{text} – {short(in_reader(entry.get('text'), draft), 50) or rest}"
    return text if not rest else f"{text} – {rest}"


def value_in_words(item: str, value: Any, draft: Draft) -> str:
    """An answer in the words of its option; dates and truths as people write them."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if is_day(value):
        return day(date.fromisoformat(value))
    try:
        options = records(part_of(draft, item.partition(".")[0]), "options")
    except KeyError:
        options = []
    named = {str(option.get("code")): in_reader(option.get("text"), draft) for option in options}
    return short(named.get(str(value), "") or str(value), 50)


def in_words(condition: object, draft: Draft) -> str:
    """A condition as part of a sentence; one that is malformed as it stands."""
    joined, lines = taken_apart(condition)
    words = [line_in_words(line, draft) for line in lines]
    frame = _("%(first)s and %(second)s") if joined == "and" else _("%(first)s or %(second)s")
    told = words[0] if words else ""
    for word in words[1:]:
        told = frame % {"first": told, "second": word}
    return told


def line_in_words(line: Line, draft: Draft) -> str:
    """One line of a condition."""
    if line.kept:
        return _nested(list(line.kept), draft)
    answer = value_in_words(line.item, line.value, draft)
    return str(_TESTS[line.sign]) % {"question": item_in_words(line.item, draft), "answer": answer}


def _nested(part: list[Any], draft: Draft) -> str:
    if part[0] in ("and", "or") and len(part) > 1:
        return f"({in_words(part, draft)})"
    if part[0] == "not" and len(part) == 2:
        return _("not (%(condition)s)") % {"condition": in_words(part[1], draft)}
    return short(str(part))


# --- where a mistake is ---------------------------------------------------------------------------
def place_in_words(path: str) -> str:
    """The place of a mistake below a question: "option 3, text, English"; "" for the whole."""
    words = []
    for name, number in _STEP.findall(path):
        if number and name in _COUNTED:
            words.append(str(_COUNTED[name]) % {"number": int(number) + 1})
        else:
            words.append(str(_FIELDS.get(name) or LANGUAGES.get(name) or name))
    return ", ".join(words)
