"""Forms of evaluators: points with remarks for the questions of an item, and the texts of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.feedback import words
from merilo.feedback.actions.judging import LONGEST_REMARK, LONGEST_TEXT
from merilo.feedback.queries.marks import Given
from merilo.feedback.reporting.content import text_keys
from merilo.feedback.rules.scheme import Item, Question, Scale, Scheme
from merilo.web import forms
from merilo.web.written import TextField

NOT_YET = "-"


def stored_values(item: Item, given: Mapping[str, Given]) -> dict[str, Any]:
    """The values of the fields of an item, as they are stored."""
    values: dict[str, Any] = {}
    for place, question in enumerate(item.questions):
        mark = given.get(question.code, Given())
        values[f"points-{place}"] = NOT_YET if mark.points is None else str(mark.points)
        values[f"remark-{place}"] = mark.remark
    return values


class MarksForm(forms.Form):
    """Points and a remark for each question of one item."""

    mark_required = False

    def __init__(self, data: Any, *, item: Item, scale: Scale, given: Mapping[str, Given]) -> None:
        super().__init__(data, initial=stored_values(item, given))
        self.item = item
        choices = [(str(one.points), f"{one.points} – {words.said(one.title)}") for one in scale.degrees]
        for place, question in enumerate(item.questions):
            text = words.said(question.text)
            self.fields[f"points-{place}"] = forms.ChoiceField(
                label=f"{question.code} {text}", choices=[*choices, (NOT_YET, _("No points yet"))]
            )
            self.fields[f"remark-{place}"] = TextField(
                label=_("What you saw, about %(code)s") % {"code": question.code},
                required=False,
                most=LONGEST_REMARK,
                rows=3,
            )

    def blocks(self) -> Iterator[tuple[Question, BoundField, BoundField]]:
        """Each question with its two fields."""
        for place, question in enumerate(self.item.questions):
            yield question, self[f"points-{place}"], self[f"remark-{place}"]

    def marks(self) -> dict[str, Given]:
        """What was given, by question."""
        data = self.cleaned_data
        return {
            question.code: Given(_points(data[f"points-{place}"]), data[f"remark-{place}"])
            for place, question in enumerate(self.item.questions)
        }


def _points(value: str) -> int | None:
    return None if value == NOT_YET else int(value)


class TextsForm(forms.Form):
    """The texts of the report: a summary, and of each pillar strengths and suggestions."""

    mark_required = False

    def __init__(self, data: Any, *, scheme: Scheme, texts: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(texts))
        self.scheme = scheme
        titles = {"strengths": gettext_lazy("Strengths"), "ideas": gettext_lazy("Suggestions")}
        self.fields["summary"] = TextField(label=_("Summary"), required=False, most=LONGEST_TEXT, rows=6)
        for pillar in scheme.pillars:
            for kind, title in titles.items():
                self.fields[f"{kind}-{pillar.code}"] = TextField(
                    label=f"{words.said(pillar.title)} · {title}",
                    required=False,
                    most=LONGEST_TEXT,
                    rows=4,
                    help_text=_("One thought per line, with a dash before it, becomes a list."),
                )

    def texts(self) -> dict[str, str]:
        """What was typed."""
        return {key: self.cleaned_data[key] for key in text_keys(self.scheme)}
