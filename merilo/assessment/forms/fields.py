"""Fields for what people write: cleaned in one way, refused with a sentence, never cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from merilo.core.texts import LINE, TEXT, clean_line, clean_text, cleaner
from merilo.web import forms


class _Cleaned(forms.CharField):
    def __init__(self, *, clean: Callable[[str, int], str], most: int, **options: Any) -> None:
        self._cleaned = cleaner(clean, most)
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return self._cleaned(super().to_python(value) or "")


class LineField(_Cleaned):
    """One line of at most `most` characters."""

    def __init__(self, *, most: int = LINE, **options: Any) -> None:
        super().__init__(clean=clean_line, most=most, **options)


class TextField(_Cleaned):
    """Several lines of at most `most` characters."""

    def __init__(self, *, most: int = TEXT, rows: int = 5, **options: Any) -> None:
        attrs = {"rows": rows} | ({"class": "tall"} if rows > 3 else {})
        options.setdefault("widget", forms.Textarea(attrs=attrs))
        super().__init__(clean=clean_text, most=most, **options)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Set what a choice field of a form offers."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)
