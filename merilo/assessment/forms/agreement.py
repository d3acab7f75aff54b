"""Forms of the agreement: a score by the scale, one wording for several remarks, a differing opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from merilo.assessment.actions.agreement import (
    LONGEST_NAME,
    LONGEST_REASON,
    Outcome,
    Proposal,
    reason_sentence,
)
from merilo.assessment.actions.statements import LONGEST_STATEMENT
from merilo.assessment.models import Agreement, AgreementState, Contribution, Statement
from merilo.assessment.queries.agreement import Row, Talk
from merilo.assessment.rules import scoring, statistics
from merilo.core.numbers import display
from merilo.core.texts import LINE, clean_line, clean_text, cleaner
from merilo.framework.catalogue import Scale
from merilo.web import forms

AGREE, POSTPONE, LEAVE = "agree", "postpone", "leave"


class ScoreFields(forms.Form):
    """A whole number for each component of a scale, named `value-<component>`; never filled in by itself."""

    once_key = False
    mark_required = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    justification = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        for code in scoring.components_of(scale):
            self.fields[f"value-{code}"] = self._field(code)
        self.fields["justification"].label = _("Justification")

    def _field(self, code: str) -> forms.IntegerField:
        limits = {"low": self.scale.minimum, "high": self.scale.maximum}
        words = _("Write a whole number from %(low)s to %(high)s") % limits
        attrs = {"class": "n", "inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}
        return forms.IntegerField(
            label=self._label(code),
            required=False,
            min_value=self.scale.minimum,
            max_value=self.scale.maximum,
            widget=forms.TextInput(attrs=attrs),
            error_messages={"invalid": words, "min_value": words, "max_value": words},
        )

    def _label(self, code: str) -> str:
        if code == scoring.SINGLE:
            return _("Agreed score")
        return self.scale.component(code).title.in_language(get_language() or "")

    clean_justification_text = staticmethod(cleaner(clean_text, LONGEST_REASON))

    def clean_justification(self) -> str:
        """The reason without control characters."""
        return self.clean_justification_text(self.cleaned_data["justification"])

    def _value_names(self) -> list[str]:
        return [f"value-{code}" for code in scoring.components_of(self.scale)]

    def values(self) -> dict[str, int]:
        """What was typed, by component."""
        typed = {code: self.cleaned_data.get(f"value-{code}") for code in scoring.components_of(self.scale)}
        return scoring.answered(typed)

    def require_values(self) -> None:
        """Add an error to each component without a number."""
        for code in scoring.components_of(self.scale):
            name = f"value-{code}"
            if self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["invalid"])

    @property
    def value_fields(self) -> list[Any]:
        """The number fields in the scale's order."""
        return [self[f"value-{code}"] for code in scoring.components_of(self.scale)]


def initial_of(agreement: Agreement) -> dict[str, Any]:
    """What a form shows of an agreement: only what the group itself agreed on."""
    values = agreement.values if agreement.state == AgreementState.AGREED else {}
    return {
        "version": agreement.version,
        "justification": agreement.justification,
        **{f"value-{code}": value for code, value in values.items()},
    }


class AgreeForm(ScoreFields):
    """One item: agree, postpone, or leave it without a score."""

    def __init__(self, *args: Any, decision: str = AGREE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision if decision in {AGREE, POSTPONE, LEAVE} else AGREE

    def clean(self) -> dict[str, Any]:
        """A score needs all its numbers, to leave it out needs the reason."""
        if self.decision == AGREE:
            self.require_values()
        if self.decision == LEAVE and (typed := next(filter(self.data.get, self._value_names()), None)):
            self.add_error(typed, _("A score is typed here: accept it, or empty the field first."))
        if self.decision == LEAVE and not self.cleaned_data.get("justification", "x"):
            self.add_error("justification", _("Say why the group gives no score."))
        return self.cleaned_data

    def outcome(self) -> Outcome:
        """What is to stand."""
        state = AgreementState.POSTPONED if self.decision == POSTPONE else AgreementState.AGREED
        values = self.values() if self.decision == AGREE else {}
        return Outcome(str(state), values, self.cleaned_data["justification"])


class MergeForm(forms.Form):
    """Remarks of one kind that belong together, and what becomes of them."""

    mark_required = False
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, talk: Talk, **kwargs: Any) -> None:
        super().__init__(*args, prefix=talk.kind, **kwargs)
        self.talk = talk
        remarks = [(str(row.pk), row.text) for row in talk.open]
        self.fields["sources"] = forms.MultipleChoiceField(choices=remarks, required=False)
        new = ("", _("a new statement"))
        existing = [(str(row.pk), f"{n}. {row.text[:80]}") for n, row in enumerate(talk.statements, start=1)]
        self.fields["into"] = forms.ChoiceField(
            choices=[new, *existing], required=False, widget=forms.Select, label=_("Put them under")
        )
        self.fields["text"].label = _("Common wording")
        if talk.open and talk.statements:
            words = _("Not needed when they go under a statement that is already agreed.")
            self.fields["text"].help_text = words

    clean_wording = staticmethod(cleaner(clean_line, LONGEST_STATEMENT))

    def clean_text(self) -> str:
        """The wording as one line."""
        return self.clean_wording(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """Remarks or a wording there must be."""
        sources, text = self.cleaned_data.get("sources", []), self.cleaned_data.get("text", "")
        if self.cleaned_data.get("into") and not sources:
            self.add_error("sources", _("Tick the remarks that belong to the statement."))
        if not self.cleaned_data.get("into") and not text and len(sources) != 1 and not self.errors:
            self.add_error("text", _("Write the common wording."))
        return self.cleaned_data

    @property
    def choices(self) -> list[tuple[Contribution, bool]]:
        """The open remarks with their ticks."""
        ticked = set(self["sources"].value() or ())
        return [(row, str(row.pk) in ticked) for row in self.talk.open]

    def source_ids(self) -> list[UUID]:
        return [UUID(pk) for pk in self.cleaned_data["sources"]]

    def statement_id(self) -> UUID | None:
        return UUID(self.cleaned_data["into"]) if self.cleaned_data["into"] else None


class WordingForm(forms.Form):
    """The wording of one statement, with the version it was read in."""

    once_key = False
    mark_required = False
    text = forms.CharField(
        label=gettext_lazy("Wording"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the common wording.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    clean_wording = staticmethod(cleaner(clean_line, LONGEST_STATEMENT))

    def clean_text(self) -> str:
        """The wording as one line."""
        return self.clean_wording(self.cleaned_data["text"])


class DissentForm(forms.Form):
    """A differing opinion; the name only where the person wants it."""

    prefix = "dissent"
    mark_required = False
    text = forms.CharField(
        label=gettext_lazy("Differing opinion"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the differing opinion.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name, if the person wants it"),
        required=False,
        help_text=gettext_lazy("Empty: the opinion stands without a name."),
    )

    def __init__(self, *args: Any, speaker: str = "", **kwargs: Any) -> None:
        """`speaker` is the name of a member who speaks for themself; who leads writes for others."""
        super().__init__(*args, **kwargs)
        self.speaker = speaker
        if speaker:
            self.fields["name"] = forms.BooleanField(label=_("Put my name beside it"), required=False)

    clean_opinion = staticmethod(cleaner(clean_text, LONGEST_REASON))
    clean_who = staticmethod(cleaner(clean_line, LONGEST_NAME))

    def clean_text(self) -> str:
        """The opinion without control characters."""
        return self.clean_opinion(self.cleaned_data["text"])

    def clean_name(self) -> str:
        """The name as one line; empty where the person wants none."""
        given = self.cleaned_data["name"]
        return self.clean_who(self.speaker if given is True else given or "")


class ReasonForm(forms.Form):
    """Why something is taken back."""

    mark_required = False
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stays in the record."),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    clean_why = staticmethod(cleaner(clean_line, LINE))

    def clean_reason(self) -> str:
        """The reason as one line."""
        return self.clean_why(self.cleaned_data["reason"])


@dataclass(frozen=True, slots=True)
class CloseRow:
    """One close item with its fields."""

    row: Row
    form: ScoreFields

    @property
    def is_filled(self) -> bool:
        """Something was typed in at least one number field."""
        return any(str(found.value() or "").strip() for found in self.form.value_fields)

    def check(self) -> None:
        """Add what is missing: a number, or the reason for one outside the middle half."""
        self.form.require_values()
        if self.form.errors or self.form.cleaned_data["justification"]:
            return
        score = scoring.score_of(self.form.scale, self.form.values())
        if statistics.outside_iqr(score, self.row.basis):
            self.form.add_error("justification", reason_sentence(self.row.basis))

    def proposal(self) -> Proposal:
        """What is to stand for the item."""
        outcome = Outcome(
            str(AgreementState.AGREED), self.form.values(), self.form.cleaned_data["justification"]
        )
        version = self.form.cleaned_data["version"]
        return Proposal(self.row.item.code, version, outcome, self.row.basis)


class CloseForm(forms.Form):
    """Several close items at once: each row has its own numbers; a row without numbers stays open."""

    def __init__(self, data: Any = None, *, rows: Sequence[Row]) -> None:
        super().__init__(data)
        self.rows = [CloseRow(row, self._row_form(data, row)) for row in rows]

    @staticmethod
    def _row_form(data: Any, row: Row) -> ScoreFields:
        # A number stands there from the beginning only where everybody gave the same one.
        offered = {f"value-{code}": value for code, value in row.voices.unanimous.items()}
        initial = {"version": row.agreement.version, "justification": row.agreement.justification, **offered}
        form = ScoreFields(data, scale=row.voices.scale, prefix=prefix_of(row.item.code), initial=initial)
        form.fields["justification"].label = _justification_label(row)
        return form

    def clean(self) -> dict[str, Any]:
        """Every row that was begun must be complete; at least one must be."""
        filled = [row for row in self.rows if row.is_filled]
        for row in filled:
            if row.form.is_valid():
                row.check()
        if any(row.form.errors for row in filled):
            raise forms.ValidationError(_("Some of the numbers cannot be recorded. Nothing is saved yet."))
        if not filled:
            raise forms.ValidationError(_("Write the agreed score of at least one sub-criterion."))
        return self.cleaned_data

    @property
    def filled(self) -> list[CloseRow]:
        return [row for row in self.rows if row.is_filled]

    @property
    def error_links(self) -> list[Any]:
        """The mistakes of the whole and of each row."""
        links = forms.error_links(self)
        for row in self.filled:
            links += forms.error_links(row.form)
        return links


def _justification_label(row: Row) -> str:
    """Says when a reason is needed: close scores always have a middle half."""
    found = statistics.spread(row.basis)
    if found is None:
        return _("Justification")
    mark = str(get_format("DECIMAL_SEPARATOR"))
    low, high = (display(value, mark=mark) for value in (found.first_quartile, found.third_quartile))
    return _("Justification, needed outside %(low)s–%(high)s") % {"low": low, "high": high}


def prefix_of(code: str) -> str:
    """What the fields of an item are named after in a form with several."""
    return f"i{code.replace('.', '-')}"


def wording_of(statement: Statement) -> dict[str, Any]:
    """What the form of a statement begins with."""
    return {"text": statement.text, "version": statement.version}
