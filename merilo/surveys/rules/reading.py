"""What one question makes of raw form values: a function for each question, made once for a survey.

A form field has the name of its item ("q", "q.row"), a line for "other" that of its option ("q.other"); in a
ranking each option has a field with its place. A choice sends codes, yes or no "yes" or "no".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from merilo.surveys.rules import asking, choosing
from merilo.surveys.rules.asking import UNKNOWN
from merilo.surveys.rules.conditions import Value
from merilo.surveys.rules.definition import Question
from merilo.surveys.rules.raw import (
    Found,
    Raw,
    Reader,
    Refused,
    as_day,
    as_number,
    chosen,
    clean,
    in_time,
    one,
    whole,
    within,
)

_FILE = re.compile(r"[0-9a-f]{64}")


def reader_of(question: Question) -> Reader:
    """The function that reads this question's answers. What it gives is empty where nothing was answered."""
    return _READERS[type(question.asked)](question, question.asked)


def _value(question: Question, parse: Callable[[str], Value]) -> Reader:
    """A question with one field; nothing was answered where it is empty."""
    code = question.code

    def read(raw: Raw) -> Found:
        text = one(raw, code)
        return {code: parse(text)} if text else {}

    return read


def _rating(question: Question, asked: asking.Rating | asking.Recommendation) -> Reader:
    def parse(text: str) -> Value:
        if text == UNKNOWN and asked.unknown is not None:
            return UNKNOWN
        points = whole(text)
        if points is None or not asked.least <= points <= asked.most:
            raise Refused("unknown_option")
        return points

    return _value(question, parse)


def _number(question: Question, asked: asking.Number) -> Reader:
    return _value(question, lambda text: within(as_number(text, asked.decimals), asked.least, asked.most))


def _day(question: Question, asked: asking.Day) -> Reader:
    return _value(question, lambda text: in_time(as_day(text), asked.least, asked.most))


def _short(question: Question, asked: asking.ShortText) -> Reader:
    return _value(question, lambda text: " ".join(clean(text, asked.most).split()))


def _long(question: Question, asked: asking.LongText) -> Reader:
    return _value(question, lambda text: clean(text, asked.most))


def _yesno(question: Question, asked: asking.YesNo) -> Reader:
    return _value(question, lambda text: chosen(text, frozenset({"yes", "no"})) == "yes")


def _upload(question: Question, asked: asking.Upload) -> Reader:
    """The file itself was stored before; its field holds the hash it is found by."""

    def parse(text: str) -> Value:
        if not _FILE.fullmatch(text):
            raise Refused("not_file")
        return text

    return _value(question, parse)


_READERS: Mapping[type[Any], Callable[[Question, Any], Reader]] = {
    asking.Single: choosing.single,
    asking.Multiple: choosing.multiple,
    asking.Matrix: choosing.matrix,
    asking.Ranking: choosing.ranking,
    asking.Rating: _rating,
    asking.Recommendation: _rating,
    asking.Number: _number,
    asking.Day: _day,
    asking.ShortText: _short,
    asking.LongText: _long,
    asking.YesNo: _yesno,
    asking.Upload: _upload,
}
