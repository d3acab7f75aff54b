"""Forms of starting a survey and of its settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from merilo.surveys import worded
from merilo.surveys.actions.running import Terms
from merilo.surveys.forms.comparing import Lines, differing
from merilo.surveys.models import Entry, State, Survey
from merilo.surveys.words import AUDIENCES, MODES
from merilo.web import forms
from merilo.web.written import LineField, TextField

MOST_DAYS, MOST_MONTHS = 365, 120


class TitleForm(forms.Form):
    """The title of a new survey in each of its languages; the first is the main one."""

    def __init__(
        self, *args: Any, languages: Iterable[str], titles: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.languages = tuple(languages)
        for language in self.languages:
            self.fields[f"title_{language}"] = LineField(
                label=_("Title (%(language)s)") % {"language": worded.language_name(language)},
                most=300,
                required=language == self.languages[0],
                initial=(titles or {}).get(language, ""),
            )
        self.order_fields([f"title_{language}" for language in self.languages])

    def titles(self) -> dict[str, str]:
        """Titles by language, the main one first."""
        return {language: self.cleaned_data[f"title_{language}"] for language in self.languages}


class EmptyForm(TitleForm):
    """What an empty questionnaire needs to begin with."""

    audience = forms.ChoiceField(label=_("Whom does it ask?"), choices=list(AUDIENCES.items()))
    mode = forms.ChoiceField(
        label=_("Are answers anonymous?"),
        choices=list(MODES.items()),
        help_text=_("Anonymous answers are never linked to a person. This is fixed by the first answer."),
    )


class TermsForm(forms.Form):
    """When a survey runs, who may answer, and how long what is kept."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    entry = forms.ChoiceField(label=_("Who may answer?"), choices=Entry.choices)
    opens_on = forms.DateField(
        label=_("First day"),
        required=False,
        help_text=_("The survey opens by itself on this day. Leave it empty to open it by hand."),
    )
    closes_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("When the day is over, the survey closes by itself. Closing is final."),
    )
    kiosk = forms.BooleanField(
        label=_("Also on a tablet at the service desk"),
        required=False,
        help_text=_("After each answer the tablet returns to the beginning."),
    )
    challenge = forms.BooleanField(
        label=_("A small computation before sending keeps robots away"),
        required=False,
        help_text=_("It is done by the device itself; people notice nothing of it."),
    )
    contact = LineField(
        label=_("Whom to ask"),
        most=300,
        required=False,
        help_text=_("Name or unit with telephone or e-mail, as people who answer will read it."),
    )
    contacts_days = forms.IntegerField(
        label=_("Days after closing until the addresses of the invited are deleted"),
        min_value=0,
        max_value=MOST_DAYS,
    )
    answers_months = forms.IntegerField(
        label=_("Months after closing until the answers are deleted"),
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("Counts and results stay. The day is told to whoever answers."),
    )

    def __init__(
        self, data: QueryDict | None, *, survey: Survey, languages: Iterable[str], today: date
    ) -> None:
        super().__init__(data, initial=_stored(survey))
        self.survey, self.today, self.languages = survey, today, tuple(languages)
        for name in ("contacts_days", "answers_months"):
            self.fields[name].widget.attrs["class"] = "short"
        for language in self.languages:
            self.fields[f"notice_{language}"] = TextField(
                label=_("Addition to the privacy notice (%(language)s)")
                % {"language": worded.language_name(language)},
                most=3000,
                rows=3,
                required=False,
                initial=survey.notice.get(language, ""),
            )
        if survey.state == State.OPEN:
            self.fields["entry"].disabled = True
            self.fields["entry"].help_text = _("Fixed since the survey was opened.")
            del self.fields["opens_on"]

    def clean_opens_on(self) -> date | None:
        return self._coming("opens_on")

    def clean_closes_on(self) -> date | None:
        return self._coming("closes_on")

    def _coming(self, name: str) -> date | None:
        """A day that is not over yet; one that is stored already may stay."""
        chosen: date | None = self.cleaned_data[name]
        if chosen is not None and chosen < self.today and chosen != getattr(self.survey, name):
            raise forms.ValidationError(_("This day is over already."))
        return chosen

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kiosk") and data.get("entry") == Entry.INVITED:
            self.add_error("kiosk", _("A tablet needs an address that everybody may answer."))
        return data

    def terms(self) -> Terms:
        """What was chosen."""
        data = self.cleaned_data
        plain = {name: data[name] for name in Terms.__slots__ if name in data}
        plain.setdefault("opens_on", self.survey.opens_on)
        others = {key: text for key, text in self.survey.notice.items() if key not in self.languages}
        written = {key: data[f"notice_{key}"] for key in self.languages if data[f"notice_{key}"]}
        return Terms(**plain, notice=others | written)

    def both(self, sent: TermsForm) -> tuple[Lines, Lines]:
        """Where what was sent differs from what is stored, in words: as sent, and as stored."""
        shown = {name: str(field.label) for name, field in self.fields.items() if not field.widget.is_hidden}
        return differing(sent, self, shown)


def _stored(survey: Survey) -> dict[str, Any]:
    return {name: getattr(survey, name) for name in Terms.__slots__} | {"version": survey.settled}


class Confirmation(forms.Form):
    """A form of one button."""
