"""The whole questionnaire as its author sees it: pages, questions, and what is to be said about each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.framework.findings import Finding
from merilo.surveys import messages, worded
from merilo.surveys.rules import editing
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.editing import Draft, Record
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.remarks import remarks

_PLACE = re.compile(r"pages\[(\d+)\](?:\.parts\[(\d+)\])?\.?")
_QUOTA = re.compile(r"quotas\[(\d+)\]\.?")


@dataclass(slots=True)
class Notes:
    """What is to be said: what blocks the opening, and what is only to be looked at."""

    blocking: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.blocking or self.remarks)


@dataclass(slots=True)
class PartView:
    """A text or question in the list."""

    code: str
    number: int  # of the question, 0 for a text
    kind: str
    title: str
    required: bool
    attribute: bool
    condition: str
    meta: str
    notes: Notes

    @property
    def kind_name(self) -> str:
        return str(worded.KINDS.get(self.kind, self.kind))


@dataclass(slots=True)
class PageView:
    code: str
    number: int
    title: str
    shuffle: bool
    condition: str
    notes: Notes
    parts: list[PartView]


@dataclass(slots=True)
class Outline:
    """The pages in order, and what is said about the questionnaire as a whole."""

    pages: list[PageView]
    notes: Notes
    quotas: list[tuple[str, str, int, str, Notes]]  # code, condition, most, text

    @property
    def every(self) -> Iterator[tuple[str, str, Notes]]:
        """Anchor, title and notes of everything, the whole first."""
        yield "", "", self.notes
        for page in self.pages:
            yield (
                f"page-{page.code}",
                page.title or _("Page %(number)s") % {"number": page.number},
                page.notes,
            )
            for part in page.parts:
                yield f"part-{part.code}", part.title, part.notes
        for code, _condition, _most, text, notes in self.quotas:
            yield f"quota-{code}", text, notes

    @property
    def blocking(self) -> list[tuple[str, str, str]]:
        """Anchor, title and sentence of everything that stands in the way of opening."""
        return [(anchor, title, text) for anchor, title, notes in self.every for text in notes.blocking]

    @property
    def remarked(self) -> int:
        """How many remarks there are that do not stand in the way."""
        return sum(len(notes.remarks) for _anchor, _title, notes in self.every)

    @property
    def questions(self) -> int:
        return sum(part.kind != "text" for page in self.pages for part in page.parts)

    def notes_of(self, anchor: str) -> Notes:
        """The notes of the thing with this anchor."""
        return next((notes for name, _title, notes in self.every if name == anchor), Notes())


def outline(draft: Draft) -> Outline:
    """The questionnaire with what is to be said about it. `draft` is one of `editing.editable`."""
    notes = notes_on(draft)
    languages = editing.languages_in(draft)
    numbers = iter(range(1, 100_000))
    pages = [
        PageView(
            code=str(page["code"]),
            number=place,
            title=worded.short(worded.in_reader(page.get("title"), draft), 160),
            shuffle=page.get("shuffle") is True,
            condition=worded.in_words(page.get("show_if"), draft),
            notes=_with_lacking(_of(notes, "page", page), {"title": page.get("title")}, languages),
            parts=[_part(part, draft, notes, numbers) for part in editing.parts_of(page)],
        )
        for place, page in enumerate(editing.pages_of(draft), start=1)
    ]
    own = {key: value for key, value in draft.items() if key not in {"pages", "quotas"}}
    whole = _with_lacking(notes.get("", Notes()), own, languages)
    return Outline(pages, whole, [_quota(quota, draft, notes) for quota in editing.records(draft, "quotas")])


def _part(part: Record, draft: Draft, notes: dict[str, Notes], numbers: Iterator[int]) -> PartView:
    kind = str(part.get("kind", ""))
    return PartView(
        code=str(part["code"]),
        number=0 if kind == "text" else next(numbers),
        kind=kind,
        title=worded.short(worded.in_reader(part.get("text"), draft), 200),
        required=part.get("required") is True,
        attribute=part.get("attribute") is True,
        condition=worded.in_words(part.get("show_if"), draft),
        meta=_meta(part),
        notes=_with_lacking(_of(notes, "part", part), part, editing.languages_in(draft)),
    )


def _meta(part: Record) -> str:
    """How many options and rows there are to choose from."""
    options, rows = len(editing.records(part, "options")), len(editing.records(part, "rows"))
    words = [ngettext("%(count)s row", "%(count)s rows", rows) % {"count": rows}] if rows else []
    if options:
        words.append(ngettext("%(count)s option", "%(count)s options", options) % {"count": options})
    return ", ".join(words)


def _quota(quota: Record, draft: Draft, notes: dict[str, Notes]) -> tuple[str, str, int, str, Notes]:
    most = quota.get("most")
    return (
        str(quota["code"]),
        worded.in_words(quota.get("when"), draft),
        most if isinstance(most, int) else 0,
        worded.short(worded.in_reader(quota.get("text"), draft), 160),
        _with_lacking(_of(notes, "quota", quota), quota, editing.languages_in(draft)),
    )


# --- what is to be said ---------------------------------------------------------------------------
def notes_on(draft: Draft) -> dict[str, Notes]:
    """Notes by anchor: mistakes first; where there are none, the remarks on a questionnaire that works."""
    found: dict[str, Notes] = {}
    for finding in check(draft):
        anchor, rest = _anchor(finding, draft)
        sentence = messages.mistake(finding, _)
        place = "" if rest in {"parts", "pages"} else worded.place_in_words(rest)
        words = _("%(place)s: %(sentence)s") % {"place": place, "sentence": sentence} if place else sentence
        found.setdefault(anchor, Notes()).blocking.append(words[:1].upper() + words[1:])
    return found or _remarked(draft)


def _remarked(draft: Draft) -> dict[str, Notes]:
    anchors = {str(page["code"]): f"page-{page['code']}" for page in editing.pages_of(draft)}
    anchors |= {str(quota["code"]): f"quota-{quota['code']}" for quota in editing.records(draft, "quotas")}
    parts = [part for page in editing.pages_of(draft) for part in editing.parts_of(page)]
    anchors |= {str(part["code"]): f"part-{part['code']}" for part in parts}
    found: dict[str, Notes] = {}
    for remark in remarks(from_plain(draft)):
        if remark.code != "not_translated":  # said by `_with_lacking`, for drafts with mistakes too
            notes = found.setdefault(anchors.get(remark.subject, ""), Notes())
            (notes.blocking if remark.blocks else notes.remarks).append(messages.remark(remark, _))
    return found


def _anchor(finding: Finding, draft: Draft) -> tuple[str, str]:
    """The thing a mistake belongs to, and the rest of its path."""
    if found := _QUOTA.match(finding.path):
        quota: Any = draft["quotas"][int(found[1])]
        return (
            (f"quota-{quota['code']}", finding.path[found.end() :]) if isinstance(quota, dict) else ("", "")
        )
    found = _PLACE.match(finding.path)
    if found is None:
        return "", finding.path
    page: Any = draft["pages"][int(found[1])]
    if not isinstance(page, dict):
        return "", finding.path
    if found[2] is None:
        return f"page-{page['code']}", finding.path[found.end() :]
    part: Any = page["parts"][int(found[2])]
    anchor = f"part-{part['code']}" if isinstance(part, dict) else f"page-{page['code']}"
    return anchor, finding.path[found.end() :]


def _of(notes: dict[str, Notes], kind: str, record: Record) -> Notes:
    return notes.get(f"{kind}-{record['code']}", Notes())


def _with_lacking(notes: Notes, thing: Any, languages: list[str]) -> Notes:
    """The notes, and how many texts are not translated; the main language is checked, not translated."""
    for language, count in editing.lacking(thing, languages[1:]).items():
        sentence = ngettext(
            "Not translated into %(language)s: %(count)s text",
            "Not translated into %(language)s: %(count)s texts",
            count,
        )
        notes.remarks.append(sentence % {"language": worded.language_name(language), "count": count})
    return notes
