"""A form of XLSForm as a questionnaire, and line by line what of it could not be carried over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from merilo.core import workbooks
from merilo.core.errors import BadFile
from merilo.core.workbooks import Grid
from merilo.surveys.interchange import columns
from merilo.surveys.interchange.columns import FORMAT, OWN, QUOTAS, Line, Tongues
from merilo.surveys.interchange.deferring import Deferred, replaced
from merilo.surveys.interchange.expressions import parse_xpath
from merilo.surveys.interchange.losses import Codes, Imported, Loss, Notes, Place
from merilo.surveys.interchange.texts import cleaned, tidy
from merilo.surveys.interchange.xlsform_questions import Questions
from merilo.surveys.interchange.xlsform_types import Node, tree

YES = {"yes", "true", "true()", "1"}
_REPEATED = re.compile(r"\$\{([^{}]+)\}")
_OWN_REPEATED = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]*)\}")
_TECHNICAL = {"kuid", "$kuid", "$autoname", "$given_name", "$prev", "$qpath", "$xpath"}


def read_xlsform(content: bytes, name: str = "") -> Imported:
    """The questionnaire in the bytes of an .xlsx; `name` is its title if it has none. Errors: BadFile."""
    return read_grids(workbooks.grids(content), name)


def read_grids(grids: Sequence[Grid], name: str = "") -> Imported:
    """The questionnaire in the sheets of a workbook. Errors: BadFile where they are no form."""
    sheets = {grid.name.strip().lower(): grid for grid in reversed(grids)}
    if "survey" not in sheets:
        raise BadFile(_("This workbook is not an XLSForm: it has no sheet “survey”."))
    notes = Notes()
    form = Form(sheets, notes)
    if not any(head.base == "type" for head in form.survey.heads):
        raise BadFile(_("This workbook is not an XLSForm: the sheet “survey” has no column “type”."))
    plain = form.plain(name)
    for grid in grids:
        key = grid.name.strip().lower()
        is_read = key in form.known and grid is sheets[key]
        if not is_read and any(any(row) for row in grid.rows):
            notes.add(Place("sheet", grid.name), "sheet_left")
    return Imported(plain, tuple(sorted(notes.losses, key=_in_order)))


def _in_order(loss: Loss) -> tuple[int, str, int]:
    """What is about the whole first, then the sheets, the one with the questions before the others."""
    order = {"": 0, "survey": 1}
    name = loss.place.name if loss.place.kind == "sheet" else ""
    return order.get(name.lower(), 2), name, loss.place.row or 0


@dataclass(frozen=True, slots=True)
class _Where:
    """The groups around a row: their lines from the outermost on; `screen` if they are shown at once."""

    lines: tuple[Line, ...] = ()
    titles: tuple[dict[str, str], ...] = ()
    screen: bool = False


class Form:
    """Reads the sheets of one form."""

    known = ("survey", "choices", "settings", QUOTAS)

    def __init__(self, sheets: dict[str, Grid], notes: Notes) -> None:
        self.notes = notes
        empty = Grid("", ())
        self.survey, self.choices, settings, self.quotas = (
            columns.table(sheets.get(name, empty), notes) for name in self.known
        )
        self.settings = settings.lines[0] if settings.lines else Line(Place("sheet", "settings", 2), {})
        self.own = bool(self.settings.take(FORMAT))
        self.tongues = Tongues(
            (*self.survey.heads, *self.choices.heads),
            self.settings.take("default_language"),
            self.settings.take(f"{OWN}languages"),
            " ".join(value for line in self.survey.lines for value in line.spoken("label").values())[:5_000],
            notes,
        )
        for line in self.survey.lines:
            line.read.clear()
        self.main = self.tongues.languages[0]
        self.deferred = Deferred(parse_xpath, notes)
        self.codes, self.page_codes = Codes(), Codes("p")
        self.questions = Questions(self)
        self.pages: list[dict[str, Any]] = []
        self.where: _Where | None = None
        self.whole: dict[str, dict[str, str]] = {}  # description and thanks

    # --- the document ---------------------------------------------------------------------------------
    def plain(self, name: str) -> dict[str, Any]:
        """The questionnaire as plain values."""
        nodes = tree([line for line in self.survey.lines if self._counts(line)], self.notes)
        self._emit(nodes, _Where())
        self._leftovers(nodes)
        quotas = [self._quota(line) for line in self.quotas.lines]
        title = self._title(name)
        self.deferred.settle(self.questions.variables.get, self._filled)
        self.questions.note_choices()
        document = {
            "languages": self.tongues.languages,
            "title": title,
            **self._terms(),
            **self.whole,
            "pages": [page for page in self.pages if page["parts"]],
            "quotas": quotas,
            "breakdowns": self.questions.breakdowns(),
        }
        return {key: value for key, value in document.items() if value not in ([], "", {})} | {
            "pages": document["pages"]
        }

    def _counts(self, line: Line) -> bool:
        """Whether a row is part of the form; remarks between the rows are noted."""
        if line.take("disabled").lower() in YES:
            self.notes.add(line.place, "disabled")
            return False
        kind = line.take("type")
        if not kind or kind.startswith("#"):
            self.notes.add(line.place, "no_type", value=next(iter(line.cells.values())))
            return False
        return True

    def _title(self, name: str) -> dict[str, str]:
        said = self.settings.spoken(f"{OWN}title")
        title = self.settings.take("form_title")
        if said:
            return self.words(said, self.settings.place)
        return {self.main: title or self.settings.take("form_id") or name or "XLSForm"}

    def _terms(self) -> dict[str, Any]:
        """Mode, audience and floor, which only our own files tell."""
        take = self.settings.take
        terms: dict[str, Any] = {
            "mode": take(f"{OWN}mode") or "anonymous",
            "audience": take(f"{OWN}audience") or "citizens",
            "floor": whole(take(f"{OWN}floor")) or 5,
            "layout": take(f"{OWN}layout"),
            "population": whole(take(f"{OWN}population")) or "",
        }
        if not take(f"{OWN}mode") and self.questions.asks_for_files:
            terms["mode"] = "named"
            self.notes.add(Place("survey"), "named_for_files")
        if self.own:
            take("form_id"), take("version")
        self._left(self.settings)
        return terms

    def _quota(self, line: Line) -> dict[str, Any]:
        quota = {
            "code": line.take("code"),
            "most": whole(line.take("most")) or 0,
            "text": self.words(line.spoken("text"), line.place),
        }
        self.deferred.condition(quota, "when", [(line.take("when"), line.place)])
        self._left(line)
        return quota

    # --- pages ----------------------------------------------------------------------------------------
    def _emit(self, nodes: Sequence[Node], where: _Where) -> None:
        for node in nodes:
            if node.is_group:
                self._group(node, where)
            elif (kind := node.line.take(f"{OWN}kind")) in {"description", "thanks"}:
                node.line.take("name")
                self.whole[kind] = self.words(node.line.spoken("label"), node.line.place)
            else:
                self._page(where)["parts"].extend(self.questions.parts(node))

    def _group(self, node: Node, where: _Where) -> None:
        if (part := self.questions.table(node)) is not None:
            self._page(where)["parts"].append(part)
            return
        line = node.line
        line.take("name")
        if node.type.kind != "begin group":
            self.notes.add(line.place, "repeat", type=line.take("type"))
        looks = line.take("appearance").split()
        for look in looks:
            if look != "field-list":
                self.notes.add(line.place, "appearance", value=look)
        title = self.words(line.spoken("label"), line.place) if line.spoken("label") else {}
        if where.screen:
            self._inner(node, where, title)
            return
        inner = _Where((*where.lines, line), (*where.titles, title), "field-list" in looks)
        self._emit(node.inside, inner)

    def _inner(self, node: Node, where: _Where, title: dict[str, str]) -> None:
        """A group on a screen of another: its title becomes a text, its condition that of each part."""
        line = node.line
        parts = self._page(where)["parts"]
        start = len(parts)
        if title:
            parts.append(
                {"kind": "text", "code": self.codes.take(line.take("name") or "text"), "text": title}
            )
        self._emit(node.inside, where)
        if source := line.take("relevant"):
            for part in parts[start:]:
                self.deferred.condition(part, "show_if", [(source, line.place)])

    def _page(self, where: _Where) -> dict[str, Any]:
        """The page that the next part goes on: another one where the groups around it are others."""
        if self.where == where and self.pages:
            return self.pages[-1]
        self.where = where
        line = where.lines[-1] if where.lines else None
        page: dict[str, Any] = {"code": self._page_code(line)}
        titles = [title for title in where.titles if title]
        if titles:
            page["title"] = _joined(titles, self.tongues.languages)
        if line and line.take(f"{OWN}shuffle").lower() in YES:
            page["shuffle"] = True
        sources = [(source, one.place) for one in where.lines if (source := one.take("relevant"))]
        self.deferred.condition(page, "show_if", sources)
        page["parts"] = []
        self.pages.append(page)
        return page

    def _page_code(self, line: Line | None) -> str:
        wanted = (line.take(f"{OWN}code") or line.take("name")) if line else ""
        return self.page_codes.take(wanted or "page")

    # --- texts and what is left -----------------------------------------------------------------------
    def words(self, said: dict[str, str], place: Place, instead: str = "") -> dict[str, str]:
        """A text in the languages of the form, without markup; the main language has always one."""
        text = self.tongues.text(said)
        if not self.own:
            text = {code: self._clean(word, place) for code, word in text.items()}
            text = {code: word for code, word in text.items() if word}
        if self.main not in text:
            other = next(iter(text.values()), "")
            if not other:
                self.notes.add(place, "no_text", name=instead)
            elif not self.own:
                self.notes.add(place, "not_in_main", language=self.main)
            text = {self.main: other or instead or "…", **text}
        self.deferred.text(text, place)
        return text

    def _filled(self, words: str, place: Place) -> str:
        """A text with the places for answers as ours; in our own files every letter is meant."""

        def put(found: re.Match[str]) -> str:
            variable = self.questions.variables.get(found[1].strip())
            if variable is None:
                self.notes.add(place, "repeated", source=found[0])
            return f"{{{variable.item}}}" if variable else "…"

        return replaced(words, _OWN_REPEATED if self.own else _REPEATED, put, literal=self.own)

    def _clean(self, word: str, place: Place) -> str:
        found = cleaned(word)
        if found.gone:
            self.notes.add(place, "markup", tags=", ".join(found.gone))
        elif found.formatted:
            self.notes.add(place, "formatting")
        return tidy(found.text)

    def _leftovers(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            for one in node.everything():
                self._left(one.line)

    def _left(self, line: Line) -> None:
        """Note the cells of a row that nobody has read."""
        for key, value in line.left():
            shown = f"{key.base}::{key.language}" if key.language else key.base
            if key.base in _TECHNICAL:
                self.notes.add(Place("sheet", line.place.name), "column_left", column=shown)
            else:
                self.notes.add(line.place, "cell_left", column=shown, value=value)

    def lists(self) -> Iterator[tuple[str, Line]]:
        """The rows of the sheet of choices with the names of their lists."""
        for line in self.choices.lines:
            yield line.take("list_name"), line


def whole(text: str) -> int | None:
    """The whole number in a cell, None where there is none."""
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else None


def _joined(titles: Sequence[dict[str, str]], languages: Sequence[str]) -> dict[str, str]:
    """The titles of groups inside each other as one."""
    if len(titles) == 1:
        return titles[0]
    joined = {code: " – ".join(title[code] for title in titles if code in title) for code in languages}
    return {code: text for code, text in joined.items() if text}
