"""Words filters: dates, moments, numbers and periods as people write them in the page's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.forms import BaseForm
from django.template import Context, Library
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from merilo.core import owner
from merilo.core.numbers import as_decimal, display
from merilo.web import mistakes
from merilo.web.items import Link

register = Library()
# Languages that write months with a small letter inside a date.
_SMALL_MONTHS = {"bg", "it"}


@register.simple_tag(takes_context=True)
def tokens(context: Context) -> SafeString:
    """The hidden fields of a form that somebody fills in: against forgery, and whose it is.

    Where a sign-in expires meanwhile, the form is kept for that person (organisations.kept).
    """
    person = getattr(context.get("request"), "user", None)
    fields = [("csrfmiddlewaretoken", context.get("csrf_token", ""))]
    if person is not None and person.is_authenticated:
        fields.append((owner.FIELD, owner.mark(person.pk)))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


def _local(value: date) -> date:
    """A moment in the viewer's zone; a plain day as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: date | None) -> str:
    """A day in figures: 21.11.2026 г."""
    return date_format(_local(value), "SHORT_DATE_FORMAT") if value else ""


@register.filter
def longday(value: date | None) -> str:
    """A day with the month as a word: 21 ноември 2026 г."""
    return date_format(_local(value), "DATE_FORMAT").replace(*_month(_local(value))) if value else ""


@register.filter
def month(value: date) -> str:
    """The month alone, as it stands inside a date: ноември, November."""
    return _month(_local(value))[1]


@register.filter
def shortday(value: date | None) -> str:
    """Day and month as words: 28 ноември."""
    return date_format(_local(value), "MONTH_DAY_FORMAT").replace(*_month(_local(value))) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time: 21.11.2026 г. в 14:05 ч."""
    return date_format(_local(value), "DATETIME_FORMAT") if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """Time of day: 14:05."""
    return date_format(_local(value), "TIME_FORMAT") if value else ""


@register.filter
def weight(size: int) -> str:
    """A file's size: 380 KB, 1,2 MB; the letters are the same in both languages."""
    mark = str(get_format("DECIMAL_SEPARATOR"))
    for unit, bytes_in in (("MB", 1024 * 1024), ("KB", 1024)):
        if size >= bytes_in:
            value = Decimal(size) / bytes_in
            shown = display(value if unit == "MB" else Decimal(round(value)), mark=mark)
            return f"{shown}\N{NO-BREAK SPACE}{unit}"
    return f"{size}\N{NO-BREAK SPACE}B"


def _month(value: date) -> tuple[str, str]:
    """The month's name as Django has it, and as it is written inside a Bulgarian date."""
    name = date_format(value, "F")
    return name, name.lower() if get_language() in _SMALL_MONTHS else name


@register.filter
def score(value: Decimal | Fraction | int | None) -> str:
    """A score or mean: one decimal, half up, whole numbers without; a dash where nothing was scored."""
    if value is None or value == "":
        return "–"
    exact = as_decimal(value) if isinstance(value, Fraction) else Decimal(str(value))
    return display(exact, mark=str(get_format("DECIMAL_SEPARATOR")))


@register.filter
def signed(value: Decimal | Fraction | int | None) -> str:
    """A change with its sign: +7, −2, 0; a dash where it cannot be told."""
    text = score(value)
    return f"+{text}" if value and text not in {"–", "0"} and value > 0 else text


@register.filter
def error_links(form: Any) -> list[Link]:
    """The mistakes of a form for `{% ui "error_summary" %}`."""
    return mistakes.error_links(form) if isinstance(form, BaseForm) and form.is_bound else []
