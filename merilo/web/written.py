"""Fields for what people write: cleaned in one way, refused with a sentence, never cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.utils.translation import ngettext

from merilo.core import files
from merilo.core.errors import BadFile
from merilo.core.texts import LINE, TEXT, clean_line, clean_text, cleaner
from merilo.web import forms
from merilo.web.widgets import FileWidget


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


class TakingIn(forms.Form):
    """A form that takes its files in once everything else is right.

    They are checked, drawn anew and kept before the transaction that names them begins, so that nobody waits
    for a picture, and what is wrong with a file is said beside its field.
    """

    def full_clean(self) -> None:
        """As ever, and then the files."""
        super().full_clean()
        for name, field in self.fields.items() if self.is_bound else ():
            if isinstance(field, forms.FileField) and not self.errors and self.cleaned_data[name]:
                self._take_in(name, field)

    def _take_in(self, name: str, field: forms.FileField) -> None:
        sent = self.cleaned_data[name]
        many = sent if isinstance(sent, list) else [sent]
        try:
            taken = files.take_in(many, [kind.lstrip(".") for kind in field.kinds])
        except BadFile as error:
            named = f"{error.details['name']}: " if many is sent else ""
            self.add_error(name, f"{named}{error.sentence}")
        else:
            self.cleaned_data[name] = taken if many is sent else taken[0]


class FilesWidget(FileWidget):
    """An input for several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """All files of the name."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else list(files.get(name) or [])


class FilesField(forms.FileField):
    """Several files, each held to the kinds and the size; cleans to a list, empty where none was chosen."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(widget=FilesWidget(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The uploads. Raises ValidationError for the first that cannot be taken."""
        if len(data) > self.most:
            words = ngettext("At most %(most)s file at a time", "At most %(most)s files at a time", self.most)
            raise forms.ValidationError(words % {"most": self.most}, "many")
        return [super(FilesField, self).clean(one, initial) for one in data]
