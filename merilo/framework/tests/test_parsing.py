from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.framework.findings import MOST_FINDINGS, FrameworkInvalid
from merilo.framework.parsing import DEPTH_LIMIT, PARTS_LIMIT, SIZE_LIMIT, parse_json, parse_yaml


def refused(source: str | bytes) -> list[tuple[str, str, int | None]]:
    with pytest.raises(FrameworkInvalid) as caught:
        parse_yaml(source)
    return [(finding.path, finding.code, finding.line) for finding in caught.value.findings]


def test_parsed_values_are_plain_and_know_their_lines() -> None:
    parsed = parse_yaml('\ufeffcode: a\nlist:\n  - {low: 0, "1.1": yes, when: 2026-11-21}\n  - 1.5\n  - ~\n')
    assert parsed.data == {
        "code": "a",
        "list": [{"low": 0, "1.1": True, "when": "2026-11-21"}, 1.5, None],
    }
    assert parsed.lines["list[0].low"] == 3
    assert parsed.lines['list[0]["1.1"]'] == 3
    assert parsed.lines["list[2]"] == 5


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("a: [1, 2\n", ("", "yaml_syntax", 2)),
        ("a: 1\n\tb: 2\n", ("", "yaml_syntax", 2)),
        ("", ("", "empty", None)),
        ("# only a remark\n", ("", "empty", None)),
        ("a: 1\n---\nb: 2\n", ("", "several_documents", None)),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", ("b.c", "duplicate_key", 4)),
        ("a: 1\n1.1: b\n", ('["1.1"]', "key_not_text", 2)),
        ("[a, b]: c\n", ('["["a", "b"]"]', "key_not_text", 1)),
        ("a: &x 1\nb: [*x]\n", ("b[0]", "alias", 2)),
        ("a: !!python/object/apply:os.system [ls]\n", ("a", "tag", 1)),
        ("a: !!int '7'\n", ("a", "tag", 1)),
        ("a:\n  b: \x07\n", ("", "control_character", 2)),
        (b"a: \xff\xfe", ("", "not_utf8", None)),
        ("a: \ud800", ("", "not_utf8", None)),
    ],
)
def test_mistakes_of_form_are_named(source: str | bytes, finding: tuple[str, str, int | None]) -> None:
    assert finding in refused(source)


def test_all_doubled_keys_are_named_not_only_the_first() -> None:
    assert refused("a: 1\na: 2\nb: 1\nb: 2\n") == [
        ("a", "duplicate_key", 2),
        ("b", "duplicate_key", 4),
    ]


@pytest.mark.parametrize("number", ["0x", "0b2", "9" * 5000, "1e999999", "190:20:30", ".nan", "0o9"])
def test_odd_numbers_do_not_fall(number: str) -> None:
    parse_yaml(f"a: {number}")


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("[" * 100_000, "too_deep"),
        ("{a: " * 1_000, "too_deep"),
        ("? " * 10_000, "too_deep"),
        ("- " * 100_000, "too_deep"),
        ("[" + "x," * (PARTS_LIMIT + 10) + "]", "too_many_parts"),
        ("a: " + "x" * SIZE_LIMIT, "too_big"),
        (BOMB, "alias"),
        ("{" + "a: *b, " * 40_000 + "}", "alias"),
    ],
    ids=["deep list", "deep mapping", "deep keys", "deep dashes", "wide", "big", "bomb", "aliases"],
)
def test_hostile_documents_are_refused_soon(source: str, code: str) -> None:
    begun = perf_counter()
    with pytest.raises(FrameworkInvalid) as caught:
        parse_yaml(source)
    assert code in {finding.code for finding in caught.value.findings}
    assert len(caught.value.findings) <= MOST_FINDINGS + 1
    assert perf_counter() - begun < 20  # seconds; without the limits it would be hours or a crash


def test_depth_is_counted_in_levels() -> None:
    parse_yaml("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT)
    assert refused("[" * (DEPTH_LIMIT + 2) + "]" * (DEPTH_LIMIT + 2))[0][1] == "too_deep"


@pytest.mark.parametrize("source", ["{", '{"a": NaN', "[" * 100_000, "\ud800", "x" * (SIZE_LIMIT + 1), ""])
def test_bad_json_is_refused(source: str) -> None:
    with pytest.raises(FrameworkInvalid):
        parse_json(source)


def outcome(source: str) -> object:
    try:
        return parse_yaml(source).lines
    except FrameworkInvalid as invalid:
        return invalid.findings and str(invalid)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_finding(source: str) -> None:
    assert outcome(source)


@given(st.text(alphabet="ab:-[]{}&*!?|>'\"%@`#\n 1~,", max_size=60))
def test_any_yaml_like_text_is_read_or_refused_with_a_finding(source: str) -> None:
    assert outcome(source)
