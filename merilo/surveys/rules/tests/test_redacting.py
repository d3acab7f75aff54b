"""What is proposed to be taken out of open answers, and what is left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from merilo.core.stems import matches, wanted
from merilo.surveys.rules.finding import hits
from merilo.surveys.rules.redacting import Span, pieces, proposed, redacted


def found(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in proposed(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Благодаря на Мария Иванова от гишето.", [("name", "Мария Иванова")]),
        ("Иван Петров ми каза да чакам.", [("name", "Иван Петров")]),
        ("Петрова беше груба, а г-жа Стоянова – не.", [("name", "Петрова"), ("name", "г-жа Стоянова")]),
        ("Питах инж. Д. Колев и И. Петров.", [("name", "инж. Д. Колев"), ("name", "И. Петров")]),
        ("иван петров от отдел кадри", [("name", "иван петров")]),
        ("Дончо Райновски не вдига", [("name", "Дончо Райновски")]),
        ("Служителката Стоянка знае всичко", [("name", "Стоянка")]),
        ("ул. „Васил Левски“ № 5, вх. Б, ап. 12 тъне в прах", None),
        ("Живея в ж.к. Младост 1, бл. 45, вх. А", [("address", "ж.к. Младост 1, бл. 45, вх. А")]),
        ("В бл. 12, ет. 3 няма вода", [("address", "бл. 12, ет. 3")]),
        ("на 12 Main Street", [("address", "12 Main Street")]),
        ("тел. 0888/123-456", [("phone", "0888/123-456")]),
        ("02 981 22 33 и +359 88 812 3456", [("phone", "02 981 22 33"), ("phone", "+359 88 812 3456")]),
        ("0888.123.456", [("phone", "0888.123.456")]),
        ("ЕГН 7523169263", [("number", "7523169263")]),
        ("номер 0888123456", [("phone", "0888123456")]),
        ("ivan.p@abv.bg, www.primer.example/ivan", [("email", "ivan.p@abv.bg"), ("link", None)]),
        ("Mr Smith was kind", [("name", "Mr Smith")]),
    ],
)
def test_what_tells_who_somebody_is_is_proposed(text: str, expected: list[tuple[str, str | None]]) -> None:
    told = found(text)
    if expected is None:
        assert [kind for kind, _ in told] == ["address"]
        assert told[0][1].startswith("ул.")
        assert told[0][1].endswith("ап. 12")
    else:
        assert [
            (kind, part if named else None) for (kind, part), (_, named) in zip(told, expected, strict=True)
        ] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Повече гишета и по-кратко чакане.",
        "Общината е чудесна. Отново чакахме. Готова съм да помогна.",
        "Подадох заявление на 01.02.2026 г. и 1/2/2026.",
        "Чаках 45 минути на 2 гишета, платих 1 234,50 €.",
        "Слушайте хората!",
        "",
    ],
)
def test_what_tells_nothing_of_anybody_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_ticked_parts_are_replaced_and_the_rest_stays() -> None:
    text = "Иван Петров, 0888 123 456, чака."
    spans = proposed(text)
    assert redacted(text, spans, lambda kind: f"[{kind}]") == "[name], [phone], чака."
    assert redacted(text, spans[1:], lambda _: "…") == "Иван Петров, …, чака."
    assert "".join(part for part, _ in pieces(text, spans)) == text


def test_proposals_never_overlap() -> None:
    text = "ivan.petrov@abv.bg Иван Иванов Иванов ул. Иван Вазов 5 0888123456 7523169263"
    spans = proposed(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_words_are_found_in_any_form() -> None:
    text = "Служителката на гишето беше любезна"
    assert matches(text, wanted("служителки гишета"))
    assert not matches(text, wanted("паркинг"))
    assert [text[span.start : span.end] for span in hits(text, wanted("гише"))] == ["гишето"]
    assert matches("не е така", wanted("не"))
    assert Span(0, 2, "hit") in list(hits("не е така", wanted("не")))
