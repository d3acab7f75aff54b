"""Forms of a question, a text and a page of the questionnaire, all languages side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.surveys import worded
from merilo.surveys.forms.comparing import Lines, differing
from merilo.surveys.forms.questions_lists import Conditions, Entries, merged
from merilo.surveys.rules.editing import Draft, Record, is_code, languages_in, pages_of, parts_of, records
from merilo.surveys.rules.referring import Item
from merilo.surveys.rules.renaming import Renaming
from merilo.surveys.rules.values import as_plain, is_day, is_exact
from merilo.web import forms
from merilo.web.items import Link
from merilo.web.written import LineField, TextField

LINE, QUESTION, PARAGRAPH = 500, 2_000, 5_000  # characters, as `rules.checking` allows


@dataclass(frozen=True, slots=True)
class Side:
    """One text in all languages: the fields stand side by side."""

    name: str
    label: Any
    hint: Any
    columns: list[tuple[str, Any]]  # code of the language, bound field


class DraftForm(forms.Form):
    """What all forms over the draft share: its revision, texts in its languages, tables beside the fields."""

    mark_required = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: QueryDict | None, *, draft: Draft, record: Record, **options: Any) -> None:
        self.draft, self.record = draft, record
        self.languages = languages_in(draft)
        self._sides: dict[str, tuple[Any, Any]] = {}
        self.anchors: dict[str, str] = {}
        self.full_names: dict[str, str] = {}  # of fields whose labels are understood beside others only
        super().__init__(data, **options)

    def add_text(
        self, name: str, label: Any, hint: Any = "", *, most: int = LINE, rows: int = 1, width: str = ""
    ) -> None:
        """A text with one field for each language."""
        stored = self.record.get(name)
        words = stored if isinstance(stored, dict) else {}
        self._sides[name] = (label, hint)
        for language in self.languages:
            attrs: dict[str, Any] = {"lang": language} | ({"class": width} if width else {})
            made: Any
            if rows > 1:
                widget = forms.Textarea(attrs=attrs | {"rows": rows})
                made = TextField(most=most, rows=rows, required=False, widget=widget)
            else:
                made = LineField(most=most, required=False, widget=forms.TextInput(attrs=attrs))
            made.label = worded.language_name(language)
            self.fields[f"{name}-{language}"] = made
            self.initial.setdefault(f"{name}-{language}", str(words.get(language, "")))

    def sides(self, *names: str) -> list[Side]:
        """The texts, or some of them, each in all languages."""
        return [
            Side(name, label, hint, [(code, self[f"{name}-{code}"]) for code in self.languages])
            for name, (label, hint) in self._sides.items()
            if not names or name in names
        ]

    def words(self, name: str) -> dict[str, str] | None:
        """A text as it is kept; None where it is empty in all languages."""
        typed = {code: str(self.cleaned_data.get(f"{name}-{code}", "")) for code in self.languages}
        return merged(self.record.get(name), typed)

    def refuse(self, errors: Iterator[tuple[str, str]]) -> None:
        """Mistakes of a table in the summary, leading to their lines."""
        for anchor, sentence in errors:
            self.anchors[sentence] = f"#{anchor}"
            self.add_error(None, sentence)

    def both(self, sent: DraftForm) -> tuple[Lines, Lines]:
        """Where fields beside the texts differ in what was sent and what is stored, in words."""
        texts = {f"{name}-{code}" for name in self._sides for code in self.languages}
        plain = {
            name: self.full_names.get(name, str(field.label))
            for name, field in self.fields.items()
            if name not in texts and not field.widget.is_hidden
        }
        return differing(sent, self, plain)

    def hold_back(self) -> None:
        """Say nothing about mistakes: the person has not finished, or has to choose between two versions."""
        self._errors = ErrorDict()

    @property
    def error_links(self) -> list[Link]:
        """The mistakes for the summary; those of tables lead to their lines."""
        return [Link(link.text, link.url or self.anchors.get(link.text, "")) for link in super().error_links]


class ConditionalForm(DraftForm):
    """A form with a condition."""

    condition_key = "show_if"

    def __init__(
        self,
        data: QueryDict | None,
        *,
        items: Mapping[str, Item],
        record: Record,
        draft: Draft,
        **options: Any,
    ) -> None:
        super().__init__(data, draft=draft, record=record, **options)
        stored = record.get(self.condition_key)
        self.condition = Conditions(stored, data, draft=draft, items=items)

    def clean(self) -> dict[str, Any]:
        """As ever, and the tests of the condition."""
        self.refuse(self.condition.errors())
        return self.cleaned_data


class PageForm(ConditionalForm):
    """A page: its title, the order of its questions, when it is shown."""

    shuffle = forms.BooleanField(label=gettext_lazy("Ask the questions in random order"), required=False)

    def __init__(self, data: QueryDict | None, *, record: Record, **options: Any) -> None:
        initial = {"shuffle": record.get("shuffle") is True, **options.pop("initial", {})}
        super().__init__(data, record=record, initial=initial, **options)
        self.add_text("title", gettext_lazy("Title of the page"), gettext_lazy("May be left empty."))

    def values(self) -> Record:
        """What the page becomes; None takes a key away."""
        shuffle = self.cleaned_data["shuffle"] or None
        return {"title": self.words("title"), "shuffle": shuffle, "show_if": self.condition.plain()}


class TextForm(ConditionalForm):
    """A text between questions."""

    def __init__(self, data: QueryDict | None, *, record: Record, **options: Any) -> None:
        super().__init__(data, record=record, **options)
        self.add_text("text", gettext_lazy("Text"), most=PARAGRAPH, rows=4)

    def clean(self) -> dict[str, Any]:
        """A text says something in one language at least."""
        super().clean()
        require_words(self, "text")
        return self.cleaned_data

    def values(self) -> Record:
        """What the text becomes; None takes a key away."""
        return {"text": self.words("text") or {}, "show_if": self.condition.plain()}

    def renaming(self) -> Renaming | None:
        """Nothing refers to a text."""
        return None


def require_words(form: DraftForm, name: str) -> None:
    """A text must not be empty in all languages."""
    fields = [f"{name}-{code}" for code in form.languages]
    if not any(form.cleaned_data.get(field) for field in fields) and not set(fields) & set(form.errors):
        form.add_error(fields[0], _("Write the text, in one language at least"))


# --- questions ------------------------------------------------------------------------------------
_SCALE_TEXTS = (
    ("least_text", gettext_lazy("Words at the low end")),
    ("most_text", gettext_lazy("Words at the high end")),
    ("unknown", gettext_lazy("Words for “don't know”")),
)
_LEAST_CHOSEN = gettext_lazy("At least so many answers")
_MOST_CHOSEN = gettext_lazy("At most so many answers")


def _count(label: Any, least: int = 1, most: int = 100, *, usual: int = 0, required: bool = False) -> Any:
    hint = _usual(usual) if usual else ""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, widget=widget, help_text=hint
    )


def _usual(number: int) -> Any:
    return lazy(lambda: _("Left empty, the usual: %(usual)s") % {"usual": number}, str)()


def _limits(kind: str) -> dict[str, Any]:
    """The fields that only this kind of question has, by their key."""
    low, high = gettext_lazy("Smallest number"), gettext_lazy("Greatest number")
    made: dict[str, dict[str, Any]] = {
        "multiple": {"least": _count(_LEAST_CHOSEN), "most": _count(_MOST_CHOSEN)},
        "rating": {
            "least": _count(gettext_lazy("Lowest point"), 0, required=True),
            "most": _count(gettext_lazy("Highest point"), 1, required=True),
        },
        "number": {
            "least": forms.DecimalField(label=low, required=False),
            "most": forms.DecimalField(label=high, required=False),
            "decimals": _count(gettext_lazy("Digits after the decimal mark"), 0, 6),
        },
        "date": {
            "least": forms.DateField(label=gettext_lazy("First possible day"), required=False),
            "most": forms.DateField(label=gettext_lazy("Last possible day"), required=False),
        },
        "short": {"most": _count(gettext_lazy("At most so many characters"), 1, 1_000, usual=200)},
        "long": {"most": _count(gettext_lazy("At most so many characters"), 1, 20_000, usual=2_000)},
        "ranking": {"most": _count(gettext_lazy("Only so many first places"))},
        "file": {"megabytes": _count(gettext_lazy("At most so many megabytes"), usual=10)},
    }
    return made.get(kind, {})


_ROLES: Mapping[str, Sequence[str]] = {
    "single": ("other", "unknown"),
    "multiple": ("other", "none", "unknown"),
    "matrix": ("unknown",),
}
_WITH_OPTIONS = frozenset({"single", "multiple", "matrix", "ranking"})


class QuestionForm(ConditionalForm):
    """A question of one kind. `fixed` says that people answer it already: codes stay as they are."""

    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    attribute = forms.BooleanField(
        label=gettext_lazy("Tells who somebody is"),
        help_text=gettext_lazy("Age, sex, unit, place: too many of them together could identify a person."),
        required=False,
    )
    code = LineField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The name of the column in exports. Left empty, it is given."),
        required=False,
        most=40,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self, data: QueryDict | None, *, kind: str, fixed: bool, draft: Draft, record: Record, **options: Any
    ) -> None:
        self.kind = kind
        initial = _shown({"kind": kind, **record}) | options.pop("initial", {})
        super().__init__(data, draft=draft, record=record, initial=initial, **options)
        self.fields["code"].disabled = self.is_fixed = fixed and bool(record.get("code"))
        self._add_texts(kind)
        self.limits = _limits(kind)
        self.fields.update(self.limits)
        if kind in _WITH_OPTIONS:
            label = gettext_lazy("Offer the options in random order")
            if kind == "matrix":
                label = gettext_lazy("Show the rows in random order")
            self.fields["shuffle"] = forms.BooleanField(label=label, required=False)
        self.rows = self._entries("rows", data) if kind == "matrix" else None
        self.options = self._entries("options", data) if kind in _WITH_OPTIONS else None

    def _add_texts(self, kind: str) -> None:
        self.add_text("text", gettext_lazy("Question"), most=QUESTION, rows=2)
        hint = gettext_lazy(
            "May be left empty. A code in braces, such as {q1}, stands for an earlier answer."
        )
        self.add_text("hint", gettext_lazy("Hint below the question"), hint, most=PARAGRAPH, rows=2)
        for name, label in _SCALE_TEXTS if kind in {"rating", "nps"} else ():
            self.add_text(name, label)
        if kind == "number":
            self.add_text("unit", gettext_lazy("Unit of measure"))

    def _entries(self, name: str, data: QueryDict | None) -> Entries:
        has_values = name == "options" and self.kind in {"single", "matrix"}
        return Entries(
            name,
            records(self.record, name),
            data,
            languages=self.languages,
            roles=_ROLES.get(self.kind, ()) if name == "options" else (),
            has_values=has_values,
        )

    @property
    def limit_fields(self) -> list[Any]:
        """The fields of this kind alone."""
        return [self[name] for name in self.limits]

    @property
    def main_sides(self) -> list[Side]:
        """The question and its hint."""
        return self.sides("text", "hint")

    @property
    def scale_sides(self) -> list[Side]:
        """The texts of this kind alone."""
        return self.sides("least_text", "most_text", "unknown", "unit")

    @property
    def ticks(self) -> list[Any]:
        """What is said with a tick."""
        return [self[name] for name in ("required", "attribute", "shuffle") if name in self.fields]

    def clean_code(self) -> str:
        """A code nobody else has."""
        code = str(self.cleaned_data["code"])
        if code and not is_code(code):
            raise forms.ValidationError(
                _("A code begins with a Latin letter and holds letters, digits and underscores, at most 40")
            )
        parts = (part for page in pages_of(self.draft) for part in parts_of(page))
        others = {part.get("code") for part in parts} - {self.record.get("code")}
        if code in others:
            raise forms.ValidationError(_("Another question has this code"))
        return code

    def clean(self) -> dict[str, Any]:
        """As ever, and the tables."""
        super().clean()
        require_words(self, "text")
        for entries in (self.rows, self.options):
            if entries is not None:
                self._keep_codes(entries)
                self.refuse(entries.errors())
        return self.cleaned_data

    def _keep_codes(self, entries: Entries) -> None:
        """Codes that people have answered with stay; one that was emptied too."""
        for line in entries.lines:
            if line.was in entries.stored and (self.is_fixed or not line.code):
                line.code = line.was

    def values(self) -> Record:
        """What the question becomes; None takes a key away."""
        typed = self.cleaned_data
        code = typed["code"] or self.record.get("code")
        made: Record = {
            "kind": self.kind,
            **({"code": code} if code else {}),
            "text": self.words("text") or {},
        }
        made |= {name: self.words(name) for name in self._sides if name != "text"}
        made |= {name: typed[name] or None for name in ("required", "attribute")}
        made |= {name: _plain(typed[name]) for name in self.limits}
        if self.rows is not None:
            made["rows"] = self.rows.records()
        if self.options is not None:
            made |= {"options": self.options.records(), "shuffle": typed["shuffle"] or None}
        return made | {"show_if": self.condition.plain()}

    def renaming(self) -> Renaming | None:
        """How codes change, where the question was there before."""
        before = str(self.record.get("code", ""))
        if not before:
            return None
        rows = self.rows.renamed() if self.rows else {}
        options = self.options.renamed() if self.options else {}
        return Renaming(before, str(self.cleaned_data["code"] or before), options, rows)


def _plain(value: Any) -> Any:
    return None if value is None else as_plain(value)


def _shown(record: Record) -> dict[str, Any]:
    """The plain values of a question as its fields show them; what cannot be shown is not."""
    found = {name: record.get(name) is True for name in ("required", "attribute", "shuffle")}
    shown: dict[str, Any] = {"code": record.get("code", ""), **found}
    if record.get("kind") == "rating":
        shown |= {"least": 1, "most": 5}
    for name in ("least", "most", "decimals", "megabytes"):
        if name in record and (is_exact(record[name]) or is_day(record[name])):
            shown[name] = _typed(record[name])
    return shown


def _typed(value: int | str) -> Any:
    """A date as the field writes it; numbers with the comma of the language."""
    if is_day(value):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(value, str) else value
