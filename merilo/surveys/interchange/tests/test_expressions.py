"""Conditions of other programs: what they say here, and what is refused rather than half understood."""

from __future__ import annotations

from typing import Any

import pytest

from merilo.surveys.interchange.expressions import (
    Translator,
    Untranslatable,
    Variable,
    parse_script,
    parse_xpath,
)

KNOWN = {
    "s": Variable("s", "single", {"a": "a", "b": "b"}),
    "n": Variable("n", "number"),
    "m": Variable("m", "multiple", {"a": "a", "b": "b"}),
    "d": Variable("d", "date"),
    "t": Variable("t", "short"),
    "l": Variable("l", "long"),
    "y": Variable("y", "yesno", {"Y": True, "N": False}),
    "k": Variable("k", "single", {"1": "1", "2": "2", "3": "3"}),
    "m_a": Variable("m", "multiple", option="a"),
}
A = ["=", "s", "a"]


def from_xpath(source: str) -> Any:
    return Translator(KNOWN.get).condition(parse_xpath(source))


def from_script(source: str) -> Any:
    def known(name: str) -> Variable | None:
        return KNOWN.get(name.removesuffix(".NAOK"))

    return Translator(known).condition(parse_script(source))


@pytest.mark.parametrize(
    ("source", "condition"),
    [
        ("${s} = 'a'", A),
        ('"a"=${ s }', A),
        ("${s}='a' and (${n} > 5 or ${n} <= -1)", ["and", A, ["or", [">", "n", 5], ["<=", "n", -1]]]),
        ("5 < ${n}", [">", "n", 5]),
        ("${s} != 'a'", ["not", A]),
        ("not(${s} = '' or ${s} = 'a')", ["!=", "s", "a"]),
        ("${s} != ''", ["answered", "s"]),
        ('${l} = ""', ["not", ["answered", "l"]]),
        ("string-length(${t}) > 0", ["answered", "t"]),
        ("count-selected(${m}) >= 1", ["answered", "m"]),
        ("selected(${m}, 'a')", ["contains", "m", "a"]),
        ("selected(${s}, 'a')", A),
        ("not(selected(${m},'b')) AND true()", ["and", ["not", ["contains", "m", "b"]]]),
        ("selected(${m},'b') = false()", ["not", ["contains", "m", "b"]]),
        ("${m} = 'a'", ["and", ["contains", "m", "a"], ["not", ["contains", "m", "b"]]]),
        ("${d} >= date('2026-05-24')", [">=", "d", "2026-05-24"]),
        ("number(${n}) = 3.0", ["=", "n", 3]),
        ("int(${n}) != 0.5", ["not", ["=", "n", "0.5"]]),
        ("${k} > 1", ["or", ["=", "k", "2"], ["=", "k", "3"]]),
        ("${s} = ‘a’", A),
        ("true() or ${s} = 'a'", True),
        ("1", True),
        ("false()", False),
        ("${s}", ["answered", "s"]),
    ],
)
def test_xpath(source: str, condition: Any) -> None:
    assert from_xpath(source) == condition


@pytest.mark.parametrize(
    "source",
    [
        "", "${gone} = 1", "${s} = 'z'", "${n} = ${k}", "${d} > today()", "count-selected(${m}) > 1", "((((",
        "${n} + 1 > 2", "${n}-1 = 2", "position(..) = 1", "if(${n}>1, 'a', 'b')", "${l} = 'x'", "'a'",
        "pulldata('f', 'a', 'b', ${s}) = 'x'", "selected(${s})", "${n} > 'a'", "${d} = '1.1.2026'",
        "jr:choice-name(${s}, '${s}') = 'A'", "(" * 500 + "1" + ")" * 500, "not " * 3_000 + "1",
        "${s} = 'a' ;",
    ],
)  # fmt: skip
def test_xpath_that_says_more_is_refused(source: str) -> None:
    with pytest.raises(Untranslatable):
        from_xpath(source)


@pytest.mark.parametrize(
    ("source", "condition"),
    [
        ('s.NAOK == "a"', A),
        ('((s.NAOK == "a")) && n.NAOK gt 3', ["and", A, [">", "n", 3]]),
        ('s == "a" or !is_empty(t.NAOK)', ["or", A, ["not", ["not", ["answered", "t"]]]]),
        ('m_a.NAOK == "Y"', ["contains", "m", "a"]),
        ('m_a.NAOK != "Y"', ["not", ["contains", "m", "a"]]),
        ('m_a == ""', ["not", ["contains", "m", "a"]]),
        ('not (y == "Y")', ["not", ["=", "y", True]]),
        ('n >= "18" and n ne 20', ["and", [">=", "n", 18], ["not", ["=", "n", 20]]]),
        ('!(s == "a")', ["not", A]),
        ("intval(n) ge 1", [">=", "n", 1]),
        ("1", True),
        ("0", False),
    ],
)
def test_script(source: str, condition: Any) -> None:
    assert from_script(source) == condition


@pytest.mark.parametrize(
    "source",
    ["n = 4", 'regexMatch("/a/", t)', "n + 1 > 2", "n.shown > 1", "count(m) > 1", "s.NAOK == n", "n >"],
)
def test_script_that_says_more_is_refused(source: str) -> None:
    with pytest.raises(Untranslatable):
        from_script(source)
