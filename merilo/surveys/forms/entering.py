"""A sheet of paper on one dense page: a small field for each number, its options printed beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from merilo.surveys import messages
from merilo.surveys.models import Survey
from merilo.surveys.printing import how
from merilo.surveys.rules import asking
from merilo.surveys.rules.answers import Fault
from merilo.surveys.rules.definition import Definition, Question
from merilo.surveys.rules.entering import Desk, Sheet, beside_number, numbered
from merilo.surveys.saying import Speaker, beside, shown
from merilo.web import forms
from merilo.web.items import Link
from merilo.web.written import LineField

PREFIX = "a:"  # before the names of fields of the questionnaire: a question may be called “name”
WRITTEN = (asking.Number, asking.Day, asking.ShortText, asking.LongText, asking.Upload)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what stands in it, what is wrong with it; `kind` is code, codes, word or text."""

    name: str
    label: str
    kind: str
    value: str = ""
    fault: str = ""
    longest: int = 0  # digits after which a number is complete, 0 where that is not known
    numbers: str = ""  # what may be typed, parted by blanks; "" where it is not chosen from numbers

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class Item:
    """One question on the page, with the numbers of its options and its fields."""

    number: int
    text: str
    rule: str
    hint: str
    required: bool
    options: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]

    @property
    def is_grid(self) -> bool:
        return len(self.fields) > 1


class SheetForm(forms.Form):
    """The form around the questions: which sheet it is, the name on it where there are names."""

    once_key = True
    name = LineField(label="", most=200, required=False)
    as_it_is = forms.BooleanField(required=False)
    asked = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100_000)

    def __init__(self, data: Any, *, survey: Survey, definition: Definition, language: str) -> None:
        super().__init__(data)
        self.definition, self.language = definition, language
        self.speaker = Speaker(definition, language)
        self.fields["name"].label = _("Name, if it stands on the sheet")
        if survey.is_anonymous:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """What is wrong with a field is said, then what the clerk is asked about."""
        for name, fault in self.sheet.faults.items():
            self.add_error(None, forms.ValidationError(self._sentence(fault), code=name))
        if not self.sheet.faults and self.questions and not self._is_confirmed():
            self.add_error(None, forms.ValidationError(_("Please look at the sheet again."), code="asked"))
        return self.cleaned_data

    @cached_property
    def typed(self) -> dict[str, str]:
        """What stands in each field of the questionnaire."""
        names = (name for question in self.definition.questions() for name in question.fields)
        return {name: str(self.data.get(f"{PREFIX}{name}", "")) for name in names}

    @cached_property
    def sheet(self) -> Sheet:
        return Desk(self.definition).read(self.typed)

    @property
    def questions(self) -> list[str]:
        """What the clerk is asked about, as codes and fields."""
        return [*self.sheet.blank, *self.sheet.astray]

    def _is_confirmed(self) -> bool:
        """Whether all of it was on the page when the clerk said that the sheet is so."""
        asked = set(self.cleaned_data.get("asked", "").split())
        return bool(self.cleaned_data.get("as_it_is")) and asked >= set(self.questions)

    # --- what the page shows ------------------------------------------------------------------
    @property
    def error_links(self) -> list[Link]:
        """The mistakes by their fields; what is only asked about stands with the button."""
        return [
            Link(
                _("Question %(number)s: %(sentence)s")
                % {"number": self._number(name), "sentence": self._sentence(fault)},
                f"#{Field(name, '', '').id}",
            )
            for name, fault in (self.sheet.faults.items() if self.is_bound else ())
        ] or [Link(str(error), "#answers") for error in self._refusals()]

    def _refusals(self) -> Iterator[str]:
        """What an action refused."""
        for error in self.non_field_errors().as_data() if self.is_bound else ():
            if not error.code:
                yield from error.messages

    @property
    def blank(self) -> list[Link]:
        """Questions that need an answer and have none."""
        return [self._link(self._first_blank(code)) for code in self.sheet.blank]

    def _first_blank(self, code: str) -> str:
        names = self.definition.question(code).fields
        return next((name for name in names if not self.typed[name].strip()), names[0])

    @property
    def astray(self) -> list[Link]:
        """Answers that would not count."""
        return [self._link(name) for name in self.sheet.astray]

    def _link(self, name: str) -> Link:
        question = self._owner(name)
        text, row = self.speaker.text(question.text.in_language(self.language)), self._label(question, name)
        told = f"{text} – {row}" if row and name != question.code else text
        return Link(f"{self._number(name)}. {told}", f"#{Field(name, '', '').id}")

    def _owner(self, name: str) -> Question:
        return self.definition.question(name.partition(".")[0])

    def _number(self, name: str) -> int:
        return self.speaker.numbers[self._owner(name).code]

    def _sentence(self, fault: Fault) -> str:
        return messages.fault(fault, _, _shown)

    @property
    def parts(self) -> Iterator[dict[str, Any]]:
        """The pages of the questionnaire with their questions."""
        for page in self.definition.pages:
            questions = [part for part in page.parts if isinstance(part, Question)]
            yield {
                "title": page.title.in_language(self.language) if page.title else "",
                "rule": self.speaker.chapter(page.show_if),
                "entries": [self._entry(question) for question in questions],
            }

    def _entry(self, question: Question) -> Item:
        return Item(
            number=self.speaker.numbers[question.code],
            text=self.speaker.text(question.text.in_language(self.language)),
            rule=self.speaker.rule(question.show_if),
            hint=how(question) if question.kind in {"ranking", "date", "rating"} else "",
            required=question.required,
            options=tuple(self._options(question)),
            fields=tuple(self._field(question, name) for name in question.fields),
        )

    def _options(self, question: Question) -> Iterator[tuple[str, str]]:
        asked, language = question.asked, self.language
        if isinstance(asked, asking.YesNo):
            yield from (("1", _("yes")), ("2", _("no")))
        elif isinstance(asked, asking.Rating | asking.Recommendation):
            yield from _ends(asked, language)
            if asked.unknown is not None:
                yield beside_number(asked), beside(question, language)
        elif not isinstance(asked, asking.Ranking):
            for place, option in enumerate(question.options, start=1):
                yield str(place), option.text.in_language(language)

    def _field(self, question: Question, name: str) -> Field:
        known: Mapping[str, str] = numbered(question) if name in question.items else {}
        fault = self.sheet.faults.get(name) if self.is_bound else None
        is_several = isinstance(question.asked, asking.Multiple)
        return Field(
            name=name,
            label=self._label(question, name),
            kind=_kind(question, name),
            value=self.typed[name] if self.is_bound else "",
            fault=self._sentence(fault) if fault else "",
            longest=0 if is_several else max(map(len, known), default=0),
            numbers=" ".join(known),
        )

    def _label(self, question: Question, name: str) -> str:
        """What a field is for: the row, the option, or the question itself."""
        code = name.partition(".")[2]
        rows = question.asked.rows if isinstance(question.asked, asking.Matrix) else question.options
        text = next((row.text.in_language(self.language) for row in rows if row.code == code), "")
        unit = question.asked.unit if isinstance(question.asked, asking.Number) else None
        return text or (unit.in_language(self.language) if unit else "")


def _ends(asked: asking.Rating | asking.Recommendation, language: str) -> Iterator[tuple[str, str]]:
    """The numbers of a scale, with the words at its ends where there are any."""
    if asked.least_text is None and asked.most_text is None:
        yield f"{asked.least}–{asked.most}", ""
        return
    for point, text in ((asked.least, asked.least_text), (asked.most, asked.most_text)):
        yield str(point), text.in_language(language) if text else ""


def _kind(question: Question, name: str) -> str:
    if isinstance(question.asked, asking.LongText):
        return "text"
    if isinstance(question.asked, WRITTEN) or (
        name not in question.items and not isinstance(question.asked, asking.Ranking)
    ):
        return "short" if isinstance(question.asked, asking.Number | asking.Day) else "word"
    return "codes" if isinstance(question.asked, asking.Multiple) else "code"


def _shown(value: object) -> str:
    return shown(value) if not isinstance(value, list) else ""  # type: ignore[arg-type]
