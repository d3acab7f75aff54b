"""Fields for our own questions: dates as people write them, ideas line by line, scores on a scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from merilo.core.owner import LostFile
from merilo.core.texts import BadText, clean_text
from merilo.web.items import Band, Part
from merilo.web.widgets import FileWidget, LinesWidget, PointsWidget, ScoreWidget

DATE_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y-%m-%d"]
_DATE_LIKE = re.compile(r"\d{1,2}\.\d{1,2}\.(\d{2}|\d{4})|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}")
_YEAR_WORD = re.compile(r"\s*г\.?$")
_HOUR_WORD = re.compile(r"\s*ч\.?$")


class DateField(forms.DateField):
    """A day: 21.11.2026, 21.11.26, 21/11/2026 or 2026-11-21, with or without „г.“."""

    widget = forms.DateInput(format="%d.%m.%Y", attrs={"class": "date", "autocomplete": "off"})
    default_error_messages = {
        "invalid": gettext_lazy("Write the date with day, month and year, for example 21.11.2026"),
        "no_day": gettext_lazy("There is no such day: %(day)s"),
        "far": gettext_lazy("The year lies between %(first)s and %(last)s"),
    }
    FIRST, LAST = 1900, 2200

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("For example, 21.11.2026"))
        super().__init__(input_formats=DATE_FORMATS, **kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, blanks and the word for year left out."""
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]+", "", _YEAR_WORD.sub("", value.strip()))
        try:
            day = super().to_python(value)
        except ValidationError as error:
            if not _DATE_LIKE.fullmatch(str(value)):
                raise
            words = self.error_messages["no_day"] % {"day": value}
            raise ValidationError(words, code="no_day") from error
        if day is not None and not self.FIRST <= day.year <= self.LAST:
            limits = {"first": self.FIRST, "last": self.LAST}
            raise ValidationError(self.error_messages["far"] % limits, code="far")
        return day


class TimeField(forms.TimeField):
    """A time of day: 14:05 or 14.05, with or without „ч.“."""

    widget = forms.TimeInput(format="%H:%M", attrs={"class": "time", "autocomplete": "off"})
    default_error_messages = {
        "invalid": gettext_lazy("Write the time with hours and minutes, for example 14:05")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("For example, 14:05"))
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)

    def to_python(self, value: Any) -> time | None:
        """The time, the word for hour left out."""
        if isinstance(value, str):
            value = _HOUR_WORD.sub("", value.strip()).strip()
        return super().to_python(value)


def _without_blanks(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", "", text).replace("\N{MINUS SIGN}", "-")


_THOUSANDS = {
    re.compile(r"-?\d{1,3}(\.\d{3})+,\d+"): ".",  # 1.234,50
    re.compile(r"-?\d{1,3}(,\d{3})+\.\d+"): ",",  # 1,234.50
}


def _plain_number(value: Any) -> Any:
    """What was typed as digits with a point; what may mean two things stays, and is no number."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"(€|евро|eur)$", "", _without_blanks(value), flags=re.IGNORECASE)
    for written, mark in _THOUSANDS.items():
        if written.fullmatch(text):
            text = text.replace(mark, "")
    return text if "," in text and "." in text else text.replace(",", ".")


class _Limited(forms.IntegerField):
    """A number field that says in one sentence what may be typed, where the form says nothing else."""

    SAID: Collection[str]  # the mistakes that this sentence is for

    def __init__(self, *, error_messages: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(error_messages=dict(error_messages or {}), **options)
        self.own_words = frozenset(error_messages or ())

    def clean(self, value: Any) -> Any:
        """The number. Raises ValidationError with what may be typed."""
        try:
            return super().clean(value)
        except ValidationError as error:
            code = error.error_list[0].code or ""
            if code not in self.SAID or code in self.own_words:
                raise
            raise ValidationError(self._sentence(), code=code) from error

    def _sentence(self) -> str:
        limits = {
            name: number_format(value() if callable(value) else value, force_grouping=True)
            for name, value in (("low", self.min_value), ("high", self.max_value))
            if value is not None
        }
        return self.within()[" ".join(limits)] % limits

    @staticmethod
    def within() -> Mapping[str, str]:
        """What may be typed, by the limits that there are."""
        return {}


class IntegerField(_Limited):
    """A whole number; blanks between thousands and a sign of percent after it are ignored."""

    SAID = ("invalid", "min_value", "max_value")

    def to_python(self, value: Any) -> int | None:
        """The number."""
        if isinstance(value, str):
            value = _without_blanks(value).removesuffix("%")
        return super().to_python(value)

    @staticmethod
    def within() -> Mapping[str, str]:
        """As of every number field."""
        return {
            "": _("Enter a whole number"),
            "low": _("Enter a whole number, %(low)s or more"),
            "high": _("Enter a whole number, %(high)s at most"),
            "low high": _("Enter a whole number from %(low)s to %(high)s"),
        }


class DecimalField(_Limited, forms.DecimalField):
    """A number with decimal comma or point, at most 15 digits before it and 6 after it.

    Blanks between thousands and the sign of the euro are ignored.
    """

    SAID = ("min_value", "max_value")
    MOST_WHOLE, MOST_AFTER = 15, 6
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})
    default_error_messages = {
        "invalid": gettext_lazy("Write a number, for example 49,4"),
        "digits": gettext_lazy(
            "Write a number with at most %(whole)s digits before the decimal mark and %(after)s after it"
        ),
    }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The exact number. Point and comma together are taken only where they cannot mean two things."""
        number = super().to_python(_plain_number(value))
        if number is not None and self._is_too_long(number):
            limits = {"whole": self.MOST_WHOLE, "after": self.MOST_AFTER}
            raise ValidationError(self.error_messages["digits"] % limits, code="digits")
        return number

    @staticmethod
    def within() -> Mapping[str, str]:
        """As of every number field; what is no number at all has its own words."""
        return {
            "low": _("Enter a number, %(low)s or more"),
            "high": _("Enter a number, %(high)s at most"),
            "low high": _("Enter a number from %(low)s to %(high)s"),
        }

    def _is_too_long(self, number: Decimal) -> bool:
        after = number.as_tuple().exponent
        # What is no number at all has no exponent; Django refuses it.
        return isinstance(after, int) and (number.adjusted() >= self.MOST_WHOLE or after < -self.MOST_AFTER)

    def prepare_value(self, value: Any) -> Any:
        """The number with a comma where the language writes one."""
        from django.utils.formats import get_format

        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", str(get_format("DECIMAL_SEPARATOR")))
        return value


class ChoiceField(forms.ChoiceField):
    """One of a few, as radios."""

    widget = forms.RadioSelect


class MultipleChoiceField(forms.MultipleChoiceField):
    """Some of a few, as checkboxes."""

    widget = forms.CheckboxSelectMultiple


class FileField(forms.FileField):
    """A file of the given kinds (name endings) up to a size; both are told in the hint.

    What is inside is checked where the file is kept (`core.files`), not here.
    """

    widget = FileWidget
    default_error_messages = {
        "kind": gettext_lazy("The file “%(name)s” is of another kind. Possible are: %(kinds)s"),
        "lost": gettext_lazy("Choose the file again: while you signed in only the texts were kept"),
        "large": gettext_lazy("The file “%(name)s” is larger than %(most)s MB"),
    }

    def __init__(self, *, kinds: Sequence[str] = (), most_megabytes: int = 25, **kwargs: Any) -> None:
        self.kinds, self.most_megabytes = tuple(kind.lower() for kind in kinds), most_megabytes
        super().__init__(**kwargs)
        self.widget.attrs.update({"accept": ",".join(self.kinds)} if self.kinds else {})
        if not self.help_text:
            self.help_text = lazy(self._limits, str)()

    def _limits(self) -> str:
        words = ", ".join(kind.lstrip(".").upper() for kind in self.kinds)
        if not words:
            return _("Up to %(most)s MB") % {"most": self.most_megabytes}
        return _("%(kinds)s, up to %(most)s MB") % {"kinds": words, "most": self.most_megabytes}

    def to_python(self, data: File[Any] | None) -> File[Any] | None:
        """The upload, refused by ending and size."""
        if isinstance(data, LostFile):
            raise ValidationError(self.error_messages["lost"], "lost")
        upload = super().to_python(data)
        if upload is None:
            return None
        name = str(upload.name)
        if self.kinds and not name.lower().endswith(self.kinds):
            words = ", ".join(kind.lstrip(".").upper() for kind in self.kinds)
            raise ValidationError(self.error_messages["kind"], "kind", {"name": name, "kinds": words})
        if (upload.size or 0) > self.most_megabytes * 1024 * 1024:
            raise ValidationError(
                self.error_messages["large"], "large", {"name": name, "most": self.most_megabytes}
            )
        return upload


class LineErrors(ValidationError):
    """Mistakes in single lines, by number from 1; the sentence on top names the first."""

    def __init__(self, by_line: Mapping[int, str]) -> None:
        number, words = next(iter(by_line.items()))
        super().__init__(_("Line %(number)s: %(words)s") % {"number": number, "words": words}, "lines")
        self.by_line = dict(by_line)


class LinesField(forms.Field):
    """One idea per field; cleans to the list of texts, empty ones left out. Nothing is cut off."""

    def __init__(
        self, *, noun: Any, most: int = 2000, most_lines: int = 100, empty: int = 1, **kwargs: Any
    ) -> None:
        self.most, self.most_lines = most, most_lines
        super().__init__(widget=LinesWidget(noun=noun, empty=empty), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        """The cleaned texts. Raises LineErrors naming each line that cannot be kept."""
        lines, errors = [], {}
        for number, text in enumerate((text for text in value or () if str(text).strip()), start=1):
            try:
                lines.append(clean_text(str(text), self.most))
            except BadText as bad:
                errors[number] = bad.sentence
        if errors:
            self.widget.line_errors = errors
            raise LineErrors(errors)
        if len(lines) > self.most_lines:
            words = ngettext(
                "At most %(most)s line is possible", "At most %(most)s lines are possible", self.most_lines
            )
            raise ValidationError(words % {"most": self.most_lines}, "many")
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the texts differ from those shown."""
        return list(initial or ()) != [str(text) for text in data or () if str(text).strip()]


@dataclass(frozen=True, slots=True)
class Scored:
    """Whole points from 0 to 100, or "cannot judge" with a reason; neither is not answered, not 0."""

    points: int | None = None
    cannot_judge: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pointed:
    """Points per component of a fine-tuned score, or "cannot judge" with a reason."""

    points: Mapping[str, int | None] = field(default_factory=dict)
    cannot_judge: bool = False
    reason: str = ""


def whole_number(text: str, low: int, high: int) -> int:
    """A typed whole number within limits. Raises ValidationError with a sentence naming the limits."""
    plain = text.strip()
    if not re.fullmatch(r"[0-9]{1,5}", plain) or not low <= int(plain) <= high:
        raise ValidationError(
            _("Enter a whole number from %(low)s to %(high)s") % {"low": low, "high": high}, "range"
        )
    return int(plain)


class ScoreField(forms.Field):
    """A score on bands: the band as radio, the exact number within it; cleans to Scored."""

    def __init__(self, *, bands: Sequence[Band], cannot: bool = True, **kwargs: Any) -> None:
        self.bands, self.cannot = tuple(bands), cannot
        kwargs.setdefault("required", False)
        super().__init__(widget=ScoreWidget(bands=self.bands, cannot=cannot), **kwargs)

    def clean(self, value: Any) -> Scored:
        """What was chosen. Raises ValidationError: number outside the band, number or reason missing."""
        typed: dict[str, str] = value or {}
        chosen = typed.get("band", "")
        if chosen == "cannot" and self.cannot:
            return Scored(cannot_judge=True, reason=_reason(typed.get("reason", "")))
        if chosen.isascii() and chosen.isdigit() and int(chosen) < len(self.bands):
            return self._within(self.bands[int(chosen)], typed.get(chosen, ""))
        if self.required:
            raise ValidationError(_("Choose a band and enter the exact score"), "required")
        return Scored()

    def _within(self, band: Band, text: str) -> Scored:
        if not text.strip():
            raise ValidationError(
                _("Enter the exact score from %(low)s to %(high)s") % {"low": band.low, "high": band.high},
                "exact",
            )
        return Scored(points=whole_number(text, band.low, band.high))


class PartErrors(ValidationError):
    """Mistakes in single components, by code."""

    def __init__(self, by_code: Mapping[str, str], labels: Mapping[str, str]) -> None:
        words = [f"{labels[code]}: {text}" for code, text in by_code.items()]
        super().__init__([ValidationError(word, "part") for word in words])
        self.by_code = dict(by_code)


class PointsField(forms.Field):
    """A fine-tuned score: one number from 0 to 100 per component; cleans to Pointed."""

    def __init__(
        self, *, parts: Sequence[Part], bands: Sequence[Band] = (), cannot: bool = True, **kwargs: Any
    ) -> None:
        self.parts, self.cannot = tuple(parts), cannot
        kwargs.setdefault("required", False)
        super().__init__(widget=PointsWidget(parts=self.parts, bands=tuple(bands), cannot=cannot), **kwargs)

    def clean(self, value: Any) -> Pointed:
        """The points per component. Raises PartErrors naming each component that is wrong."""
        typed: dict[str, str] = value or {}
        if typed.get("cannot") and self.cannot:
            return Pointed(cannot_judge=True, reason=_reason(typed.get("reason", "")))
        points, errors = {}, {}
        for part in self.parts:
            try:
                points[part.code] = self._one(typed.get(f"part-{part.code}", ""))
            except ValidationError as bad:
                errors[part.code] = str(bad.messages[0])
        if errors:
            self.widget.part_errors = errors
            raise PartErrors(errors, {part.code: str(part.label) for part in self.parts})
        return Pointed(points)

    def _one(self, text: str) -> int | None:
        if text.strip():
            return whole_number(text, 0, 100)
        if self.required:
            raise ValidationError(
                _("Enter a whole number from %(low)s to %(high)s") % {"low": 0, "high": 100}
            )
        return None


def _reason(text: str) -> str:
    """Why somebody cannot judge; needed, because the group will ask."""
    return _needed(text, lambda: _("Say in a few words why you cannot judge this"))


def _needed(text: str, sentence: Callable[[], str]) -> str:
    try:
        clean = clean_text(text, 1000)
    except BadText as bad:
        raise ValidationError(bad.sentence, "text") from bad
    if not clean:
        raise ValidationError(sentence(), "required")
    return clean
