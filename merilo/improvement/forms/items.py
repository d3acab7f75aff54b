"""Forms of areas and ideas: filters, what is done with ticked ones, one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.api import Assessment
from merilo.improvement.actions.items import ItemFacts
from merilo.improvement.actions.ticked import Ticked
from merilo.improvement.models import TYPED, Item, ItemKind, Proposal, Theme
from merilo.improvement.queries.items import ASIDE, TOGETHER, WAITING, Filters
from merilo.improvement.queries.titles import Titles
from merilo.improvement.rules.wording import MOST as MOST_WORDING
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

STATES = (WAITING, TOGETHER, ASIDE)
MOST_TEXT = 5_000


def ticked(values: Iterable[str]) -> list[Ticked]:
    """The boxes sent, each `id.version`; what no page of ours sends is left out."""
    return [one for one in map(_ticked, values) if one is not None]


def _ticked(value: str) -> Ticked | None:
    key, _point, version = value.partition(".")
    try:
        return Ticked(UUID(key), int(version)) if version.isdecimal() else None
    except ValueError:
        return None


class FilterForm(forms.Form):
    """Words in any of their forms, kind, criterion, theme; the state stands in the address beside them."""

    once_key = False
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, widget=forms.Select)
    criterion = forms.ChoiceField(label=gettext_lazy("Criterion"), required=False, widget=forms.Select)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, widget=forms.Select)

    def __init__(self, data: Any, *, titles: Titles, themes: Iterable[Theme]) -> None:
        super().__init__(data, auto_id="find_%s")
        self.fields["q"].widget.input_type = "search"
        offer(self, "kind", [("", _("All")), *ItemKind.choices])
        criteria = [(code, f"{code}. {title}") for code, title in titles.criteria.items()]
        offer(self, "criterion", [("", _("All")), *criteria])
        named = [(str(theme.pk), theme.name) for theme in themes]
        offer(self, "theme", [("", _("All")), *named, ("none", _("Without a theme"))])
        for name, offered in (("criterion", criteria), ("theme", named)):
            if not offered:
                del self.fields[name]

    def filters(self, state: str) -> Filters:
        """What was chosen; what is no choice is left out."""
        self.is_valid()
        said = self.cleaned_data
        return Filters(
            said.get("q", ""), said.get("kind", ""), said.get("criterion", ""), said.get("theme", ""), state
        )


class BarForm(forms.Form):
    """What is done with the ticked items; the pressed button says which of the fields counts."""

    DEEDS = ("together", "each", "into", "theme_on", "theme_off", "aside", "back")
    NEEDED: Mapping[str, tuple[str, Any]] = {
        "into": ("proposal", gettext_lazy("Choose the proposal")),
        "theme_on": ("theme", gettext_lazy("Write the theme")),
        "aside": ("reason", gettext_lazy("Say why")),
    }
    wording = LineField(
        label=gettext_lazy("Wording"),
        required=False,
        most=MOST_WORDING,
        help_text=gettext_lazy("Left empty, it is the wording of the most typical one."),
    )
    proposal = forms.ChoiceField(label=gettext_lazy("Proposal"), required=False, widget=forms.Select)
    theme = LineField(label=gettext_lazy("Theme"), required=False, most=100)
    reason = LineField(label=gettext_lazy("Reason"), required=False, most=500)

    def __init__(self, data: Any, *, proposals: Sequence[Proposal]) -> None:
        super().__init__(data)
        self.proposals = {str(one.pk): one for one in proposals}
        offered = [(key, f"{one.number}. {one.text}") for key, one in self.proposals.items()]
        offer(self, "proposal", [("", _("Choose")), *offered])
        self.fields["theme"].widget.attrs["list"] = "themes"
        self.deed = next((name for name in self.DEEDS if data is not None and name in data), "")

    def clean(self) -> dict[str, Any]:
        """What the pressed button needs is there."""
        data = super().clean() or self.cleaned_data
        if not self.deed:
            self.add_error(None, _("Choose what is done with the ticked ones."))
        name, words = self.NEEDED.get(self.deed, ("", ""))
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, words)
        return data


class ItemForm(forms.Form):
    """One area or idea."""

    text = TextField(label=gettext_lazy("Text"), most=MOST_TEXT, rows=3)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    code = forms.ChoiceField(label=gettext_lazy("Sub-criterion"), required=False, widget=forms.Select)
    origin = LineField(
        label=gettext_lazy("Source"),
        required=False,
        most=200,
        help_text=gettext_lazy("Where it comes from, for example a meeting, a survey or the earlier plan."),
    )

    def __init__(self, *args: Any, titles: Titles, item: Item | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (*TYPED, *(kind for kind in ItemKind if item is not None and kind == item.kind))
        offer(self, "kind", [(kind.value, kind.label) for kind in dict.fromkeys(kinds)])
        known = dict(titles.items)
        if item is not None and item.code:
            known.setdefault(item.code, "")
        offer(
            self,
            "code",
            [("", _("None")), *((code, f"{code} {name}".strip()) for code, name in known.items())],
        )
        if not known:
            del self.fields["code"]
        if item is not None and item.source_id is not None:
            del self.fields["origin"]

    def facts(self) -> ItemFacts:
        """What was typed."""
        data = self.cleaned_data
        return ItemFacts(data["kind"], data.get("code", ""), data["text"], data.get("origin", ""))


class SplitForm(forms.Form):
    """The parts of one item, each on its own."""

    parts = forms.LinesField(
        label=gettext_lazy("Parts"), noun=gettext_lazy("Part"), most=MOST_TEXT, most_lines=20, empty=2
    )

    def clean_parts(self) -> list[str]:
        """At least two."""
        parts: list[str] = self.cleaned_data["parts"]
        if len(parts) < 2:
            raise forms.ValidationError(_("Write at least two parts."))
        return parts


class AlikeForm(forms.Form):
    """The wording under which a proposed group is brought together."""

    wording = LineField(label=gettext_lazy("Wording of the proposal"), most=MOST_WORDING)


class TakeForm(forms.Form):
    """The self-assessments from which more is taken, and the plan before; `left` says how much that left."""

    LEFT = "left"
    sources = forms.MultipleChoiceField(label=gettext_lazy("Take from"))

    def __init__(self, data: Any, *, assessments: Sequence[Assessment], left: str = "") -> None:
        super().__init__(data)
        self.assessments = {str(one.pk): one for one in assessments}
        offered = [(key, one.title) for key, one in self.assessments.items()]
        offer(self, "sources", [*offered, *([(self.LEFT, left)] if left else [])])

    def chosen(self) -> list[Assessment]:
        """What was ticked."""
        return [self.assessments[key] for key in self.cleaned_data["sources"] if key != self.LEFT]

    def takes_left(self) -> bool:
        """Whether what the plan before left is taken."""
        return self.LEFT in self.cleaned_data["sources"]
