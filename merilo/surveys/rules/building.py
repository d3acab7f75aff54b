"""Plain values of a checked document into a questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from merilo.framework.catalogue import Text
from merilo.surveys.rules import asking
from merilo.surveys.rules.conditions import SIGNS, Answered, Compared, Condition, Contains, Every, Not
from merilo.surveys.rules.conditions import Some as AnyOf
from merilo.surveys.rules.definition import Block, Breakdown, Definition, Page, Question, Quota
from merilo.surveys.rules.values import as_value

KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind
    for kind in (
        asking.Single,
        asking.Multiple,
        asking.Matrix,
        asking.Rating,
        asking.Recommendation,
        asking.Number,
        asking.Day,
        asking.ShortText,
        asking.LongText,
        asking.Ranking,
        asking.YesNo,
        asking.Upload,
    )
}


def build(data: Any) -> Definition:
    """The questionnaire of a document `checking.check` found nothing wrong with."""
    return _Builder(data).definition()


class _Builder:
    """Knows the languages and, for the values in conditions, the kind of each question."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.languages: tuple[str, ...] = tuple(data["languages"])
        parts = [part for page in data["pages"] for part in page["parts"]]
        self.kinds: dict[str, str] = {part["code"]: part["kind"] for part in parts}
        self.builders: dict[str, Callable[[Any], Any]] = {
            "options": lambda options: tuple(self._made(asking.Option, option) for option in options),
            "rows": lambda rows: tuple(self._made(asking.Row, row) for row in rows),
            "parts": lambda parts: tuple(self._part(part) for part in parts),
            "pages": lambda pages: tuple(self._made(Page, page) for page in pages),
            "quotas": lambda quotas: tuple(self._made(Quota, quota) for quota in quotas),
            "breakdowns": lambda found: tuple(self._made(Breakdown, entry) for entry in found),
            "languages": tuple,
            "show_if": self._condition,
            "when": self._condition,
        }
        texts = (
            "title",
            "description",
            "thanks",
            "text",
            "hint",
            "least_text",
            "most_text",
            "unknown",
            "unit",
        )
        self.builders.update(dict.fromkeys(texts, self._text))

    def definition(self) -> Definition:
        made: Definition = self._made(Definition, self.data)
        return made

    def _made(self, kind: type[Any], record: Mapping[str, Any]) -> Any:
        """A record of a class whose fields are named as its keys."""
        known = {field.name for field in fields(kind) if field.init}
        return kind(**{key: self._value(key, value) for key, value in record.items() if key in known})

    def _value(self, key: str, value: Any) -> Any:
        return self.builders[key](value) if key in self.builders else value

    def _part(self, part: Mapping[str, Any]) -> Question | Block:
        if part["kind"] == "text":
            block: Block = self._made(Block, part)
            return block
        limits = {
            key: as_value(part["kind"], part[key]) for key in ("least", "most") if part.get(key) is not None
        }
        asked = self._made(KINDS[part["kind"]], {**part, **limits})
        question: Question = self._made(Question, {**part, "asked": asked})
        return question

    def _text(self, wordings: Mapping[str, str]) -> Text:
        return Text(tuple((tongue, wordings[tongue]) for tongue in self.languages if tongue in wordings))

    def _condition(self, plain: Sequence[Any]) -> Condition:
        head, *rest = plain
        if head in SIGNS:
            return Compared(rest[0], head, as_value(self.kinds[rest[0].partition(".")[0]], rest[1]))
        if head == "contains":
            return Contains(rest[0], rest[1])
        if head == "answered":
            return Answered(rest[0])
        if head == "not":
            return Not(self._condition(rest[0]))
        parts = tuple(map(self._condition, rest))
        return Every(parts) if head == "and" else AnyOf(parts)
