"""Forms of prioritising: criteria and success factors, points one by one and as a table, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from merilo.improvement.actions.priorities import Agreed, Scheme
from merilo.improvement.models import Decision, Plan, Proposal
from merilo.improvement.priority_words import AXES, POINTS
from merilo.improvement.rules.priorities import LEAST, MOST, Axis
from merilo.improvement.rules.reading import alike
from merilo.improvement.rules.scheme import name_in, next_code
from merilo.web import forms
from merilo.web.written import LineField, offer

HEAVIEST = 100
MOST_CRITERIA = 20
NEW_FACTORS = 3
LANGUAGES = {"bg": gettext_lazy("Name in Bulgarian"), "en": gettext_lazy("Name in English")}


class SchemeForm(forms.Form):
    """All criteria with names and weights, one more, and the critical success factors one by one."""

    mark_required = False

    def __init__(self, data: Any, *, plan: Plan) -> None:
        super().__init__(data)
        self.plan = plan
        self.own = plan.organisation.language
        self.languages = sorted(LANGUAGES, key=lambda language: language != self.own)
        for one in plan.scheme:
            self._add_criterion(one["code"], one)
        if len(plan.scheme) < MOST_CRITERIA:
            self._add_criterion("new", None)
        places = range(len(plan.factors) + NEW_FACTORS)
        for place in places:
            known = plan.factors[place] if place < len(plan.factors) else ""
            label = _("Factor %(number)s") % {"number": place + 1}
            self.fields[f"factor-{place}"] = LineField(label=label, required=False, most=300, initial=known)

    def _add_criterion(self, code: str, one: Mapping[str, Any] | None) -> None:
        names = one["name"] if one else {}
        for language in self.languages:
            self.fields[f"name-{code}-{language}"] = LineField(
                label=LANGUAGES[language], required=False, most=120, initial=names.get(language, "")
            )
        self.fields[f"weight-{code}"] = _weight(one)
        if one is None:
            axis = forms.ChoiceField(
                label=_("Says something about"), choices=AXES.items(), initial=Axis.IMPACT
            )
            self.fields[f"axis-{code}"] = axis
        else:
            self.fields[f"remove-{code}"] = forms.BooleanField(
                label=_("Remove this criterion"), required=False
            )

    def blocks(self, language: str) -> Iterator[tuple[Axis, list[tuple[str, list[BoundField]]]]]:
        """The fields of the criteria of each axis: heading in the language of the page, and fields."""
        for axis in Axis:
            own = [one for one in self.plan.scheme if one["axis"] == axis]
            yield axis, [(name_in(one, language), self._fields(one["code"])) for one in own]

    def added(self) -> list[BoundField]:
        """The fields of a further criterion."""
        return self._fields("new")

    def _fields(self, code: str) -> list[BoundField]:
        names = [f"name-{code}-{language}" for language in self.languages]
        further = (f"weight-{code}", f"axis-{code}", f"remove-{code}")
        return [self[name] for name in (*names, *further) if name in self.fields]

    def factor_fields(self) -> list[BoundField]:
        """The fields of success factors."""
        return [self[name] for name in self.fields if name.startswith("factor-")]

    def clean(self) -> dict[str, Any]:
        """Every criterion has a name of its own, and both axes keep one that counts."""
        data = super().clean() or self.cleaned_data
        self._check_names()
        if not self.errors:
            for axis, words in AXES.items():
                if not any(one["weight"] for one in self._criteria() if one["axis"] == axis):
                    told = _("No criterion of %(axis)s would count. Leave one with a weight above 0.")
                    self.add_error(None, told % {"axis": str(words).lower()})
        return data

    def _check_names(self) -> None:
        seen: set[str] = set()
        for code in self._left():
            names = self._names(code)
            if not names and code == "new":
                self._check_nameless()
            elif not names and f"name-{code}-{self.own}" not in self.errors:
                self.add_error(f"name-{code}-{self.own}", self._unnamed(code))
            for language, name in names.items():
                if alike(name) in seen:
                    told = _("Two criteria are called “%(name)s”. Name them differently.") % {"name": name}
                    self.add_error(f"name-{code}-{language}", told)
                    break
            seen |= {alike(name) for name in names.values()}

    def _check_nameless(self) -> None:
        """A further criterion is added by its name; nothing else that was chosen for it goes silently."""
        names = [f"name-new-{language}" for language in self.languages]
        touched = {"weight-new", "axis-new"} & set(self.changed_data)
        if touched and not any(name in self.errors for name in names):
            self.add_error(names[0], _("Name the further criterion, in one language at least."))

    def _unnamed(self, code: str) -> str:
        known = next(one for one in self.plan.scheme if one["code"] == code)
        name = name_in(known, get_language() or "")
        return _("Criterion “%(name)s” needs a name. Type it or remove the criterion.") % {"name": name}

    def _left(self) -> list[str]:
        """The codes of criteria that stay, and of the further one."""
        codes = [
            one["code"] for one in self.plan.scheme if not self.cleaned_data.get(f"remove-{one['code']}")
        ]
        return [*codes, "new"] if "weight-new" in self.fields else codes

    def _names(self, code: str) -> dict[str, str]:
        """What somebody typed as names of a criterion, by language."""
        typed = {
            language: self.cleaned_data.get(f"name-{code}-{language}", "") for language in self.languages
        }
        return {language: name for language, name in typed.items() if name}

    def scheme(self) -> Scheme:
        """What was typed."""
        data = self.cleaned_data
        factors: list[str] = []
        places: dict[int, int] = {}
        for field in self.factor_fields():
            if text := data[field.name]:
                places[int(field.name.partition("-")[2])] = len(factors)
                factors.append(text)
        return Scheme(self._criteria(), factors, places)

    def _criteria(self) -> list[dict[str, Any]]:
        axes = {one["code"]: one["axis"] for one in self.plan.scheme}
        return [self._criterion(code, axes) for code in self._left() if code in axes or self._names(code)]

    def _criterion(self, field: str, axes: Mapping[str, str]) -> dict[str, Any]:
        is_new = field not in axes
        return {
            "code": next_code(set(axes)) if is_new else field,
            "axis": str(self.cleaned_data["axis-new"] if is_new else axes[field]),
            "weight": self.cleaned_data[f"weight-{field}"],
            "name": self._names(field),
        }


def _weight(one: Mapping[str, Any] | None) -> forms.IntegerField:
    """How much a criterion counts; what is wrong with it is said with its name."""
    named = {"name": name_in(one, get_language() or "") if one else "", "most": HEAVIEST}
    wrong = (
        _("Weight of “%(name)s”: a whole number from 0 to %(most)s.")
        if one
        else _("Weight of the further criterion: a whole number from 0 to %(most)s.")
    ) % named
    return forms.IntegerField(
        label=_("Weight"),
        min_value=0,
        max_value=HEAVIEST,
        initial=one["weight"] if one else 1,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class PointsForm(forms.Form):
    """Points from 1 to 5 for every criterion of one proposal; what is left open stays open."""

    mark_required = False

    def __init__(
        self,
        data: Any,
        *,
        plan: Plan,
        language: str,
        points: Mapping[str, int],
        told: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.axes = {one["code"]: Axis(one["axis"]) for one in plan.scheme}
        for one in plan.scheme:
            words = POINTS[Axis(one["axis"])]
            choices = [(str(point), _said(point, word)) for point, word in enumerate(words, start=LEAST)]
            self.fields[f"points-{one['code']}"] = forms.ChoiceField(
                label=name_in(one, language),
                choices=[*choices, ("", _("not scored"))],
                required=False,
                initial=str(points.get(one["code"], "")),
                help_text=(told or {}).get(one["code"], ""),
            )

    def by_axis(self) -> list[tuple[str, list[BoundField]]]:
        """Each axis with the fields of its criteria, in the order of the scheme."""
        return [
            (str(words), [self[f"points-{code}"] for code, own in self.axes.items() if own is axis])
            for axis, words in AXES.items()
        ]

    def points(self) -> dict[str, int]:
        """What was given, by criterion."""
        said = ((code, self.cleaned_data[f"points-{code}"]) for code in self.axes)
        return {code: int(value) for code, value in said if value}


def _said(point: int, word: str | Promise) -> SafeString:
    """A point and what it means, apart, so that a wall shows the point large."""
    return format_html(
        '<span class="figure">{}</span><span class="dash"> – </span><span>{}</span>', point, word
    )


@dataclass(frozen=True, slots=True)
class TableRow:
    """A proposal with its fields, each with the name of its criterion."""

    proposal: Proposal
    cells: list[tuple[str, BoundField]]
    version: BoundField


class TableForm(forms.Form):
    """Points of many proposals at once, a small field for each criterion."""

    mark_required = False

    def __init__(
        self,
        data: Any,
        *,
        plan: Plan,
        language: str,
        proposals: Sequence[Proposal],
        points: Mapping[UUID, Mapping[str, int]],
    ) -> None:
        super().__init__(data)
        self.proposals, self.given = proposals, points
        self.names = {one["code"]: name_in(one, language) for one in plan.scheme}
        for proposal in proposals:
            own = points.get(proposal.pk, {})
            self.fields[f"v{proposal.number}"] = forms.IntegerField(
                widget=forms.HiddenInput(attrs={"id": False}), initial=proposal.version
            )
            for code, name in self.names.items():
                self.fields[f"p{proposal.number}-{code}"] = _cell(proposal.number, name, own.get(code))

    def rows(self) -> list[TableRow]:
        """The proposals with their fields."""
        return [
            TableRow(
                one,
                [(name, self[f"p{one.number}-{code}"]) for code, name in self.names.items()],
                self[f"v{one.number}"],
            )
            for one in self.proposals
        ]

    def changed(self) -> list[Agreed]:
        """The rows in which something else stands now than was shown."""
        found = []
        for one in self.proposals:
            said = {code: self.cleaned_data[f"p{one.number}-{code}"] for code in self.names}
            points = {code: value for code, value in said.items() if value is not None}
            before = {code: value for code, value in self.given.get(one.pk, {}).items() if code in self.names}
            if points != before:
                found.append(Agreed(one.pk, points, self.cleaned_data[f"v{one.number}"]))
        return found


def _cell(number: int, name: str, value: int | None) -> forms.IntegerField:
    label = _("%(number)s: %(name)s") % {"number": number, "name": name}
    attrs = {"inputmode": "numeric", "maxlength": 1, "class": "point", "aria-label": label}
    wrong = _("Proposal %(number)s, “%(name)s”: a whole number from %(least)s to %(most)s.") % {
        "number": number,
        "name": name,
        "least": LEAST,
        "most": MOST,
    }
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=LEAST,
        max_value=MOST,
        initial=value,
        widget=forms.TextInput(attrs=attrs),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


class DecideForm(forms.Form):
    """What is decided about the ticked proposals."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"))
    reason = LineField(
        label=gettext_lazy("Reason"),
        required=False,
        most=1_000,
        help_text=gettext_lazy("Needed for what is not chosen: the next cycle begins with it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        words = {
            Decision.CHOSEN: _("Choose: it becomes a measure"),
            Decision.LATER: _("Keep for the next cycle"),
            Decision.DECLINED: _("Not to be followed"),
            Decision.OPEN: _("Leave undecided again"),
        }
        offer(self, "decision", words.items())
