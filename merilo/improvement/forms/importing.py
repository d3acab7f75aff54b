"""Forms of taking measures from a table, and of our own workbook coming back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from merilo.core.cells import shown
from merilo.core.errors import BadFile
from merilo.core.files import safe_name
from merilo.core.workbooks import Grid, place
from merilo.improvement.interchange import tables
from merilo.improvement.interchange.fields import our_headings
from merilo.improvement.rules.drafts import Layout
from merilo.improvement.rules.headings import Holds, head_of, headings, holdings, lowest, width
from merilo.improvement.rules.wording import as_line
from merilo.web import forms
from merilo.web.written import offer

MOST_PASTED = 400_000  # characters
HOLDS = {
    Holds.TEXT: pgettext_lazy("plan", "Measure"),
    Holds.NUMBER: _("No."),
    Holds.CODES: _("Sub-criteria"),
    Holds.AREAS: _("Area for improvement"),
    Holds.KIND: _("Kind"),
    Holds.OBJECTIVE: _("Objective"),
    Holds.GOALS: _("Goals of the organisation"),
    Holds.NOTE: _("Explanation"),
    Holds.ACTIVITIES: _("Activities"),
    Holds.OWNER: _("Owner"),
    Holds.DEPUTY: _("Deputy"),
    Holds.PARTICIPANTS: _("Participants and units"),
    Holds.TERM: _("Term"),
    Holds.FIRST: _("Begins"),
    Holds.LAST: _("Ends"),
    Holds.HOURS: _("Working hours"),
    Holds.EURO: _("Money in euro"),
    Holds.FUNDING: _("Source of the money"),
    Holds.INDICATOR: _("Indicator"),
    Holds.UNIT: _("Unit of measurement"),
    Holds.BASELINE: _("Baseline"),
    Holds.TARGET: _("Target value"),
    Holds.SOURCE: _("Source of the data"),
    Holds.RISKS: _("Risks"),
    Holds.WORDS: _("As words into the explanation"),
}


class TableForm(forms.Form):
    """A file or a pasted list."""

    once_key = False

    file = forms.FileField(
        label=_("File"),
        required=False,
        most_megabytes=5,
        help_text=_(
            "Excel Workbook (.xlsx) or CSV, up to 5 MB, 2 000 rows and 200 columns; "
            "at most 500 measures at once."
        ),
    )
    pasted = forms.CharField(
        label=_("Or a pasted list"),
        required=False,
        strip=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6, "class": "tall", "spellcheck": "false"}),
        help_text=_("Copied from a table with its headings, or one measure a line."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(tables.KINDS)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                data["tables"] = self._tables(data)
            except BadFile as error:
                self.add_error("file" if data.get("file") else "pasted", error.sentence)
        return data

    def _tables(self, data: Mapping[str, Any]) -> tables.Tables:
        upload, pasted = data.get("file"), data.get("pasted", "")
        if upload and pasted.strip():
            raise BadFile(gettext("Choose a file or paste a list, not both."))
        if upload:
            return tables.from_upload(upload)
        return tables.from_text(pasted, gettext("Pasted list"))

    @property
    def name(self) -> str:
        """What the table is called."""
        upload = self.cleaned_data.get("file")
        return PurePath(safe_name(upload.name or "")).stem if upload else gettext("Pasted list")


class SheetForm(forms.Form):
    """Which sheet holds the measures, and in which row its headings stand."""

    once_key = False

    sheet = forms.ChoiceField(label=_("Sheet with the measures"), widget=forms.Select)
    head = forms.IntegerField(
        label=_("Row of the headings"),
        required=False,
        min_value=0,
        max_value=2_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
        help_text=_("0 where the table has no headings."),
    )

    def __init__(self, data: Any, *, found: Sequence[Grid]) -> None:
        super().__init__(data)
        self.found = found
        ours = our_headings()
        self.heads = [head_of(grid, ours) for grid in found]
        counts = [len(holdings(grid, head, ours)) for grid, head in zip(found, self.heads, strict=True)]
        best = counts.index(max(counts))
        self.initial.update(sheet=str(best), head=_as_row(self.heads[best]))
        offer(self, "sheet", [(str(at), grid.name) for at, grid in enumerate(found)])
        if len(found) == 1:
            del self.fields["sheet"]

    def chosen(self) -> tuple[int, int | None]:
        """The place of the sheet, and the row of its headings from 0 on; guessed where nothing was sent."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        at, head = int(data.get("sheet") or 0), data.get("head")
        if head is None:
            return at, self.heads[at]
        if not head:
            return at, None
        grid = self.found[at]
        return at, lowest(grid, min(head, len(grid.rows)) - 1)


def _as_row(head: int | None) -> int:
    return 0 if head is None else head + 1


class ColumnsForm(forms.Form):
    """What each filled column holds; only words may stand in several."""

    def __init__(
        self, data: Any, *, grid: Grid, head: int | None, kept: Mapping[int, str] | None = None
    ) -> None:
        super().__init__(data)
        self.grid, self.head, self.names = grid, head, headings(grid, head)
        guessed = _guessed(grid, head, kept or {})
        offered = [
            ("", pgettext("column", "Not taken over")),
            *((one.value, text) for one, text in HOLDS.items()),
        ]
        for at in range(width(grid)):
            examples = list(self._examples(at))
            if examples or self._heading(at):
                self.fields[_name(at)] = forms.ChoiceField(
                    label=self._label(at),
                    required=False,
                    widget=forms.Select,
                    choices=offered,
                    initial=guessed.get(at, ""),
                    help_text=as_line("; ".join(examples), 90),
                )

    def _heading(self, at: int) -> str:
        return self.names[at]

    def _label(self, at: int) -> str:
        return as_line(self._heading(at), 80) or gettext("Column %(letter)s") % {"letter": place(0, at)[:-1]}

    def _examples(self, at: int) -> Iterator[str]:
        """The first two texts below the heading."""
        begin = 0 if self.head is None else self.head + 1
        texts = (" ".join(shown(self.grid.at(row, at)).split()) for row in range(begin, len(self.grid.rows)))
        found = [text for text in texts if text]
        yield from list(dict.fromkeys(found))[:2]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for name, holds in self._chosen(data):
            if holds in seen and holds != Holds.WORDS:
                words = gettext("Two columns cannot both be “%(what)s”. Take one of them as words.")
                self.add_error(name, words % {"what": HOLDS[Holds(holds)]})
            seen[holds] = name
        if Holds.TEXT not in seen and not self.errors:
            self.add_error(None, gettext("Say in which column the measures stand."))
        return data

    def _chosen(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        yield from ((name, data[name]) for name in self.fields if name.startswith("c") and data.get(name))

    def layout(self) -> Layout:
        """What was chosen, or guessed where nothing was sent yet."""
        bound = self.is_bound and self.is_valid()
        data = self.cleaned_data if bound else {name: one.initial for name, one in self.fields.items()}
        return Layout(self.head, {int(name[1:]): Holds(holds) for name, holds in self._chosen(data)})

    @property
    def columns(self) -> list[Any]:
        """The fields of the columns."""
        return [self[name] for name in self.fields if name.startswith("c")]

    def left(self) -> list[str]:
        """The headings of the columns that are not taken over."""
        taken = self.layout().holds
        return [self._label(int(one.name[1:])) for one in self.columns if int(one.name[1:]) not in taken]


def chosen_columns(data: Mapping[str, Any], grid: Grid, head: int | None) -> dict[int, str]:
    """What a person said of columns and the guess did not, by their places."""
    guessed = _guessed(grid, head, {})
    sent = {at: data.get(_name(at)) for at in range(width(grid))}
    allowed = {"", *(holds.value for holds in Holds)}
    return {at: said for at, said in sent.items() if said in allowed and said != guessed.get(at, "")}


def _guessed(grid: Grid, head: int | None, kept: Mapping[int, str]) -> dict[int, str]:
    """What each column is guessed to hold, around what was chosen by a person."""
    found = {at: holds.value for at, holds in holdings(grid, head, our_headings()).items()}
    taken = {holds for holds in kept.values() if holds != Holds.WORDS}
    return {at: holds for at, holds in found.items() if holds not in taken} | dict(kept)


def _name(at: int) -> str:
    return f"c{at}"


class WorkbookForm(forms.Form):
    """The edited workbook."""

    once_key = False

    file = forms.FileField(
        label=_("Edited workbook"), help_text=_("Excel Workbook (.xlsx), up to 5 MB"), most_megabytes=5
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx"
