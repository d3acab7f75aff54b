"""Readers for questions with options: one, several, one for each row, or all in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from merilo.surveys.rules import asking
from merilo.surveys.rules.asking import Option
from merilo.surveys.rules.definition import Question
from merilo.surveys.rules.raw import Found, Raw, Reader, Refused, chosen, clean, one, whole

LINE = 200  # characters of a line for "other"


def _codes(options: Sequence[Option], *roles: str) -> frozenset[str]:
    return frozenset(option.code for option in options if not roles or option.role in roles)


def _lines(question: Question) -> Callable[[Raw], Iterator[tuple[str, str]]]:
    """The lines for "other" that something was written in: option and text."""
    others = [
        (option.code, f"{question.code}.{option.code}")
        for option in question.options
        if option.role == "other"
    ]

    def read(raw: Raw) -> Iterator[tuple[str, str]]:
        for option, key in others:
            if text := clean(one(raw, key), LINE):
                yield option, text

    return read


def single(question: Question, asked: asking.Single) -> Reader:
    """Whoever writes a line for "other" and chooses nothing has chosen "other"."""
    code, codes, lines = question.code, _codes(asked.options), _lines(question)

    def read(raw: Raw) -> Found:
        text, written = one(raw, code), dict(lines(raw))
        option = chosen(text, codes) if text else next(iter(written), "")
        found: Found = {code: option} if option else {}
        return found | ({f"{code}.{option}": written[option]} if option in written else {})

    return read


def multiple(question: Question, asked: asking.Multiple) -> Reader:
    code, order, lines = question.code, [option.code for option in asked.options], _lines(question)
    codes, alone = frozenset(order), _codes(asked.options, "none", "unknown")

    def read(raw: Raw) -> Found:
        written = dict(lines(raw))
        said = {chosen(text, codes) for text in raw.get(code, ())} | written.keys()
        if not said:
            return {}
        if said & alone:
            if len(said) > 1:
                raise Refused("none_and_others")
        elif asked.least and len(said) < asked.least:
            raise Refused("too_few", least=asked.least)
        elif asked.most and len(said) > asked.most:
            raise Refused("too_many", most=asked.most)
        texts = {f"{code}.{option}": text for option, text in written.items()}
        return {code: tuple(option for option in order if option in said), **texts}

    return read


def matrix(question: Question, asked: asking.Matrix) -> Reader:
    codes, items = _codes(asked.options), question.items

    def read(raw: Raw) -> Found:
        texts = ((item, one(raw, item)) for item in items)
        return {item: chosen(text, codes) for item, text in texts if text}

    return read


def ranking(question: Question, asked: asking.Ranking) -> Reader:
    keys = {option.code: f"{question.code}.{option.code}" for option in asked.options}
    most = asked.most or len(keys)

    def read(raw: Raw) -> Found:
        texts = ((option, one(raw, key)) for option, key in keys.items())
        ranked = [(_place(text, most), option) for option, text in texts if text]
        places = sorted(place for place, _ in ranked)
        if len(set(places)) < len(places):
            raise Refused("place_twice")
        if places != list(range(1, len(places) + 1)):
            raise Refused("place_left_out")
        if question.required and ranked and len(ranked) < most:
            raise Refused("places_missing", most=most)
        return {question.code: tuple(option for _, option in sorted(ranked))} if ranked else {}

    return read


def _place(text: str, most: int) -> int:
    place = whole(text)
    if place is None or not 1 <= place <= most:
        raise Refused("not_place", most=most)
    return place
