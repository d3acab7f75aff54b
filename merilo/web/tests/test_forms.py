"""Fields: what people write is understood, what cannot be kept is refused beside the field, kept typed."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from merilo.web import forms
from merilo.web.gallery import bands, parts, wrong_form
from merilo.web.items import Link, Part


class Sample(forms.Form):
    title = forms.CharField(label="Title", max_length=20)
    day = forms.DateField(label="Day", required=False)
    ideas = forms.LinesField(label="Ideas", noun="Idea", required=False, most=30, most_lines=3)


class Judged(forms.Form):
    once_key = False
    score = forms.ScoreField(label="Score", bands=bands())


class Tuned(forms.Form):
    once_key = False
    score = forms.PointsField(
        label="Score",
        parts=[Part(code, code.title()) for code in ("plan", "do", "check", "act")],
        required=True,
    )


def page(form: forms.Form) -> str:
    return Template("{{ form }}").render(Context({"form": form}))


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026",
        "21.11.26",
        "21/11/2026",
        "2026-11-21",
        "21.11.2026 г.",
        "21.11.2026\u00a0г.",
        " 21. 11. 2026 г ",
    ],
)
def test_a_date_is_understood_in_every_usual_form(text: str):
    assert forms.DateField().clean(text) == date(2026, 11, 21)


@pytest.mark.parametrize("text", ["утре", "21.11", "2026", "21.11.2026 сутринта"])
def test_what_is_no_date_is_refused_with_an_example(text: str):
    with pytest.raises(ValidationError, match=r"21\.11\.2026"):
        forms.DateField().clean(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31.02.2026", "Няма такава дата: 31.02.2026"),
        ("11/21/2026", "Няма такава дата: 11/21/2026"),
        ("21.11.0026", "Годината е между 1900 и 2200"),
        ("21.11.9999", "Годината е между 1900 и 2200"),
    ],
)
def test_a_date_that_does_not_exist_is_named(text: str, words: str):
    with translation.override("bg"), pytest.raises(ValidationError) as refused:
        forms.DateField().clean(text)
    assert refused.value.messages == [words]


@pytest.mark.parametrize("text", ["14:05", "14.05", "14:05 ч."])
def test_a_time_is_understood(text: str):
    assert forms.TimeField().clean(text) == time(14, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("49,4", "49.4"),
        ("49.4", "49.4"),
        ("1 800,00", "1800.00"),
        ("1.800,00", "1800.00"),
        ("1,234,500.5", "1234500.5"),
        ("−3", "-3"),
        ("1 800,50 €", "1800.50"),
        ("1800 евро", "1800"),
    ],
)
def test_a_number_is_understood_with_comma_or_point(text: str, value: str):
    assert forms.DecimalField().clean(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.80,00", "1,8.0", "1800,00.5", "1 800 лв.", "12.345.678"])
def test_a_number_that_may_mean_something_else_is_refused(text: str):
    with pytest.raises(ValidationError):
        forms.DecimalField().clean(text)


@pytest.mark.parametrize(("text", "value"), [("1 000", 1000), ("50 %", 50), ("−3", -3)])
def test_a_whole_number_is_understood(text: str, value: int):
    assert forms.IntegerField().clean(text) == value


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (forms.IntegerField(min_value=0, max_value=100), "140", "Въведете цяло число от 0 до 100"),
        (forms.IntegerField(min_value=0, max_value=100), "сто", "Въведете цяло число от 0 до 100"),
        (forms.IntegerField(min_value=1), "0", "Въведете цяло число, най-малко 1"),
        (forms.IntegerField(), "1,5", "Въведете цяло число"),
        (forms.DecimalField(min_value=0, max_value=10**6), "-5", "Въведете число от 0 до 1 000 000"),
        (forms.DecimalField(min_value=0), "-5", "Въведете число, най-малко 0"),
        (forms.IntegerField(max_value=9), "10", "Въведете цяло число, най-много 9"),
        (forms.DecimalField(max_value=9), "10", "Въведете число, най-много 9"),
        (forms.IntegerField(max_value=9, error_messages={"max_value": "Девет"}), "10", "Девет"),
    ],
)
def test_a_number_out_of_its_limits_is_told_them(field: Any, text: str, words: str):
    with translation.override("bg"), pytest.raises(ValidationError) as refused:
        field.clean(text)
    assert [one.replace("\xa0", " ") for one in refused.value.messages] == [words]


def test_the_summary_names_fields_that_say_the_same():
    class Two(forms.Form):
        one = forms.IntegerField(label="Първа", max_value=9, min_value=0)
        two = forms.IntegerField(label="Втора", max_value=9, min_value=0)
        three = forms.IntegerField(label="Трета", max_value=5, min_value=0)

    with translation.override("bg"):
        form = Two({"one": "x", "two": "10", "three": "x"})
        assert [link.text for link in form.error_links] == [
            "Първа: Въведете цяло число от 0 до 9",
            "Втора: Въведете цяло число от 0 до 9",
            "Въведете цяло число от 0 до 5",
        ]


@pytest.mark.parametrize("text", ["999999999999999", "-0,000001", "123456789012345,678901"])
def test_long_numbers_are_taken_exactly(text: str):
    assert forms.DecimalField().clean(text) == Decimal(text.replace(",", "."))


@pytest.mark.parametrize("text", ["1e60", "-1e15", "1000000000000000", "0,0000001", "1e-999999999"])
def test_a_number_longer_than_any_figure_is_refused_with_the_limits(text: str):
    with translation.override("en"), pytest.raises(ValidationError, match=r"15 digits before .* and 6 after"):
        forms.DecimalField().clean(text)


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity"])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(ValidationError):
        forms.DecimalField().clean(text)


def test_a_stored_number_is_shown_with_the_languages_mark():
    with translation.override("bg"):
        assert forms.DecimalField().prepare_value(Decimal("49.40")) == "49,4"
    with translation.override("en"):
        assert forms.DecimalField().prepare_value(Decimal("1800.00")) == "1800"


def test_a_form_carries_a_fresh_one_time_key_that_survives_an_error():
    assert Sample()["once"].value() != Sample()["once"].value()
    refused = Sample({"once": "kept", "title": ""}, prefix=None)
    assert 'name="once" value="kept"' in page(refused)


def test_the_one_time_key_keeps_its_name_with_a_prefix():
    assert 'name="once"' in page(Sample(prefix="a"))


def test_a_refused_form_says_the_same_words_on_top_and_beside_the_field():
    with translation.override("en"):
        form = Sample({"title": "", "day": "x"})
        text, links = page(form), form.error_links
    assert links == [
        Link("Fill in: Title", "#id_title"),
        Link("Write the date with day, month and year, for example 21.11.2026", "#id_day"),
    ]
    assert text.count("Fill in: Title") == 2
    assert 'aria-describedby="id_title_error"' in text
    assert 'aria-describedby="id_day_helptext id_day_error"' in text
    assert text.count('aria-invalid="true"') == 2
    assert 'value="x"' in text


def test_a_form_that_was_not_sent_has_no_summary():
    assert 'class="errors"' not in page(Sample())


def test_required_fields_say_so_in_words():
    with translation.override("en"):
        assert page(Sample()).count("(required)") == 1


def test_lines_come_back_in_order_without_the_empty_ones():
    form = Sample(MultiValueDict({"title": ["t"], "ideas": ["one", " ", "", "two\r\nmore"]}))
    assert form.is_valid()
    assert form.cleaned_data["ideas"] == ["one", "two\nmore"]


def test_a_line_that_is_too_long_is_refused_and_kept_whole():
    long = "ж" * 10_000
    form = Sample(MultiValueDict({"title": ["t"], "ideas": ["one", long]}))
    assert not form.is_valid()
    text = page(form)
    assert long in text
    assert 'id="id_ideas_2"' in text
    assert 'aria-describedby="id_ideas_2_error"' in text
    assert form.error_links[0].url == "#id_ideas_2"


def test_too_many_lines_are_refused_and_a_nul_too():
    many = Sample(MultiValueDict({"title": ["t"], "ideas": list("abcd")}))
    assert not many.is_valid()
    assert not Sample(MultiValueDict({"title": ["t"], "ideas": ["a\x00b"]})).is_valid()


def test_mistakes_of_one_form_do_not_appear_in_the_next():
    bad = Sample(MultiValueDict({"title": ["t"], "ideas": ["x" * 99]}))
    assert not bad.is_valid()
    assert "aria-invalid" not in page(Sample(initial={"ideas": ["x"]}))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({}, forms.Scored()),
        ({"score-band": "0", "score-points-0": "0"}, forms.Scored(points=0)),
        ({"score-band": "3", "score-points-3": " 62 ", "score-points-1": "20"}, forms.Scored(points=62)),
        ({"score-points-2": "45"}, forms.Scored(points=45)),
        (
            {"score-band": "cannot", "score-reason": "new here"},
            forms.Scored(cannot_judge=True, reason="new here"),
        ),
    ],
)
def test_a_score_is_taken_from_the_chosen_band(typed: dict[str, str], wanted: forms.Scored):
    form = Judged(typed)
    assert form.is_valid()
    assert form.cleaned_data["score"] == wanted


@pytest.mark.parametrize(
    "typed",
    [
        {"score-band": "3", "score-points-3": "75"},
        {"score-band": "3", "score-points-3": ""},
        {"score-band": "3", "score-points-3": "6O"},
        {"score-band": "3", "score-points-3": "55.5"},
        {"score-band": "3", "score-points-3": "٥٥"},
        {"score-band": "cannot"},
    ],
)
def test_a_score_that_does_not_fit_its_band_is_refused_and_stays_typed(typed: dict[str, str]):
    form = Judged(typed)
    assert not form.is_valid()
    text = page(form)
    assert form.error_links[0].url in {"#id_score_points_3", "#id_score_reason"}
    assert f'id="{form.error_links[0].url[1:]}"' in text
    for name, value in typed.items():
        assert f'name="{name}"' in text
        assert value in text


@pytest.mark.parametrize("band", ["99", "-1", "x", "²"])
def test_a_band_that_does_not_exist_is_no_score(band: str):
    form = Judged({"score-band": band})
    assert form.is_valid()
    assert form.cleaned_data["score"] == forms.Scored()


@given(points=st.integers(0, 100))
def test_a_stored_score_comes_back_unchanged(points: int):
    shown = Judged(initial={"score": forms.Scored(points=points)})["score"]
    typed = shown.field.widget._typed(shown.value())
    form = Judged({"score-band": typed["band"], f"score-points-{typed['band']}": typed[typed["band"]]})
    assert form.is_valid()
    assert form.cleaned_data["score"].points == points


def test_a_fine_tuned_score_names_each_component_that_is_wrong():
    with translation.override("en"):
        form = Tuned({"score-plan": "60", "score-do": "101", "score-check": "", "score-act": "0"})
        assert [link.text for link in form.error_links] == [
            "Do: Enter a whole number from 0 to 100",
            "Check: Enter a whole number from 0 to 100",
        ]
        text = page(form)
    assert form.error_links[0].url == "#id_score_do"
    assert 'value="101"' in text
    assert text.count('aria-invalid="true"') == 2


def test_a_fine_tuned_score_keeps_empty_apart_from_zero():
    field = forms.PointsField(parts=parts())
    cleaned = field.clean({"part-plan": "0", "part-do": ""})
    assert cleaned == forms.Pointed({"plan": 0, "do": None, "check": None, "act": None})
    assert field.clean({"cannot": "1", "reason": "no insight"}).cannot_judge


def test_a_file_of_another_kind_or_too_large_is_refused():
    field = forms.FileField(kinds=[".pdf"], most_megabytes=1)
    assert field.clean(SimpleUploadedFile("Заповед.PDF", b"%PDF-1.7")).name == "Заповед.PDF"
    with pytest.raises(ValidationError, match=r"other|друг"):
        field.clean(SimpleUploadedFile("x.exe", b"MZ"))
    with pytest.raises(ValidationError, match="1 MB"):
        field.clean(SimpleUploadedFile("x.pdf", b"x" * (1024 * 1024 + 1)))


def test_choices_are_radios_in_a_fieldset_with_a_legend():
    text = page(wrong_form())
    assert text.count("<fieldset") == 5
    assert text.count("<legend") == 5
    assert text.count('type="checkbox"') == 4


@given(st.lists(st.text(max_size=40), max_size=6))
def test_whatever_is_typed_into_lines_is_shown_again(texts: list[str]):
    form = Sample(MultiValueDict({"ideas": texts}))
    form.is_valid()
    shown = form["ideas"].value()
    assert shown == texts
    assert page(form)
