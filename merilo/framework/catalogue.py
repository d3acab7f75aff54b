"""A framework as frozen values: structure, scales and texts, with lookups by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar


class UnknownCode(KeyError):
    """No part of the framework carries this code."""


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_Part = TypeVar("_Part", bound=_Coded)


def _by_code(parts: Iterable[_Part]) -> dict[str, _Part]:
    return {part.code: part for part in parts}


def _find(parts: Mapping[str, _Part], code: str) -> _Part:
    try:
        return parts[code]
    except KeyError:
        raise UnknownCode(code) from None


@dataclass(frozen=True, slots=True)
class Text(Mapping[str, str]):
    """One text in several languages, in the order of the framework's languages.

    >>> Text((("bg", "Хора"), ("en", "People"))).in_language("en-gb")
    'People'
    >>> Text((("bg", "Хора"), ("en", "People"))).in_language("de")
    'Хора'
    """

    entries: tuple[tuple[str, str], ...]

    def __getitem__(self, language: str) -> str:
        return dict(self.entries)[language]

    def __iter__(self) -> Iterator[str]:
        return (language for language, _ in self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def in_language(self, language: str) -> str:
        """The wording in the language, else in its main language, else in the first one there is."""
        wordings = dict(self.entries)
        main = language.lower().partition("-")[0]
        return wordings.get(language) or wordings.get(main) or self.entries[0][1]


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a scale, both limits included, with the wording that stands for it."""

    low: int
    high: int
    phase: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Component:
    """One of the values whose mean is a score, such as a phase of the cycle."""

    code: str
    title: Text
    text: Text
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """How an item is scored: whole numbers from minimum to maximum, once or per component."""

    code: str
    kind: Literal["bands", "components"]
    minimum: int
    maximum: int
    bands: tuple[Band, ...]
    components: tuple[Component, ...]

    @property
    def span(self) -> int:
        """Distance from the lowest to the highest score, in points."""
        return self.maximum - self.minimum

    def component(self, code: str) -> Component:
        return _find(_by_code(self.components), code)

    def bands_of(self, component: str | None = None) -> tuple[Band, ...]:
        """The bands of a component (the scale's own where it has none), or without one the scale's."""
        return self.bands if component is None else (self.component(component).bands or self.bands)

    def band_for(self, score: int, component: str | None = None) -> Band:
        """The band a whole score lies in. Errors: UnknownCode outside the limits."""
        for band in self.bands_of(component):
            if band.low <= score <= band.high:
                return band
        raise UnknownCode(str(score))


@dataclass(frozen=True, slots=True)
class Method:
    """A way of scoring that an assessment may choose: one scale for each panel."""

    code: str
    title: Text
    description: Text
    scales: tuple[tuple[str, str], ...]

    def scale_of(self, panel: str) -> str:
        """Code of the scale for a panel. Errors: UnknownCode."""
        for known, scale in self.scales:
            if known == panel:
                return scale
        raise UnknownCode(panel)


@dataclass(frozen=True, slots=True)
class Panel:
    """Criteria that are scored in the same way: enablers, results."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Item:
    """What is scored: a sub-criterion with its official title and our plain words about it."""

    code: str
    title: Text
    short: Text
    asks: Text
    explanation: Text
    evidence_hint: Text
    examples: tuple[Text, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    panel: str
    title: Text
    short: Text
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the cycle; `phase` groups steps."""

    number: int
    phase: str
    title: Text
    short: Text


@dataclass(frozen=True, slots=True)
class _Index:
    panels: dict[str, Panel]
    scales: dict[str, Scale]
    methods: dict[str, Method]
    criteria: dict[str, Criterion]
    items: dict[str, Item]
    criterion_of: dict[str, Criterion]


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition of an assessment model. Every lookup raises UnknownCode for a code it does not have."""

    code: str
    version: str
    edition: Text
    title: Text
    languages: tuple[str, ...]
    source: Text
    steps: tuple[Step, ...]
    methods: tuple[Method, ...]
    scales: tuple[Scale, ...]
    panels: tuple[Panel, ...]
    criteria: tuple[Criterion, ...]
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = _Index(
            panels=_by_code(self.panels),
            scales=_by_code(self.scales),
            methods=_by_code(self.methods),
            criteria=_by_code(self.criteria),
            items=_by_code(self.items),
            criterion_of={item.code: criterion for criterion in self.criteria for item in criterion.items},
        )
        object.__setattr__(self, "_index", index)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the framework's order."""
        return tuple(item for criterion in self.criteria for item in criterion.items)

    def item(self, code: str) -> Item:
        return _find(self._index.items, code)

    def criterion(self, code: str) -> Criterion:
        return _find(self._index.criteria, code)

    def panel(self, code: str) -> Panel:
        return _find(self._index.panels, code)

    def method(self, code: str) -> Method:
        return _find(self._index.methods, code)

    def scale(self, code: str) -> Scale:
        return _find(self._index.scales, code)

    def step(self, number: int) -> Step:
        for step in self.steps:
            if step.number == number:
                return step
        raise UnknownCode(str(number))

    def criterion_of(self, item_code: str) -> Criterion:
        """The criterion an item belongs to."""
        return _find(self._index.criterion_of, item_code)

    def panel_of(self, item_code: str) -> Panel:
        """The panel an item is scored on."""
        return self.panel(self.criterion_of(item_code).panel)

    def criteria_on(self, panel_code: str) -> tuple[Criterion, ...]:
        """The criteria of one panel in the framework's order."""
        return tuple(criterion for criterion in self.criteria if criterion.panel == panel_code)

    def scale_for(self, item_code: str, method_code: str) -> Scale:
        """The scale an item is scored with under a method."""
        panel = self.criterion_of(item_code).panel
        return self.scale(self.method(method_code).scale_of(panel))

    def neighbours(self, item_code: str) -> tuple[Item | None, Item | None]:
        """The items before and after this one."""
        items = self.items
        place = items.index(self.item(item_code))
        before = items[place - 1] if place else None
        after = items[place + 1] if place + 1 < len(items) else None
        return before, after
