"""An amendment is told measure by measure and field by field."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from merilo.improvement.rules.amending import Change, Field, changes

PLANS = st.dictionaries(
    st.integers(1, 9), st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y"]))
)


def test_what_came_went_and_reads_otherwise_is_named() -> None:
    before = {1: {"text": "Анкета", "until": "30.06.2026"}, 2: {"text": "Табло"}, 3: {"text": "Обучение"}}
    after = {3: {"text": "Обучение"}, 1: {"text": "Анкета", "until": "30.09.2026"}, 4: {"text": "Карта"}}
    assert changes(before, after) == [
        Change("changed", 1, (Field("until", "30.06.2026", "30.09.2026"),)),
        Change("added", 4),
        Change("removed", 2),
    ]


def test_a_field_that_one_side_does_not_know_is_empty_there() -> None:
    assert changes({1: {"risk": "Отказ"}}, {1: {"owner": "Иван"}}) == [
        Change("changed", 1, (Field("owner", "", "Иван"), Field("risk", "Отказ", "")))
    ]
    assert changes({1: {"risk": ""}}, {1: {}}) == []


@given(PLANS, PLANS)
def test_changes_lead_from_one_plan_to_the_other(
    before: dict[int, dict[str, str]], after: dict[int, dict[str, str]]
) -> None:
    found = changes(before, after)
    rebuilt = {key: dict(told) for key, told in before.items()}
    for one in found:
        if one.kind == "removed":
            del rebuilt[one.key]
        elif one.kind == "added":
            rebuilt[one.key] = after[one.key]
        else:
            assert all(field.before == rebuilt[one.key].get(field.name, "") for field in one.fields)
            rebuilt[one.key] |= {field.name: field.after for field in one.fields}

    def said(plan: dict[int, dict[str, str]]) -> dict[int, dict[str, str]]:
        return {key: {name: text for name, text in told.items() if text} for key, told in plan.items()}

    assert said(rebuilt) == said(after)
    assert changes(after, after) == []
