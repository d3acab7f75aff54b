"""The form of one sub-criterion: what was sent, what of it can be stored, and what is wrong with the rest.

Nothing that was typed is lost: a part that cannot be stored keeps its typed text on the page and its last
good value in the sheet, and everything else is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from secrets import token_urlsafe
from typing import Any

from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from merilo.assessment.actions.sheets import Content, content_of
from merilo.assessment.forms.sheet_fields import (
    BandField,
    LineField,
    PartField,
    Told,
    Wording,
    language,
    line_words,
    wordings,
)
from merilo.assessment.models import Judgement, LineKind
from merilo.assessment.rules import scoring
from merilo.assessment.rules.lines import LONGEST_LINE, MOST_LINES
from merilo.assessment.rules.own_wording import Worded
from merilo.core.texts import BadText, clean_line, clean_text
from merilo.framework.catalogue import Band, Component, Item, Scale, UnknownCode
from merilo.web.items import Link

LONGEST_REASON = 2000
CANNOT = "cannot"
EXAMPLE_ANSWERS = ("yes", "no", "unknown")
MOST_TICKS = 100
_EXAMPLE = re.compile(r"example-([1-9][0-9]?|own-[0-9a-f]{10})")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_WHOLE = re.compile(r"[0-9]{1,9}")


class JudgementForm:
    """One sub-criterion of one sheet; `data` is what was sent, None when the page is only shown."""

    def __init__(
        self,
        item: Item,
        scale: Scale,
        stored: Judgement | None,
        data: QueryDict | None = None,
    ) -> None:
        self.item, self.scale, self.stored, self.data = item, scale, stored, data
        self.errors: dict[str, str] = {}
        self.lines = {kind: self._lines_of(kind) for kind in LineKind.values}
        self.content = self._content() if data is not None else content_of(stored)

    # --- what the page shows ------------------------------------------------------------------

    @property
    def version(self) -> int:
        """The version the typed text builds on; 0 before anything is stored."""
        return _whole(self.data.get("version", "")) or 0 if self.data is not None else self._stored_version

    @property
    def opened(self) -> datetime | None:
        """When the page was opened, as it says itself; only used to guess the time spent."""
        seconds = self.data.get("opened", "") if self.data is not None else ""
        return datetime.fromtimestamp(int(seconds), tz=UTC) if re.fullmatch(r"[0-9]{9,11}", seconds) else None

    @property
    def _stored_version(self) -> int:
        return self.stored.version if self.stored else 0

    @property
    def is_in_bands(self) -> bool:
        """One whole number, chosen through a band."""
        return not self.scale.components

    @property
    def bands(self) -> list[BandField]:
        """The bands from the lowest to the highest."""
        score = self._values.get(scoring.SINGLE)
        return [self._band(str(n), band, score) for n, band in enumerate(self.scale.bands)]

    def _band(self, index: str, band: Band, score: int | None) -> BandField:
        inside = score is not None and band.low <= score <= band.high
        if self.data is None:
            return BandField(index, band, str(score) if inside else "", inside and not self.cannot)
        typed = self.data.get(f"score-points-{index}", "")
        error = self.errors.get(f"score-points-{index}", "")
        return BandField(index, band, typed, self.data.get("score-band", "") == index, error)

    @property
    def parts(self) -> list[PartField]:
        """The components of the score in their order."""
        return [
            PartField(
                code=part.code,
                title=part.title.in_language(language()),
                text=part.text.in_language(language()),
                typed=self._typed(part.code),
                error=self.errors.get(f"score-{part.code}", ""),
                band=self._band_of(part.code),
                own=wordings(part.bands),
            )
            for part in self.scale.components
        ]

    def _typed(self, code: str) -> str:
        if self.data is not None:
            return self.data.get(f"score-{code}", "")
        value = self._values.get(code)
        return "" if value is None else str(value)

    def _band_of(self, code: str) -> Band | None:
        value = _whole(self._typed(code))
        try:
            return None if value is None else self.scale.band_for(value, code)
        except UnknownCode:
            return None

    @property
    def is_chosen(self) -> bool:
        """A band or "cannot judge" is chosen."""
        return self.cannot or any(row.chosen for row in self.bands)

    @property
    def wordings(self) -> list[Wording]:
        """The bands of the scale to read."""
        return wordings(self.scale.bands or self.scale.components[0].bands)

    @property
    def common(self) -> list[Wording]:
        """What the numbers of a component mean, where this is the same for all of them."""
        return wordings(self.scale.bands) if any(not part.bands for part in self.scale.components) else []

    @property
    def reason_error(self) -> str:
        return self.errors.get("score-reason", "")

    @property
    def mean(self) -> tuple[str, Decimal] | None:
        """The sum as people would write it, and the exact score, once every component is there."""
        values = self.content.values
        score = scoring.score_or_none(self.scale, values) if self.scale.components else None
        if score is None:
            return None
        numbers = [str(values[part.code]) for part in self.scale.components]
        return f"({' + '.join(numbers)}) ÷ {len(numbers)}", score

    @property
    def mean_text(self) -> str:
        """The score with the language's decimal mark, exact where it is short."""
        mark = str(get_format("DECIMAL_SEPARATOR"))
        return f"{self.mean[1]:.4g}".replace(".", mark) if self.mean else ""

    @property
    def cannot(self) -> bool:
        """Whether “I cannot judge” is chosen."""
        if self.data is None:
            return bool(self.stored and self.stored.cannot_judge)
        return CANNOT in (self.data.get("score-band"), self.data.get("score-cannot"))

    @property
    def reason(self) -> str:
        """Why not, as typed."""
        if self.data is not None:
            return self.data.get("score-reason", "")
        return self.stored.reason if self.stored else ""

    @property
    def ready(self) -> bool:
        """The person says the sub-criterion is finished."""
        if self.data is not None:
            return self.data.get("ready") == "yes"
        return bool(self.stored and self.stored.ready)

    def examples(self, worded: Worded) -> list[tuple[str, str, str]]:
        """Key, text and private tick of each example that is shown."""
        ticks = self.ticks
        return [(one.key, one.text, ticks.get(one.key, "")) for one in worded.examples]

    @property
    def ticks(self) -> dict[str, str]:
        """The private ticks by example: those sent, and those of examples that the page did not show."""
        kept = dict(self.stored.examples) if self.stored else {}
        for name, tick in (self.data or QueryDict()).items():
            key = _EXAMPLE.fullmatch(name)
            if key and tick in EXAMPLE_ANSWERS and (key[1] in kept or len(kept) < MOST_TICKS):
                kept[key[1]] = str(tick)
        return kept

    @property
    def told(self) -> Told:
        """What is said, to be read beside another version of it."""
        return Told(
            score=self._score_told(),
            reason=self.reason if self.cannot else "",
            blocks=[
                (block["title"], [line.text for line in block["lines"] if line.text]) for block in self.blocks
            ],
        )

    def _score_told(self) -> str:
        if self.cannot:
            return _("Cannot judge")
        if self.is_in_bands:
            return next((row.typed or row.range for row in self.bands if row.chosen), "")
        return " · ".join(f"{part.title} {part.typed}" for part in self.parts if part.typed)

    @property
    def summary(self) -> list[Link]:
        """All mistakes with the fields they belong to, in the order of the page."""
        return [Link(text, f"#{field}") for field, text in self.errors.items()]

    # --- what can be stored -------------------------------------------------------------------

    @property
    def _values(self) -> dict[str, int]:
        return dict(self.stored.values) if self.stored and not self.stored.cannot_judge else {}

    def _content(self) -> Content:
        values, cannot = self._score()
        content = Content(
            values=values,
            cannot_judge=cannot,
            reason=self._reason(),
            lines={kind: rows for kind in LineKind.values if (rows := self._kept_lines(kind))},
            examples=self.ticks,
            ready=False,
        )
        return self._with_ready(content)

    def _score(self) -> tuple[dict[str, int], bool]:
        """Values to store and "cannot judge"; what is half typed leaves the stored score as it was."""
        if self.cannot:
            if any(self._typed(part.code).strip() for part in self.scale.components):
                self.errors["score-cannot"] = _("Give the points or say that you cannot judge, not both.")
                return self._values, bool(self.stored and self.stored.cannot_judge)
            if self.reason.strip():
                return {}, True
            self.errors["score-reason"] = _("Write in a few words why you cannot judge.")
            return self._values, bool(self.stored and self.stored.cannot_judge)
        values = self._single() if self.is_in_bands else self._components()
        return values, False

    def _single(self) -> dict[str, int]:
        chosen = next((row for row in self.bands if row.chosen), None)
        if chosen is None:
            return {}
        value = chosen.band.low if chosen.is_single else _whole(chosen.typed)
        if value is not None and chosen.band.low <= value <= chosen.band.high:
            return {scoring.SINGLE: value}
        self.errors[f"score-points-{chosen.index}"] = _enter_between(chosen.band.low, chosen.band.high)
        return self._values

    def _components(self) -> dict[str, int]:
        values: dict[str, int] = {}
        for part in self.scale.components:
            value = self._component(part)
            if value is not None:
                values[part.code] = value
        return values

    def _component(self, part: Component) -> int | None:
        typed = self._typed(part.code)
        if not typed.strip():
            return None
        value = _whole(typed)
        if value is not None and self.scale.minimum <= value <= self.scale.maximum:
            return value
        words = _("%(part)s: enter a whole number from %(low)s to %(high)s")
        self.errors[f"score-{part.code}"] = words % {
            "part": part.title.in_language(language()),
            "low": self.scale.minimum,
            "high": self.scale.maximum,
        }
        return self._values.get(part.code)

    def _reason(self) -> str:
        try:
            return clean_text(self.reason, LONGEST_REASON)
        except BadText as error:
            self.errors["score-reason"] = error.sentence
            return self.stored.reason if self.stored else ""

    def _with_ready(self, content: Content) -> Content:
        if not self.ready:
            return content
        answered = content.cannot_judge or scoring.is_complete(self.scale, content.values)
        if not answered and not self.errors:
            words = _("Give a score or say that you cannot judge before you mark it as ready.")
            self.errors["ready-yes"] = words
        return replace(content, ready=answered and not self.errors)

    # --- lines --------------------------------------------------------------------------------

    def _lines_of(self, kind: str) -> list[LineField]:
        """The lines as typed, then an empty one."""
        rows = list(self._sent(kind)) if self.data is not None else list(self._stored_lines(kind))
        return [*rows, LineField(id=token_urlsafe(6))]

    def _stored_lines(self, kind: str) -> Iterator[LineField]:
        for line in self.stored.lines.get(kind, []) if self.stored else []:
            yield LineField(id=line["id"], text=line["text"], named=bool(line.get("named")))

    def _sent(self, kind: str) -> Iterator[LineField]:
        data = self.data or QueryDict()
        ids, named = data.getlist(f"{kind}-id"), set(data.getlist(f"{kind}-named"))
        used: set[str] = set()
        for place, text in enumerate(data.getlist(f"{kind}-text")):
            identity = ids[place] if place < len(ids) else ""
            if not _ID.fullmatch(identity) or identity in used:
                identity = f"{kind}{place + 1}"  # the same for the same form, so that a repeat is the same
            used.add(identity)
            if text.strip():
                yield from _split(LineField(identity, text, identity in named))

    def _kept_lines(self, kind: str) -> list[dict[str, Any]]:
        before = {line.id: line for line in self._stored_lines(kind)}
        kept: list[LineField] = []
        for place, line in enumerate(self.lines[kind][:-1]):
            good = self._checked(kind, line, place)
            good = good or before.get(line.id)
            if good is not None:
                kept.append(good)
        return [{"id": line.id, "text": line.text, "named": line.named} for line in kept]

    def _checked(self, kind: str, line: LineField, place: int) -> LineField | None:
        try:
            text = clean_line(line.text, LONGEST_LINE)
        except BadText as error:
            line.error = error.sentence
        else:
            if place < MOST_LINES:
                return LineField(line.id, text, line.named)
            line.error = _("There are more than %(most)s lines. Join some of them.") % {"most": MOST_LINES}
        self.errors[f"{kind}-{line.id}"] = line.error
        return None

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The three lists of lines with their words."""
        return [
            {"kind": kind, "lines": self.lines[kind], "further": _further(self.lines[kind]), **words}
            for kind, words in line_words().items()
        ]


def _further(lines: list[LineField]) -> list[tuple[int, LineField]]:
    """Three more empty lines for browsers without scripts, with their numbers."""
    return [(len(lines) + n, LineField(id=token_urlsafe(6))) for n in (1, 2, 3)]


def _split(line: LineField) -> Iterable[LineField]:
    """A pasted list becomes one line per thought; further lines get ids derived from the first."""
    texts = [part for part in re.split(r"\r\n|\r|\n", line.text) if part.strip()]
    for number, text in enumerate(texts, start=1):
        identity = line.id if number == 1 else f"{line.id[:34]}-{number}"
        yield LineField(identity, text, line.named)


def _whole(text: str) -> int | None:
    """The whole number typed, or None; no signs, decimals or other digits."""
    typed = text.strip()
    return int(typed) if _WHOLE.fullmatch(typed) else None


def _enter_between(low: int, high: int) -> str:
    return _("Enter a whole number from %(low)s to %(high)s") % {"low": low, "high": high}
