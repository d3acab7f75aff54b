"""Forms of a request of evidence: to ask, to settle, and what a colleague without an account fills in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.actions.answering import Sent
from merilo.assessment.actions.requests import Asked, Shelved, Taken
from merilo.assessment.forms.evidence import ShelfFields
from merilo.assessment.models import EvidenceKind, EvidenceRequest, Received
from merilo.core import files
from merilo.web import forms
from merilo.web.written import FilesField, LineField, TakingIn, TextField

LONGEST = timedelta(days=365)
FILES_AT_ONCE = 10
_ENDINGS = [f".{ending}" for ending in files.DOCUMENTS]


class _DueMixin(forms.Form):
    """A deadline from today to a year on."""

    today: date

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if not self.today <= due <= self.today + LONGEST:
            raise ValidationError(_("Choose a day from today to a year from now."))
        return due


class RequestForm(_DueMixin):
    """What is needed, until when, and from whom; for which items stands beside it (forms.evidence.Uses)."""

    what = LineField(
        label=gettext_lazy("What do you need?"),
        help_text=gettext_lazy(
            "In one line, for example: minutes of the meetings with village mayors, 2025."
        ),
    )
    due = forms.DateField(label=gettext_lazy("Until when?"))
    name = LineField(label=gettext_lazy("Name of the colleague"), most=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail of the colleague"),
        help_text=gettext_lazy("Only they get the link. They need no account and see only this request."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def asked(self, codes: Sequence[str]) -> Asked:
        """The checked fields as the action takes them."""
        data = self.cleaned_data
        return Asked(data["what"], codes, data["due"], data["name"], data["email"])


class DeadlineForm(_DueMixin):
    """More time."""

    due = forms.DateField(label=gettext_lazy("New deadline"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)


class ReturnForm(DeadlineForm):
    """What is still missing, and until when."""

    note = TextField(label=gettext_lazy("What is still missing?"), most=1000, rows=4)
    field_order = ["note", "due"]


class AcceptForm(ShelfFields):
    """Which of the things received go on the shelf: a tick and a title each, and what they have in common.

    A text that came with files or addresses mostly says something about them, so it is not ticked.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, request: EvidenceRequest, things: Sequence[Received], today: date, **kwargs: Any
    ) -> None:
        self.today, self.things = today, [thing for thing in things if thing.kind]
        super().__init__(*args, initial={"year": today.year}, **kwargs)
        has_more = any(thing.kind != EvidenceKind.NOTE for thing in self.things)
        for thing in self.things:
            is_cover = thing.kind == EvidenceKind.NOTE and has_more
            self.fields[f"take-{thing.pk}"] = forms.BooleanField(
                label=_("Put on the shelf"), required=False, initial=not is_cover
            )
            self.fields[f"title-{thing.pk}"] = LineField(
                label=_("Title"), initial=_title_of(thing, request), required=False
            )

    @property
    def rows(self) -> list[tuple[Received, Any, Any]]:
        """Each thing with its tick and its title."""
        return [(thing, self[f"take-{thing.pk}"], self[f"title-{thing.pk}"]) for thing in self.things]

    def clean(self) -> dict[str, Any] | None:
        for thing in self.things:
            title = f"title-{thing.pk}"
            if self.cleaned_data.get(f"take-{thing.pk}") and self.cleaned_data.get(title) == "":
                self.add_error(title, _("Fill in: %(label)s") % {"label": _("Title")})
        return super().clean()

    def taken(self) -> list[Taken]:
        """What is ticked, with its titles."""
        data = self.cleaned_data
        return [Taken(thing, data[f"title-{thing.pk}"]) for thing in self.things if data[f"take-{thing.pk}"]]

    def shelved(self, uses: dict[str, str]) -> Shelved:
        """What all things have in common."""
        data = self.cleaned_data
        return Shelved(uses=uses, year=data["year"], only_coordinator=data["only_coordinator"] == "yes")


def _title_of(thing: Received, request: EvidenceRequest) -> str:
    """The file's own name without its ending; what was asked for, where there is none."""
    if thing.file is None:
        return request.what
    return thing.file.name.rpartition(".")[0].replace("_", " ").strip() or request.what


# --- the colleague's page -----------------------------------------------------------------------------
class AnswerForm(TakingIn):
    """Files, an address, a text: one of them at least."""

    uploads = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        kinds=_ENDINGS,
        most=FILES_AT_ONCE,
        help_text=gettext_lazy("One or several, together up to 25 MB: PDF, Word, Excel, pictures."),
    )
    url = forms.URLField(
        label=gettext_lazy("Address of a page or document"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    text = TextField(label=gettext_lazy("Text"), required=False, most=5000, rows=4)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise ValidationError(_("Enter an address that begins with https:// or http://."))
        return url

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if not self.errors and not any(self.cleaned_data.get(name) for name in ("uploads", "url", "text")):
            self.add_error("uploads", _("Choose a file, or write an address or a text."))
        return data

    def sent(self) -> Sent:
        """The checked fields as the action takes them."""
        data = self.cleaned_data
        return Sent(data["uploads"], data["url"], data["text"])


class NoneForm(forms.Form):
    """There is no such evidence here."""

    note = TextField(
        label=gettext_lazy("Why, or who may have it?"),
        most=1000,
        rows=3,
    )
