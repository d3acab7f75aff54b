"""Forms of the questionnaire as a whole: languages, texts, whom it asks; limits; breakdowns."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from merilo.surveys import worded
from merilo.surveys.forms.questions import LINE, PARAGRAPH, ConditionalForm, DraftForm, require_words
from merilo.surveys.rules.checking import LEAST_FLOOR
from merilo.surveys.rules.editing import Draft, Record, lacking, languages_in, pages_of, parts_of, records
from merilo.surveys.rules.referring import GROUPING
from merilo.web import forms
from merilo.web.written import offer


def _number(label: Any, least: int, most: int, hint: Any, *, required: bool) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, widget=widget, help_text=hint
    )


class WholeForm(DraftForm):
    """Everything that is said once. `opened` says that mode and audience are promised already."""

    main = forms.ChoiceField(label=gettext_lazy("Main language"), widget=forms.Select)
    others = forms.MultipleChoiceField(label=gettext_lazy("Further languages"), required=False)
    drop = forms.BooleanField(label=gettext_lazy("Delete the texts in these languages"), required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("Anonymous or with names"), choices=list(worded.MODES.items())
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who is asked"), choices=list(worded.AUDIENCES.items()), widget=forms.Select
    )
    floor = _number(
        gettext_lazy("Results are shown from"),
        LEAST_FLOOR,
        1_000,
        gettext_lazy("Groups with fewer answers are never shown. Usual: 5; for employees 10."),
        required=True,
    )
    population = _number(
        gettext_lazy("How many people are asked"),
        1,
        1_000_000_000,
        gettext_lazy("Needed for the response rate, and to see whether somebody could be recognised."),
        required=False,
    )
    layout = forms.ChoiceField(
        label=gettext_lazy("How questions are shown"), choices=list(worded.LAYOUTS.items())
    )

    def __init__(
        self, data: QueryDict | None, *, draft: Draft, opened: bool, record: Record | None = None
    ) -> None:
        languages = languages_in(draft)
        initial = {
            "main": languages[0],
            "others": languages[1:],
            "mode": draft.get("mode", "anonymous"),
            "audience": draft.get("audience", "citizens"),
            "floor": draft.get("floor", 5),
            "population": draft.get("population"),
            "layout": draft.get("layout", "pages"),
        }
        super().__init__(data, draft=draft, record=record or draft, initial=initial)
        known = worded.LANGUAGES | {code: worded.language_name(code) for code in languages}
        for name in ("main", "others"):
            offer(self, name, known.items())
        for name in ("mode", "audience") if opened else ():
            self.fields[name].disabled = True
        self.add_text("title", gettext_lazy("Title"), most=LINE)
        introduction = gettext_lazy("What the survey is for, how long it takes. Shown before the questions.")
        self.add_text("description", gettext_lazy("Introduction"), introduction, most=PARAGRAPH, rows=3)
        self.add_text("thanks", gettext_lazy("Thanks"), gettext_lazy("Shown after sending."), rows=3)
        self.asks_to_drop = False

    def languages_chosen(self) -> list[str]:
        """The languages, the main one first."""
        others = [code for code in self.cleaned_data["others"] if code != self.cleaned_data["main"]]
        return [self.cleaned_data["main"], *others]

    def clean(self) -> dict[str, Any]:
        """A title; and no language goes with its texts unless that is said."""
        require_words(self, "title")
        if "main" in self.cleaned_data and "others" in self.cleaned_data:
            gone = [code for code in self.languages if code not in self.languages_chosen()]
            self._ask_to_drop(gone)
        return self.cleaned_data

    def _ask_to_drop(self, gone: list[str]) -> None:
        every = sum(lacking(self.draft, ["-"]).values())  # no text has words in the language "-"
        told = {code: every - lacking(self.draft, gone).get(code, 0) for code in gone}
        written = sum(told.values())
        self.asks_to_drop = bool(written)
        if written and not self.cleaned_data.get("drop"):
            sentence = ngettext(
                "%(count)s text in %(languages)s would be deleted. Confirm it, or keep the language.",
                "%(count)s texts in %(languages)s would be deleted. Confirm it, or keep the languages.",
                written,
            )
            names = ", ".join(worded.language_name(code) for code in gone if told[code])
            self.add_error("drop", sentence % {"count": written, "languages": names})

    def values(self) -> Record:
        """What the questionnaire becomes; None takes a key away."""
        made = {
            name: self.cleaned_data[name] for name in ("mode", "audience", "floor", "population", "layout")
        }
        made |= {name: self.words(name) for name in ("description", "thanks")}
        return made | {"title": self.words("title") or {}}


class QuotaForm(ConditionalForm):
    """At most so many answers of one sort; then a text instead of the questions."""

    condition_key = "when"
    most = _number(gettext_lazy("At most so many answers"), 1, 1_000_000_000, "", required=True)

    def __init__(self, data: QueryDict | None, *, record: Record, **options: Any) -> None:
        super().__init__(data, record=record, initial={"most": record.get("most")}, **options)
        hint = gettext_lazy("What people read who come when there are enough.")
        self.add_text("text", gettext_lazy("Text"), hint, most=PARAGRAPH, rows=3)

    def clean(self) -> dict[str, Any]:
        """A text and a condition."""
        super().clean()
        require_words(self, "text")
        if not any(test.item or (test.kept and not test.dropped) for test in self.condition.tests):
            self.refuse(iter([("if-0", _("Say which answers are counted"))]))
        return self.cleaned_data

    def values(self) -> Record:
        """What the limit becomes."""
        most = self.cleaned_data["most"]
        return {"most": most, "when": self.condition.plain(), "text": self.words("text") or {}}


class BreakdownsForm(DraftForm):
    """By which questions results may be broken down, and whose answers have an order."""

    def __init__(self, data: QueryDict | None, *, draft: Draft) -> None:
        super().__init__(data, draft=draft, record=draft)
        chosen = {str(entry.get("question")): entry for entry in records(draft, "breakdowns")}
        parts = [part for page in pages_of(draft) for part in parts_of(page)]
        self.codes = [str(part["code"]) for part in parts if part.get("kind") in GROUPING]
        named = {str(part["code"]): worded.titled(part, draft) for part in parts}
        for code in self.codes:
            self.fields[f"by-{code}"] = forms.BooleanField(label=named[code], required=False)
            self.fields[f"ordered-{code}"] = forms.BooleanField(
                label=_("the answers have an order"), required=False
            )
            self.full_names[f"ordered-{code}"] = _("%(question)s: in an order") % {"question": named[code]}
            self.initial[f"by-{code}"] = code in chosen
            self.initial[f"ordered-{code}"] = chosen.get(code, {}).get("ordered") is True

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The two ticks of each question."""
        return [(self[f"by-{code}"], self[f"ordered-{code}"]) for code in self.codes]

    def values(self) -> Record:
        """The breakdowns; None where there are none."""
        stored = {str(entry.get("question")): entry for entry in records(self.draft, "breakdowns")}
        made = []
        for code in (code for code in self.codes if self.cleaned_data[f"by-{code}"]):
            kept = {key: value for key, value in stored.get(code, {}).items() if key != "ordered"}
            ordered = {"ordered": True} if self.cleaned_data[f"ordered-{code}"] else {}
            made.append({"question": code, **kept, **ordered})
        return {"breakdowns": made or None}
