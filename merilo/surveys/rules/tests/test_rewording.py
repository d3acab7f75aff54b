"""What may change in a questionnaire that people have answered: its wording, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from merilo.surveys.messages import ALTERED
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.rewording import Altered, altered
from merilo.surveys.rules.tests.examples import asked, everything, words

Data = dict[str, Any]


def found(change: Callable[[Data], object]) -> list[Altered]:
    plain = deepcopy(everything())
    change(plain)
    return altered(from_plain(everything()), from_plain(plain))


def part(plain: Data, code: str) -> Data:
    return next(part for page in plain["pages"] for part in page["parts"] if part.get("code") == code)


def in_other_words(value: Any) -> None:
    """Every text anew, in one language more."""
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(entry, dict) and set(entry) == {"en", "bg"}:
            entry.update(en=f"{entry['en']}!", bg=f"{entry['bg']}!", de="neu")
        else:
            in_other_words(entry)


def test_all_words_may_change_and_be_said_in_a_further_language() -> None:
    def change(plain: Data) -> None:
        in_other_words(plain)
        plain["languages"] = ["bg", "en", "de"]
        plain["population"] = 5_000
        plain["quotas"][0]["most"] = 900
        plain["pages"][0]["parts"].pop(0)
        plain["pages"][1]["parts"].insert(2, {"kind": "text", "code": "more", "text": words("Go on")})
        del plain["description"]

    assert found(change) == []


CHANGES: dict[str, tuple[Callable[[Data], object], str]] = {
    "removed": (lambda plain: plain["pages"][2]["parts"].pop(1), "recommend"),
    "added": (lambda plain: plain["pages"][2]["parts"].append(asked("yesno", "more")), "more"),
    "kind": (lambda plain: part(plain, "recommend").update(kind="short"), "recommend"),
    "options": (lambda plain: part(plain, "service")["options"].pop(0), "service"),
    "rows": (lambda plain: part(plain, "staff")["rows"].reverse(), "staff"),
    "show_if": (lambda plain: part(plain, "when").update(show_if=[">", "wait", 90]), "when"),
    "answering": (lambda plain: part(plain, "wait").update(required=True), "wait"),
    "page": (lambda plain: plain["pages"][1].update(shuffle=False), "visit"),
    "breakdowns": (lambda plain: plain["breakdowns"].pop(), ""),
    "layout": (lambda plain: plain.update(layout="questions"), ""),
    "quotas": (lambda plain: plain["quotas"][0].update(when=["answered", "service"]), ""),
}


@pytest.mark.parametrize("code", CHANGES)
def test_everything_else_is_named(code: str) -> None:
    change, subject = CHANGES[code]
    assert found(change) == [Altered(code, subject)]


def test_order_is_told_of_what_stands_elsewhere() -> None:
    def change(plain: Data) -> None:
        parts = plain["pages"][2]["parts"]
        parts[0], parts[1] = parts[1], parts[0]

    assert found(change) == [Altered("order", "overall"), Altered("order", "recommend")]
    assert {*CHANGES, "order"} == set(ALTERED)


@pytest.mark.parametrize(
    "change",
    [
        lambda scale: scale["options"].insert(1, {"code": "so", "text": words("so"), "value": 9}),
        lambda scale: scale["options"].reverse(),
        lambda scale: scale["options"][0].update(value=0),
        lambda scale: scale["options"][0].update(code="worst"),
        lambda scale: scale["options"][3].pop("role"),
    ],
)
def test_a_scale_keeps_its_options_codes_order_and_values(change: Callable[[Data], object]) -> None:
    assert found(lambda plain: change(part(plain, "staff"))) == [Altered("options", "staff")]


def test_that_one_may_not_know_is_no_wording() -> None:
    assert found(lambda plain: part(plain, "overall").pop("unknown")) == [Altered("answering", "overall")]
    assert found(lambda plain: part(plain, "overall").update(unknown=words("No idea"))) == []
