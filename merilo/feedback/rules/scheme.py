"""A scheme of external feedback as frozen values: what is judged, on which scales, what is awarded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from merilo.framework.catalogue import Text

RuleKind = Literal["sum", "each"]


@dataclass(frozen=True, slots=True)
class Degree:
    """One degree of a scale: its points, its name and what one sees where it is reached."""

    points: int
    title: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Scale:
    """Degrees from the fewest points to the most."""

    code: str
    degrees: tuple[Degree, ...]

    def degree(self, points: int) -> Degree | None:
        """The degree of so many points, None where there is none."""
        return next((one for one in self.degrees if one.points == points), None)


@dataclass(frozen=True, slots=True)
class Question:
    """What an actor gives points for."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Item:
    """A step or a principle: its points are the mean of its questions. `known` are facts of `readiness`."""

    code: str
    title: Text
    known: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Pillar:
    """A part of the scheme whose items are judged on one scale."""

    code: str
    title: Text
    about: Text
    scale: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`sum`: the points of the items together reach `least`; `each`: every one of them does."""

    kind: RuleKind
    items: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Award:
    """What is given where all rules are met: valid for whole years, reminded of so many days before."""

    code: str
    title: Text
    years: int
    remind: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Whole months after the approval of the report from and until which one may apply."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """The whole scheme; `awards` go from the lowest to the highest, `required` are facts of `readiness`."""

    code: str
    version: str
    title: Text
    source: Text
    window: Window | None
    required: tuple[str, ...]
    scales: tuple[Scale, ...]
    pillars: tuple[Pillar, ...]
    awards: tuple[Award, ...]

    def items(self) -> Iterator[tuple[Pillar, Item]]:
        """All items with their pillars, in order."""
        return ((pillar, item) for pillar in self.pillars for item in pillar.items)

    def questions(self) -> Iterator[str]:
        """The codes of all questions, in order."""
        return (question.code for _pillar, item in self.items() for question in item.questions)

    def scale_of(self, pillar: Pillar) -> Scale:
        """The scale of a pillar."""
        return next(scale for scale in self.scales if scale.code == pillar.scale)

    def award(self, code: str) -> Award | None:
        """The award of a code, None where there is none."""
        return next((one for one in self.awards if one.code == code), None)


# --- from plain values ----------------------------------------------------------------------------
def build(data: Mapping[str, Any]) -> Scheme:
    """The scheme in a document that was checked."""
    window = data.get("window")
    return Scheme(
        code=data["code"],
        version=data["version"],
        title=_text(data["title"]),
        source=_text(data["source"]),
        window=Window(window["first"], window["last"]) if window else None,
        required=tuple(data.get("required", ())),
        scales=tuple(map(_scale, data["scales"])),
        pillars=tuple(map(_pillar, data["pillars"])),
        awards=tuple(map(_award, data["awards"])),
    )


def _text(data: Mapping[str, str]) -> Text:
    return Text(tuple(data.items()))


def _scale(data: Mapping[str, Any]) -> Scale:
    degrees = data["degrees"]
    return Scale(
        data["code"],
        tuple(Degree(one["points"], _text(one["title"]), _text(one["meaning"])) for one in degrees),
    )


def _pillar(data: Mapping[str, Any]) -> Pillar:
    return Pillar(
        data["code"],
        _text(data["title"]),
        _text(data["about"]),
        data["scale"],
        tuple(map(_item, data["items"])),
    )


def _item(data: Mapping[str, Any]) -> Item:
    return Item(
        data["code"],
        _text(data["title"]),
        tuple(data.get("known", ())),
        tuple(Question(one["code"], _text(one["text"])) for one in data["questions"]),
    )


def _award(data: Mapping[str, Any]) -> Award:
    rules = (Rule(one["kind"], tuple(one["items"]), one["least"]) for one in data["rules"])
    return Award(data["code"], _text(data["title"]), data["years"], data["remind"], tuple(rules))
