"""Putting people on the list, and the words of letters to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.pasted import decoded
from merilo.surveys import worded
from merilo.web import forms
from merilo.web.written import LineField, TextField

MOST_LETTERS = 2_000_000  # of a pasted list: twenty thousand long lines


class PeopleForm(forms.Form):
    """A pasted list or a file; lines that could not be understood are left out only when that is asked."""

    people = forms.CharField(
        label=gettext_lazy("People, one a line"),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 10, "class": "tall", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"), kinds=[".csv", ".txt"], most_megabytes=4, required=False
    )
    leave_out = forms.BooleanField(
        label=gettext_lazy("Leave out the lines below that cannot be understood"), required=False
    )

    def clean(self) -> dict[str, Any] | None:
        """The text of the file below what was pasted."""
        upload = self.cleaned_data.get("file")
        pasted = self.cleaned_data.get("people", "")
        if upload:
            pasted = f"{pasted}\n{_text_of(upload.read())}".strip("\n")
        if not pasted.strip() and not self.errors:
            self.add_error("people", _("The list is empty. Write one address a line."))
        self.cleaned_data["people"] = pasted
        return self.cleaned_data


def _text_of(content: bytes) -> str:
    text = decoded(content)
    if text is None:
        raise ValidationError(_("The file holds no text. Save the list as CSV."))
    return text


class LettersForm(forms.Form):
    """Subject and first sentences in each language of the survey."""

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = tuple(languages)
        for language in self.languages:
            own = {"language": worded.language_name(language)} if len(self.languages) > 1 else None
            self.fields[f"subject_{language}"] = LineField(label=_named(_("Subject"), own), most=150)
            self.fields[f"intro_{language}"] = TextField(
                label=_named(_("First sentences"), own), most=2000, rows=6
            )

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """What was written, by language."""
        said = self.cleaned_data
        return {
            language: {part: said[f"{part}_{language}"] for part in ("subject", "intro")}
            for language in self.languages
        }


def _named(label: str, own: Mapping[str, str] | None) -> str:
    return f"{label} ({own['language']})" if own else label


def initial_letters(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the fields begin with."""
    return dict(_parts(texts))


def _parts(texts: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for language, parts in texts.items():
        yield from ((f"{part}_{language}", text) for part, text in parts.items())
