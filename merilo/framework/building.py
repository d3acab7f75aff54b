"""Plain values of a checked document into the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from merilo.framework.catalogue import (
    Band,
    Component,
    Criterion,
    Framework,
    Item,
    Method,
    Panel,
    Scale,
    Step,
    Text,
)

Languages = tuple[str, ...]


def build(data: Any) -> Framework:
    """The framework of a document `checking.check` found nothing wrong with; steps may be absent."""
    languages = tuple(data["languages"])
    return Framework(
        code=data["code"],
        version=data["version"],
        edition=_text(data["edition"], languages),
        title=_text(data["title"], languages),
        languages=languages,
        source=_text(data["source"], languages),
        steps=build_steps(data.get("steps", ()), languages),
        methods=tuple(_method(method, languages) for method in data["methods"]),
        scales=tuple(_scale(scale, languages) for scale in data["scales"]),
        panels=tuple(Panel(panel["code"], _text(panel["title"], languages)) for panel in data["panels"]),
        criteria=tuple(_criterion(criterion, languages) for criterion in data["criteria"]),
    )


def build_steps(steps: Sequence[Mapping[str, Any]], languages: Languages) -> tuple[Step, ...]:
    """The steps of a cycle; a text without one of the languages appears in English there."""
    return tuple(
        Step(step["number"], step["phase"], _text(step["title"], languages), _text(step["short"], languages))
        for step in steps
    )


def _text(wordings: Mapping[str, str], languages: Languages) -> Text:
    return Text(tuple((language, wordings.get(language) or wordings["en"]) for language in languages))


def _method(method: Mapping[str, Any], languages: Languages) -> Method:
    return Method(
        code=method["code"],
        title=_text(method["title"], languages),
        description=_text(method["description"], languages),
        scales=tuple(sorted(method["scales"].items())),
    )


def _scale(scale: Mapping[str, Any], languages: Languages) -> Scale:
    return Scale(
        code=scale["code"],
        kind=scale["kind"],
        minimum=scale["minimum"],
        maximum=scale["maximum"],
        bands=_bands(scale, languages),
        components=tuple(_component(component, languages) for component in scale.get("components", ())),
    )


def _component(component: Mapping[str, Any], languages: Languages) -> Component:
    return Component(
        code=component["code"],
        title=_text(component["title"], languages),
        text=_text(component["text"], languages),
        bands=_bands(component, languages),
    )


def _bands(owner: Mapping[str, Any], languages: Languages) -> tuple[Band, ...]:
    bands = (
        Band(band["low"], band["high"], _text(band["phase"], languages), _text(band["text"], languages))
        for band in owner.get("bands", ())
    )
    return tuple(sorted(bands, key=lambda band: band.low))


def _criterion(criterion: Mapping[str, Any], languages: Languages) -> Criterion:
    return Criterion(
        code=criterion["code"],
        panel=criterion["panel"],
        title=_text(criterion["title"], languages),
        short=_text(criterion["short"], languages),
        items=tuple(_item(item, languages) for item in criterion["items"]),
    )


def _item(item: Mapping[str, Any], languages: Languages) -> Item:
    return Item(
        code=item["code"],
        title=_text(item["title"], languages),
        short=_text(item["short"], languages),
        asks=_text(item["asks"], languages),
        explanation=_text(item["explanation"], languages),
        evidence_hint=_text(item["evidence_hint"], languages),
        examples=tuple(_text(example, languages) for example in item["examples"]),
        related=tuple(item.get("related", ())),
    )
