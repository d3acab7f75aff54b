"""A questionnaire as plain values and as JSON: always the same words for the same questionnaire."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from merilo.framework.catalogue import Text
from merilo.framework.findings import Finding, FrameworkInvalid
from merilo.framework.parsing import Plain, parse_json
from merilo.surveys.rules.building import build
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.conditions import Answered, Compared, Condition, Contains, Every, Not
from merilo.surveys.rules.conditions import Some as AnyOf
from merilo.surveys.rules.definition import Block, Definition, Question
from merilo.surveys.rules.values import as_plain


class DefinitionInvalid(ValueError):
    """The document is no questionnaire; `findings` names every mistake with its path."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{finding.path}: {finding.code}" for finding in findings[:20]))


def from_json(source: str) -> Definition:
    """The questionnaire in a JSON document. Errors: DefinitionInvalid with every mistake."""
    try:
        return from_plain(parse_json(source).data)
    except FrameworkInvalid as error:
        raise DefinitionInvalid(list(error.findings)) from None


def from_plain(data: object) -> Definition:
    """The questionnaire in plain values. Errors: DefinitionInvalid with every mistake."""
    if findings := check(data):
        raise DefinitionInvalid(findings)
    return build(data)


def to_json(definition: Definition) -> str:
    """The questionnaire as JSON, byte for byte the same whenever it is the same."""
    return json.dumps(to_plain(definition), ensure_ascii=False, indent=1) + "\n"


def to_plain(definition: Definition) -> dict[str, Plain]:
    """The questionnaire as plain values: fields in their order, what is as usual left out."""
    return _record(definition)


def condition_to_plain(condition: Condition) -> list[Plain]:
    """A condition as a list that begins with its sign.

    >>> condition_to_plain(Every((Compared("age", ">=", 18), Not(Answered("city")))))
    ['and', ['>=', 'age', 18], ['not', ['answered', 'city']]]
    """
    if isinstance(condition, Compared):
        return [condition.sign, condition.item, _value(condition.value)]
    if isinstance(condition, Contains):
        return ["contains", condition.item, condition.option]
    if isinstance(condition, Answered):
        return ["answered", condition.item]
    if isinstance(condition, Not):
        return ["not", condition_to_plain(condition.part)]
    head = "and" if isinstance(condition, Every) else "or"
    return [head, *map(condition_to_plain, condition.parts)]


def _record(thing: Any) -> dict[str, Plain]:
    fields = {
        field.name: getattr(thing, field.name)
        for field in dataclasses.fields(thing)
        if field.init and getattr(thing, field.name) != field.default
    }
    if isinstance(thing, Question):
        asked = fields.pop("asked")
        return {"kind": asked.kind} | {key: _value(value) for key, value in fields.items()} | _record(asked)
    kind: dict[str, Plain] = {"kind": "text"} if isinstance(thing, Block) else {}
    return kind | {key: _value(value) for key, value in fields.items()}


def _value(value: Any) -> Plain:
    if isinstance(value, Text):
        return dict(value.entries)
    if isinstance(value, Compared | Contains | Answered | Every | AnyOf | Not):
        return condition_to_plain(value)
    if isinstance(value, tuple):
        return [_value(entry) for entry in value]
    return _record(value) if dataclasses.is_dataclass(value) else as_plain(value)
