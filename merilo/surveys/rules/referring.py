"""Checks across a questionnaire: codes used once, conditions and breakdowns that fit their questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from merilo.framework.findings import below
from merilo.framework.references import check_languages, unique_codes
from merilo.framework.shapes import NAMED, Checks, codes_of, entries, found_kind, is_whole
from merilo.surveys.rules.conditions import ORDERED, SIGNS
from merilo.surveys.rules.values import is_day, is_exact

DEEPEST = 10  # levels of "and", "or", "not"
BY_VALUE = frozenset({"single", "matrix", "rating", "nps", "number", "date", "yesno", "short"})
BY_ORDER = frozenset({"rating", "nps", "number", "date"})
BY_CONTENT = frozenset({"multiple", "ranking"})
GROUPING = frozenset({"single", "yesno", "rating"})  # kinds whose answers make groups


@dataclass(frozen=True, slots=True)
class Item:
    """What conditions may know of an item: the kind of its question and the codes of its options."""

    kind: str
    options: tuple[str, ...]


class SurveyChecks(Checks):
    """Also knows the items of the document, so that a condition can be held against them."""

    def __init__(self, languages: tuple[str, ...], data: object) -> None:
        super().__init__(languages)
        self.items: dict[str, Item] = dict(items_of(data))


def parts_of(data: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and value of each text and question in a document that may be malformed."""
    for path, page in entries(data, "pages"):
        yield from entries(page, "parts", path)


def items_of(data: object) -> Iterator[tuple[str, Item]]:
    """The items of a document that may be malformed, lines for "other" included."""
    for _, part in parts_of(data):
        code, kind = part.get("code"), part.get("kind")
        if not isinstance(code, str) or not isinstance(kind, str) or kind == "text":
            continue
        options = tuple(codes_of(part, "options"))
        if kind == "matrix":
            yield from ((f"{code}.{row}", Item(kind, options)) for row in codes_of(part, "rows"))
        else:
            yield code, Item(kind, options)
        for _, option in entries(part, "options"):
            if option.get("role") == "other":
                yield f"{code}.{option.get('code')}", Item("short", ())


# --- conditions -------------------------------------------------------------------------------
def check_condition(checks: Checks, value: Any, path: str, depth: int = 0) -> None:
    """A list that begins with its sign: ["=", item, value], ["answered", item], ["and", …, …], ["not", …]."""
    head = value[0] if isinstance(value, list) and value else None
    if not isinstance(head, str):
        checks.add(path, "not_condition", found=found_kind(value))
    elif depth > DEEPEST:
        checks.add(path, "condition_too_deep", limit=DEEPEST)
    elif head in {"and", "or", "not"}:
        if len(value) < 2 or (head == "not" and len(value) > 2):
            checks.add(path, "condition_parts", sign=head)
        for place, part in enumerate(value[1:], start=1):
            check_condition(checks, part, below(path, place), depth + 1)
    elif head in {*SIGNS, "contains", "answered"}:
        _check_test(cast("SurveyChecks", checks), value, path)
    else:
        checks.add(below(path, 0), "unknown_sign", sign=head)


def _check_test(checks: SurveyChecks, value: list[Any], path: str) -> None:
    head = value[0]
    if len(value) != (2 if head == "answered" else 3):
        checks.add(path, "condition_parts", sign=head)
        return
    item = checks.items.get(value[1]) if isinstance(value[1], str) else None
    if item is None:
        known = ", ".join(islice(checks.items, NAMED))
        checks.add(below(path, 1), "unknown_item", code=value[1], known=known)
    elif head != "answered":
        if item.kind not in kinds_for(head):
            checks.add(path, "sign_unfit", sign=head, code=value[1])
        elif not _fits(item, value[2]):
            checks.add(below(path, 2), "value_unfit", value=value[2], code=value[1])


def kinds_for(sign: str) -> frozenset[str]:
    """Kinds of question that a sign can be held against."""
    if sign == "contains":
        return BY_CONTENT
    return BY_ORDER if sign in ORDERED else BY_VALUE


def _fits(item: Item, value: Any) -> bool:
    """Whether a value can be an answer to a question of this kind."""
    if item.options:
        return value in item.options
    if item.kind in {"rating", "nps"}:
        return is_whole(value)
    if item.kind == "number":
        return is_exact(value)
    if item.kind == "date":
        return is_day(value)
    return isinstance(value, bool if item.kind == "yesno" else str)


# --- the document as a whole ------------------------------------------------------------------
def check_breakdown(checks: Checks, value: Any, path: str) -> None:
    """Results are broken down by questions whose answers make groups."""
    item = cast("SurveyChecks", checks).items.get(value) if isinstance(value, str) else None
    if item is None or item.kind not in GROUPING:
        checks.add(path, "no_groups", code=value)


def check_together(checks: Checks, data: dict[str, Any], path: str) -> None:
    """What parts of the document must be to each other."""
    check_languages(checks, data.get("languages"))
    unique_codes(checks, entries(data, "pages"))
    unique_codes(checks, parts_of(data))
    unique_codes(checks, entries(data, "quotas"))
    questions = [(place, part) for place, part in parts_of(data) if part.get("kind") != "text"]
    for place, part in questions:
        unique_codes(checks, entries(part, "options", place))
        unique_codes(checks, entries(part, "rows", place))
        _check_limits(checks, part, place)
        if part.get("kind") == "file" and data.get("mode") == "anonymous":
            checks.add(below(place, "kind"), "file_not_anonymous")
    if not questions:
        checks.add("pages", "no_question")


def _check_limits(checks: Checks, part: dict[str, Any], path: str) -> None:
    """The least is not above the most, a scale has two points at least, and choices can be made."""
    least, most = part.get("least"), part.get("most")
    options = len(codes_of(part, "options"))
    if is_exact(least) and is_exact(most):
        low, high = Decimal(least), Decimal(most)
        if low > high or (part.get("kind") == "rating" and low == high):
            checks.add(below(path, "most"), "limits_reversed", minimum=least, maximum=most)
    elif is_day(least) and is_day(most) and least > most:
        checks.add(below(path, "most"), "limits_reversed", minimum=least, maximum=most)
    if str(part.get("kind")) in BY_CONTENT:
        for key in ("least", "most"):
            if is_whole(part.get(key)) and part[key] > options:
                checks.add(below(path, key), "more_than_options", number=part[key], options=options)
