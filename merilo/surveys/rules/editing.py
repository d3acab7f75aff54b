"""Changes to a questionnaire that is being written: plain values in, new plain values out.

A draft may hold mistakes and keys nobody knows; what an operation is not about stays as it is. Pages, texts
and questions are found by their code: KeyError where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from merilo.surveys.rules.checking import CODE, OPTION
from merilo.surveys.rules.renaming import Renaming, mentioned, renamed

Draft = dict[str, Any]
Record = dict[str, Any]
Change = Callable[[Draft], Draft]

TEXTS = frozenset(
    {"title", "description", "thanks", "text", "hint", "least_text", "most_text", "unknown", "unit"}
)

_SPECIAL = {"other": "other", "none": "none", "unknown": "dk"}  # codes of options by their role


# --- what is there ----------------------------------------------------------------------------
def editable(data: object) -> Draft:
    """The draft with a code of its own for each page, text, question and quota, so that all can be found."""
    draft: Draft = deepcopy(data) if isinstance(data, dict) else {}
    _give_codes(pages_of(draft), "p")
    _give_codes([part for page in pages_of(draft) for part in parts_of(page)], "q")
    _give_codes(records(draft, "quotas"), "limit")
    return draft


def pages_of(draft: Mapping[str, Any]) -> list[Record]:
    """The pages of a draft."""
    return records(draft, "pages")


def parts_of(page: Mapping[str, Any]) -> list[Record]:
    """Texts and questions of a page."""
    return records(page, "parts")


def records(parent: Mapping[str, Any], key: str) -> list[Record]:
    """The mappings in a list; what else may stand there is passed over."""
    found = parent.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def page_of(draft: Draft, code: str) -> Record:
    """The page with this code. Errors: KeyError."""
    return _named(pages_of(draft), code)


def part_of(draft: Draft, code: str) -> Record:
    """The text or question with this code. Errors: KeyError."""
    return _named((part for page in pages_of(draft) for part in parts_of(page)), code)


def home_of(draft: Draft, code: str) -> Record:
    """The page on which a text or question stands. Errors: KeyError."""
    for page in pages_of(draft):
        if any(part.get("code") == code for part in parts_of(page)):
            return page
    raise KeyError(code)


def quota_of(draft: Draft, code: str) -> Record:
    """The quota with this code. Errors: KeyError."""
    return _named(records(draft, "quotas"), code)


def languages_in(draft: Mapping[str, Any]) -> list[str]:
    """The languages of a draft, the main one first; never none."""
    listed = draft.get("languages")
    found = [code for code in listed if isinstance(code, str)] if isinstance(listed, list) else []
    return list(dict.fromkeys(found)) or ["en"]


# --- codes ------------------------------------------------------------------------------------
def free_code(taken: Sequence[str] | set[str], stem: str) -> str:
    """A short code that is not taken.

    >>> free_code({"q1", "q2"}, "q"), free_code(set(), "other"), free_code({"other"}, "other")
    ('q3', 'other', 'other2')
    """
    counted = len(stem) == 1
    if not counted and stem not in taken:
        return stem
    number = 1 if counted else 2
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def new_code(draft: Draft, kind: str) -> str:
    """A free code for a "page", a "text" or a question of any other kind."""
    if kind == "page":
        return free_code(_codes(pages_of(draft)), "p")
    return free_code(_taken(draft), "t" if kind == "text" else "q")


def _taken(draft: Draft) -> set[str]:
    """Codes of parts, and those of removed ones that a condition or a text still names."""
    return _codes(part for page in pages_of(draft) for part in parts_of(page)) | set(mentioned(draft))


def coded(entries: Sequence[Mapping[str, Any]], stem: str) -> list[Record]:
    """Options or rows, each with a code: those without one get a free one that tells their role."""
    taken = _codes(entries)
    given: list[Record] = []
    for entry in entries:
        code = entry.get("code") or free_code(taken, _SPECIAL.get(str(entry.get("role")), stem))
        taken.add(code)
        given.append({"code": code, **{key: value for key, value in entry.items() if key != "code"}})
    return given


# --- pages ------------------------------------------------------------------------------------
def with_page(draft: Draft, page: Record) -> Draft:
    """A further page at the end; without a code it gets one."""
    new = deepcopy(draft)
    made: Record = {"code": page.get("code") or new_code(new, "page"), "parts": []} | page
    _list(new, "pages").append(made)
    return new


def with_page_changed(draft: Draft, code: str, page: Record) -> Draft:
    """Other values for a page. Errors: KeyError."""
    new = deepcopy(draft)
    _replace(page_of(new, code), page)
    return new


def with_page_moved(draft: Draft, code: str, by: int) -> Draft:
    """A page so many places further down, or up; at the end it stays. Errors: KeyError."""
    new = deepcopy(draft)
    _move(_list(new, "pages"), page_of(new, code), by)
    return new


def with_page_copied(draft: Draft, code: str) -> Draft:
    """A page once more, right behind, under new codes; conditions within it are about the copy."""
    new = deepcopy(draft)
    page = page_of(new, code)
    copy: Record = {**deepcopy(page), "code": new_code(new, "page")}
    taken = _taken(new)
    for part in parts_of(copy):
        fresh = free_code(taken, "t" if part.get("kind") == "text" else "q")
        taken.add(fresh)
        copy = renamed(copy, Renaming(str(part["code"]), fresh))
        _named(parts_of(copy), part["code"])["code"] = fresh
    _behind(_list(new, "pages"), page, copy)
    return new


def without_page(draft: Draft, code: str) -> Draft:
    """The draft without a page and what stands on it. Errors: KeyError."""
    new = deepcopy(draft)
    _remove(_list(new, "pages"), page_of(new, code))
    return new


# --- texts and questions ----------------------------------------------------------------------
def with_part(draft: Draft, page: str, part: Record) -> Draft:
    """A further text or question at the end of a page; without a code it gets one. Errors: KeyError."""
    new = deepcopy(draft)
    made: Record = {**part, "code": part.get("code") or new_code(new, str(part.get("kind")))}
    _list(page_of(new, page), "parts").append(made)
    return new


def with_part_changed(draft: Draft, code: str, part: Record, renaming: Renaming | None = None) -> Draft:
    """Other values for a text or question; what names its codes follows. Errors: KeyError."""
    new = deepcopy(draft)
    _replace(part_of(new, code), part)
    return renamed(new, renaming) if renaming else new


def with_part_moved(draft: Draft, code: str, by: int) -> Draft:
    """A text or question one place up (-1) or down (1), over the edge of its page too. Errors: KeyError."""
    new = deepcopy(draft)
    home, pages = home_of(new, code), pages_of(new)
    part, parts = part_of(new, code), _list(home, "parts")
    here, place = _at(pages, home), _at(parts, part)
    if 0 <= place + by < len(parts):
        _move(parts, part, by)
    elif 0 <= here + by < len(pages):
        _remove(parts, part)
        target = _list(pages[here + by], "parts")
        target.insert(len(target) if by < 0 else 0, part)
    return new


def with_part_copied(draft: Draft, code: str) -> Draft:
    """A text or question once more, right behind, under a new code. Errors: KeyError."""
    new = deepcopy(draft)
    part = part_of(new, code)
    copy = {**deepcopy(part), "code": new_code(new, str(part.get("kind")))}
    _behind(_list(home_of(new, code), "parts"), part, copy)
    return new


def without_part(draft: Draft, code: str) -> Draft:
    """The draft without a text or question; conditions on it stay, as mistakes to mend. Errors: KeyError."""
    new = deepcopy(draft)
    part = part_of(new, code)
    _remove(_list(home_of(new, code), "parts"), part)
    return new


# --- the whole --------------------------------------------------------------------------------
def with_values(draft: Draft, values: Mapping[str, Any]) -> Draft:
    """Other values of the questionnaire itself; those that are None or empty are left out."""
    new = deepcopy(draft)
    _replace(new, dict(values))
    return new


def with_quota(draft: Draft, quota: Record, code: str = "") -> Draft:
    """A further quota, or other values for one. Errors: KeyError."""
    new = deepcopy(draft)
    if code:
        _replace(quota_of(new, code), quota)
    else:
        code = free_code(_codes(records(new, "quotas")), "limit")
        _list(new, "quotas").append({"code": code, **quota})
    return new


def without_quota(draft: Draft, code: str) -> Draft:
    """The draft without a quota. Errors: KeyError."""
    new = deepcopy(draft)
    _remove(_list(new, "quotas"), quota_of(new, code))
    return new


def in_languages(draft: Draft, languages: Sequence[str], *, drop: bool = False) -> Draft:
    """The draft in these languages, the first the main one; `drop` takes away the texts of all others."""
    new: Draft = deepcopy(draft)
    if drop:
        gone = set(languages_in(draft)) - set(languages)
        for text in texts_in(new):
            for language in gone:
                text.pop(language, None)
    new["languages"] = list(languages)
    return new


def texts_in(thing: Any) -> Iterator[dict[str, Any]]:
    """Every text of a draft: the mappings from languages to words."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key in TEXTS and isinstance(value, dict):
                yield value
            else:
                yield from texts_in(value)
    elif isinstance(thing, list):
        for entry in thing:
            yield from texts_in(entry)


def lacking(thing: Any, languages: Sequence[str]) -> dict[str, int]:
    """How many texts of a thing have no words in each of these languages; only those with some."""
    counts = dict.fromkeys(languages, 0)
    for text in texts_in(thing):
        for language in languages:
            counts[language] += not str(text.get(language, "")).strip()
    return {language: count for language, count in counts.items() if count}


# --- small things -----------------------------------------------------------------------------
def _named(entries: Sequence[Record] | Iterator[Record], code: Any) -> Record:
    for entry in entries:
        if entry.get("code") == code:
            return entry
    raise KeyError(code)


def _codes(entries: Sequence[Mapping[str, Any]] | Iterator[Record]) -> set[str]:
    return {str(entry["code"]) for entry in entries if entry.get("code")}


def _give_codes(entries: Sequence[Record], stem: str) -> None:
    taken, seen = _codes(entries), set()
    for entry in entries:
        code = entry.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code) or code in seen:
            entry["code"] = code = free_code(taken, stem)
            taken.add(code)
        seen.add(code)


def is_code(text: str, *, option: bool = False) -> bool:
    """Whether a text can be the code of a question, or of an option or row."""
    return bool((OPTION if option else CODE).fullmatch(text))


def _list(parent: Record, key: str) -> list[Any]:
    found = parent.get(key)
    if not isinstance(found, list):
        parent[key] = found = []
    return found


def _replace(record: Record, values: Mapping[str, Any]) -> None:
    """Set values in place; None takes the key away."""
    for key, value in values.items():
        if value is None:
            record.pop(key, None)
        else:
            record[key] = value


def _at(entries: Sequence[Any], entry: Record) -> int:
    return next(place for place, other in enumerate(entries) if other is entry)


def _move(entries: list[Any], entry: Record, by: int) -> None:
    place = _at(entries, entry)
    entries.insert(min(max(place + by, 0), len(entries) - 1), entries.pop(place))


def _behind(entries: list[Any], entry: Record, new: Record) -> None:
    entries.insert(_at(entries, entry) + 1, new)


def _remove(entries: list[Any], entry: Record) -> None:
    del entries[_at(entries, entry)]
