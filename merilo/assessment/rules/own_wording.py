"""The explanation and the examples of a sub-criterion: the model's, or an organisation's beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from merilo.framework.catalogue import Item


@dataclass(frozen=True, slots=True)
class Example:
    """One example; `key` holds on to it whatever stands before it in the list."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """An explanation and examples as plain texts."""

    explanation: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worded:
    """What is shown, and the model's own texts; what is adapted differs from them."""

    explanation: str
    examples: tuple[Example, ...]
    original: Texts

    @property
    def has_own_explanation(self) -> bool:
        return self.explanation != self.original.explanation

    @property
    def has_own_examples(self) -> bool:
        return tuple(example.text for example in self.examples) != self.original.examples

    @property
    def is_adapted(self) -> bool:
        return self.has_own_explanation or self.has_own_examples


def original(item: Item, language: str) -> Texts:
    """The model's own texts in a language."""
    examples = tuple(example.in_language(language) for example in item.examples)
    return Texts(item.explanation.in_language(language), examples)


def worded(item: Item, language: str, own: Texts = Texts()) -> Worded:
    """What an organisation shows of an item: its own texts where it has any, else the model's."""
    model = original(item, language)
    examples = own.examples or model.examples
    return Worded(
        explanation=own.explanation or model.explanation,
        examples=tuple(Example(_key(text, model.examples), text) for text in examples),
        original=model,
    )


def differing(item: Item, language: str, texts: Texts) -> Texts:
    """What of the texts is the organisation's own: those that say what the model says are left out."""
    model = original(item, language)
    return Texts(
        "" if texts.explanation == model.explanation else texts.explanation,
        () if texts.examples == model.examples else texts.examples,
    )


def _key(text: str, originals: Sequence[str]) -> str:
    """The number of an example of the model, counted from 1; of an own one what its text gives."""
    if text in originals:
        return str(originals.index(text) + 1)
    return f"own-{sha256(text.encode()).hexdigest()[:10]}"
