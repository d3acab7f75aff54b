"""Forms about open answers: filters, what is shown, tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from merilo.surveys.models import OpenText, Tag, TextState
from merilo.surveys.rules.redacting import Span, proposed, redacted
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer


def kind_words() -> Mapping[str, str]:
    """What a proposed part looks like, and what stands in its place."""
    return {
        "email": _("e-mail"),
        "link": _("web address"),
        "number": _("number of a person"),
        "phone": _("telephone"),
        "address": _("address"),
        "name": _("name"),
    }


def without(text: OpenText, spans: Sequence[Span]) -> str:
    """The text with a word of its own language in place of each part."""
    with override(text.language):
        words = {kind: f"[{word}]" for kind, word in kind_words().items()}
    return redacted(text.text, spans, words.__getitem__)


class FilterForm(forms.Form):
    """Words in any of their forms, a state, a tag."""

    once_key = False
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, widget=forms.Select)
    tag = forms.ChoiceField(label=gettext_lazy("Tag"), required=False, widget=forms.Select)

    def __init__(self, data: Any, *, tags: Iterable[Tag]) -> None:
        super().__init__(data, auto_id="find_%s")
        self.fields["q"].widget.input_type = "search"
        offer(self, "state", [("", _("All")), *TextState.choices])
        offer(self, "tag", [("", _("All")), *((str(tag.pk), tag.name) for tag in tags)])


class TextForm(forms.Form):
    """What is shown of one open answer; the parts that look personal are ticked to be taken out."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = TextField(label=gettext_lazy("What is shown"), required=False, rows=5)

    def __init__(self, data: Any, *, text: OpenText) -> None:
        self.text, self.spans = text, proposed(text.text)
        super().__init__(data, initial={"version": text.version, "shown": text.shown or self._proposal()})

    def _proposal(self) -> str:
        """What nobody has decided about yet, with all that looks personal taken out."""
        return without(self.text, self.spans)

    def ticked(self) -> list[Span]:
        """The proposed parts that stay ticked."""
        wanted = set(self.data.getlist("span")) if isinstance(self.data, QueryDict) else set()
        return [span for span in self.spans if str(span.start) in wanted]


class TaggingForm(forms.Form):
    """A tag, chosen or new, for the ticked texts."""

    tag = forms.ChoiceField(label=gettext_lazy("Tag"), required=False, widget=forms.Select)
    name = LineField(label=gettext_lazy("or a new tag"), most=80, required=False)

    def __init__(self, data: Any, *, tags: Iterable[Tag]) -> None:
        super().__init__(data)
        offer(self, "tag", [("", _("Choose")), *((str(tag.pk), tag.name) for tag in tags)])

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        if not self.cleaned_data.get("tag") and not self.cleaned_data.get("name") and not self.errors:
            self.add_error("tag", _("Choose a tag, or write a new one"))
        return self.cleaned_data


class TagForm(forms.Form):
    """The name of a tag."""

    name = LineField(label=gettext_lazy("Name of the tag"), most=80)


class MergeForm(forms.Form):
    """The tag that another one goes into."""

    into = forms.ChoiceField(label=gettext_lazy("Merge into"), widget=forms.Select)

    def __init__(self, data: Any, *, tags: Iterable[Tag]) -> None:
        super().__init__(data)
        offer(self, "into", [("", _("Choose")), *((str(tag.pk), tag.name) for tag in tags)])
