"""The questions of a form of XLSForm, each by its type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from merilo.core.errors import BadFile
from merilo.surveys.interchange.columns import OWN, Line
from merilo.surveys.interchange.expressions import Untranslatable, Variable, limits
from merilo.surveys.interchange.losses import Codes, Place
from merilo.surveys.interchange.xlsform_types import ABOUT_DEVICE, COMPUTED, MAPS, Node
from merilo.surveys.rules.values import is_day, is_exact

if TYPE_CHECKING:
    from merilo.surveys.interchange.xlsform_reading import Form

OTHER = {"bg": "Друго", "en": "Other", "de": "Anderes", "fr": "Autre", "es": "Otro", "it": "Altro"}
YES = {"yes", "true", "true()", "1"}
NO = {"no", "false", "false()", "0", ""}
LIMITED = {"multiple", "number", "short", "long", "date"}
FILES = {"file", "image", "audio", "video"}
MOST_OPTIONS = 20_000
Part = dict[str, Any]


class Questions:
    """Makes questions and texts of rows, and remembers what their names stand for."""

    def __init__(self, form: Form) -> None:
        self.form, self.notes = form, form.notes
        self.variables: dict[str, Variable] = {}
        self.asks_for_files = False
        self.broken_down: list[tuple[int, str, bool]] = []
        self.lists: dict[str, list[Line]] = {}
        for name, line in form.lists():
            self.lists.setdefault(name, []).append(line)
        self.used_lists: set[str] = set()
        self.count = 0  # of options, each as often as a question has it
        self.makers: dict[str, Callable[[Node, Part], None]] = {
            "select_one": self._single,
            "select_multiple": self._multiple,
            "rank": self._ranking,
            "integer": self._number,
            "decimal": self._number,
            "range": self._range,
            "text": self._text,
            "date": self._day,
            "datetime": self._day,
            "time": self._text,
            "barcode": self._text,
            "elsewhere": self._text,
            "acknowledge": self._acknowledged,
            **dict.fromkeys(FILES, self._file),
        }

    # --- rows -----------------------------------------------------------------------------------------
    def parts(self, node: Node) -> Sequence[Part]:
        """The questions and texts that a row makes; none for what is only noted."""
        line, kind = node.line, node.type.kind
        if line.take(f"{OWN}kind") == "line":
            self._own_line(line)
            return ()
        if kind == "note":
            return (self._note(line),)
        if kind not in self.makers:
            self._not_carried(line, kind)
            return ()
        part = self._begun(line)
        self.makers[kind](node, part)
        self._finished(node, part)
        return (part,)

    def _not_carried(self, line: Line, kind: str) -> None:
        name = line.take("name")
        labels = line.spoken("label").values()
        code = "about_device" if kind in ABOUT_DEVICE else "map" if kind in MAPS else "computed"
        if code == "computed" and kind not in COMPUTED:
            code = "unknown_type"
        shown = next(iter(labels), "") or name
        self.notes.add(line.place, code, type=kind, name=shown)
        line.read.update(line.cells)  # the line says that all of it is left out

    def _own_line(self, line: Line) -> None:
        """The line of an option "other", which other programs know as a question of its own."""
        line.read.update(line.cells)
        self.variables[line.take("name")] = Variable(line.take(f"{OWN}code"), "short")

    def _note(self, line: Line) -> Part:
        name = line.take("name")
        part: Part = {"kind": "text", "code": self._code(line, name)}
        part["text"] = self.form.words(line.spoken("label"), line.place, name)
        self._shown_if(line, part)
        return part

    def _begun(self, line: Line, *, rows: Sequence[Node] = ()) -> Part:
        """What every question has; the maker adds its kind."""
        name = line.take("name")
        part: Part = {"kind": "", "code": self._code(line, name)}
        part["text"] = self.form.words(line.spoken("label"), line.place, name)
        if hint := line.spoken("hint"):
            part["hint"] = self.form.words(hint, line.place)
        if self._required([line] if not rows else [row.line for row in rows]):
            part["required"] = True
        if line.take(f"{OWN}attribute").lower() in YES:
            part["attribute"] = True
        if broken := line.take(f"{OWN}breakdown").split():
            place = int(broken[0]) if broken[0].isdecimal() else 0
            self.broken_down.append((place, part["code"], "ordered" in broken))
        self._shown_if(line, part)
        return part

    def _finished(self, node: Node, part: Part) -> None:
        line = node.line
        for look in line.take("appearance").split():
            if (look, part["kind"]) != ("multiline", "long"):
                self.notes.add(line.place, "appearance", value=look)
        parameters = _parameters(line.take("parameters"))
        for key in ("start", "end", "step") if node.type.kind == "range" else ():
            parameters.pop(key, None)
        if parameters.pop("randomize", "") == "true" and "options" in part:
            part["shuffle"] = True
        for key, value in parameters.items():
            self.notes.add(line.place, "parameter", name=key, value=value)
        if (constraint := line.take("constraint")) and part["kind"] not in LIMITED:
            self.notes.add(line.place, "constraint", source=constraint)

    def _code(self, line: Line, name: str) -> str:
        own = line.take(f"{OWN}code")
        line.take("name")
        code = self.form.codes.take(own or name or "question")
        if code != (own or name):
            self.notes.add(line.place, "renamed", name=name, code=code)
        return code

    def _known(self, line: Line, variable: Variable) -> None:
        """Remember what the name of a row stands for; of two rows with one name the first is meant."""
        self.variables.setdefault(line.take("name"), variable)

    def _required(self, lines: Sequence[Line]) -> bool:
        said = {line.take("required") for line in lines}
        for line in lines:
            if line.take("required").lower() not in YES | NO:
                self.notes.add(line.place, "required_sometimes", source=line.take("required"))
        needed = [one.lower() in YES for one in said]
        if any(needed) and not all(needed):
            self.notes.add(lines[0].place, "rows_required")
        return bool(needed) and all(needed)

    def _shown_if(self, line: Line, part: Part) -> None:
        if source := line.take("relevant"):
            self.form.deferred.condition(part, "show_if", [(source, line.place)])

    # --- choices --------------------------------------------------------------------------------------
    def _options(self, list_name: str, place: Place) -> tuple[list[Part], dict[str, str | bool]]:
        """The options of a list, and their codes by the names in the file."""
        self.used_lists.add(list_name)
        lines = self.lists.get(list_name, [])
        if not lines:
            self.notes.add(place, "no_list", list=list_name)
        self.count += len(lines)
        if self.count > MOST_OPTIONS:
            raise BadFile(_("The questions have more options than can be taken. Shorten the lists."))
        codes, options, values = Codes(""), list[Part](), dict[str, str | bool]()
        for line in lines:
            name = line.take("name")
            code = codes.take(name)
            if code != name:
                self.notes.add(line.place, "renamed", name=name, code=code)
            option: Part = {"code": code, "text": self.form.words(line.spoken("label"), line.place, name)}
            if role := line.take(f"{OWN}role"):
                option["role"] = role
            if (value := line.take(f"{OWN}value")).lstrip("-").isdecimal():
                option["value"] = int(value)
            options.append(option)
            values.setdefault(name, code)
        return options, values

    def _choose(self, node: Node, part: Part, kind: str) -> None:
        line = node.line
        part["kind"] = kind
        part["options"], values = self._options(node.type.list_name, line.place)
        if node.type.other:
            self._or_other(line, part, values)
        if line.take("choice_filter"):
            self.notes.add(line.place, "choice_filter", source=line.take("choice_filter"))
        self._known(line, Variable(part["code"], kind, values))

    def _or_other(self, line: Line, part: Part, values: dict[str, str | bool]) -> None:
        if "other" in values:
            next(one for one in part["options"] if one["code"] == values["other"])["role"] = "other"
        else:
            text = {code: OTHER.get(code, OTHER["en"]) for code in self.form.tongues.languages}
            part["options"].append({"code": "other", "text": text, "role": "other"})
            values["other"] = "other"
        item = f"{part['code']}.{values['other']}"
        self.variables.setdefault(f"{line.take('name')}_other", Variable(item, "short"))

    def _single(self, node: Node, part: Part) -> None:
        if node.line.take(f"{OWN}kind") == "yesno":
            part["kind"] = "yesno"
            self._options(node.type.list_name, node.line.place)
            self._known(node.line, Variable(part["code"], "yesno", {"yes": True, "no": False}))
        else:
            self._choose(node, part, "single")

    def _multiple(self, node: Node, part: Part) -> None:
        self._choose(node, part, "multiple")
        self._limits(node.line, part, "count-selected")

    def _ranking(self, node: Node, part: Part) -> None:
        self._choose(node, part, "ranking")
        if (most := node.line.take(f"{OWN}most")).isdecimal():
            part["most"] = int(most)

    def _acknowledged(self, node: Node, part: Part) -> None:
        part |= {"kind": "multiple", "options": [{"code": "ok", "text": {self.form.main: "OK"}}]}
        self._known(node.line, Variable(part["code"], "multiple", {"OK": "ok"}))
        self.notes.add(node.line.place, "acknowledge")

    # --- numbers, dates, texts, files -----------------------------------------------------------------
    def _number(self, node: Node, part: Part) -> None:
        line = node.line
        part["kind"] = "number"
        self._limits(line, part, ".")
        if node.type.kind == "decimal":
            decimals = line.take(f"{OWN}decimals")
            part["decimals"] = int(decimals) if decimals.isdecimal() else 2
        self._scale_texts(line, part, "unit")
        self._known(line, Variable(part["code"], "number"))

    def _range(self, node: Node, part: Part) -> None:
        line = node.line
        said = _parameters(line.take("parameters"))
        start, end = said.get("start", "1"), said.get("end", "10")
        step = said.get("step", "1")
        own = line.take(f"{OWN}kind")
        if own == "nps":
            part["kind"] = "nps"
        elif start.isdecimal() and end.isdecimal() and int(start) < int(end) <= 100 and step in {"1", "1.0"}:
            part |= {"kind": "rating", "least": int(start), "most": int(end)}
        else:
            self._as_number(line, part, start, end, step)
        self._scale_texts(line, part, "least_text", "most_text", "unknown")
        self._known(line, Variable(part["code"], part["kind"]))

    def _as_number(self, line: Line, part: Part, start: str, end: str, step: str) -> None:
        part["kind"] = "number"
        for key, value in (("least", start), ("most", end)):
            if is_exact(value):
                part[key] = value if "." in value else int(value)
        part["decimals"] = min(6, max(len(one.partition(".")[2]) for one in (start, end, step)))
        self.notes.add(line.place, "parameter", name="step", value=step)

    def _scale_texts(self, line: Line, part: Part, *keys: str) -> None:
        for key in keys:
            if said := line.spoken(f"{OWN}{key}"):
                part[key] = self.form.words(said, line.place)

    def _text(self, node: Node, part: Part) -> None:
        line, kind = node.line, node.type.kind
        part["kind"] = "long" if "multiline" in line.take("appearance").split() else "short"
        if kind != "text":
            part["kind"] = "short"
            self.notes.add(line.place, "as_text", type=line.take("type"))
            line.take("choice_filter")
        self._limits(line, part, "string-length")
        self._known(line, Variable(part["code"], part["kind"]))

    def _day(self, node: Node, part: Part) -> None:
        part["kind"] = "date"
        if node.type.kind == "datetime":
            self.notes.add(node.line.place, "time_left_out")
        self._limits(node.line, part, ".")
        self._known(node.line, Variable(part["code"], "date"))

    def _file(self, node: Node, part: Part) -> None:
        part["kind"] = "file"
        self.asks_for_files = True
        if node.type.kind != "file":
            self.notes.add(node.line.place, "any_file", type=node.type.kind)
        if (size := node.line.take(f"{OWN}megabytes")).isdecimal():
            part["megabytes"] = int(size)
        self._known(node.line, Variable(part["code"], "file"))

    def _limits(self, line: Line, part: Part, subject: str) -> None:
        """Least and most from the constraint, if it says nothing else; otherwise it is noted."""
        if source := line.take("constraint"):
            try:
                part.update(_bounds(part["kind"], subject, source))
            except Untranslatable:
                self.notes.add(line.place, "constraint", source=source)

    # --- tables ---------------------------------------------------------------------------------------
    def table(self, node: Node) -> Part | None:
        """The matrix or ranking that a group makes, None for any other group."""
        kind = node.type.kind
        if kind == "begin score":
            return self._kobo(node, "kobo_score_choices", "score__row")
        if kind == "begin rank":
            return self._kobo(node, "kobo_rank_items", "rank__level")
        rows = [one for one in node.inside if "label" not in one.line.take("appearance").split()]
        if kind != "begin group" or not rows or not _is_table(node, rows):
            return None
        list_name = rows[0].type.list_name
        part = self._begun_table(node, rows)
        part["options"], values = self._options(list_name, node.line.place)
        self._rows(rows, part, values)
        return part

    def _begun_table(self, node: Node, rows: Sequence[Node]) -> Part:
        """The matrix without its rows; a row that only repeats the options gives it its text."""
        line = node.line
        looks = line.take("appearance").split()
        for look in looks:
            if look not in {"table-list", "field-list"}:
                self.notes.add(line.place, "appearance", value=look)
        for head in node.inside:
            if head not in rows:
                head.line.read.update(head.line.cells)
                if not line.spoken("label"):
                    line.cells.update(
                        {key: value for key, value in head.line.cells.items() if key.base == "label"}
                    )
        part = self._begun(line, rows=rows)
        part["kind"] = "matrix"
        if line.take(f"{OWN}shuffle").lower() in YES:
            part["shuffle"] = True
        return part

    def _rows(self, rows: Sequence[Node], part: Part, values: dict[str, str | bool]) -> None:
        codes, part["rows"] = Codes(""), []
        options = part.pop("options")
        for row in rows:
            line = row.line
            name = line.take("name")
            code = codes.take(line.take(f"{OWN}code") or name)
            part["rows"].append(
                {"code": code, "text": self.form.words(line.spoken("label"), line.place, name)}
            )
            for look in line.take("appearance").split():
                if look not in {"list-nolabel", "table-list"}:
                    self.notes.add(line.place, "appearance", value=look)
            line.take("required")
            self._known(line, Variable(f"{part['code']}.{code}", "matrix", values))
        part["options"] = options

    def _kobo(self, node: Node, column: str, row_type: str) -> Part:
        line = node.line
        list_name = line.take(column)
        part = self._begun(line)
        rows = [one for one in node.inside if one.type.kind == row_type]
        part["options"], values = self._options(list_name, line.place)
        if row_type == "score__row":
            part["kind"] = "matrix"
            self._rows(rows, part, values)
        else:
            part |= {"kind": "ranking", "most": len(rows)}
            for row in rows:
                row.line.read.update(row.line.cells)
            self._known(line, Variable(part["code"], "ranking", values))
        return part

    # --- in the end -----------------------------------------------------------------------------------
    def breakdowns(self) -> list[Part]:
        """By what results are broken down, in their order."""
        return [
            {"question": code} | ({"ordered": True} if ordered else {})
            for _place, code, ordered in sorted(self.broken_down)
        ]

    def note_choices(self) -> None:
        """Lists that no question uses, and columns of the choices that say nothing here."""
        for name, lines in self.lists.items():
            if name not in self.used_lists:
                self.notes.add(lines[0].place, "list_unused", list=name)
                continue
            for line in lines:
                for key, _value in line.left():
                    shown = f"{key.base}::{key.language}" if key.language else key.base
                    self.notes.add(Place("sheet", line.place.name), "column_left", column=shown)


def _is_table(node: Node, rows: Sequence[Node]) -> bool:
    """Whether the rows choose from one list, and are shown as a table or were written as one."""
    looks = {look for one in (node, *rows) for look in one.line.take("appearance").split()}
    lists = {one.type.list_name for one in rows}
    same = len(lists) == 1 and all(one.type.kind == "select_one" and not one.type.other for one in rows)
    plain = not any(one.line.take("relevant") or one.line.take("choice_filter") for one in rows)
    return same and plain and bool(looks & {"table-list", "list-nolabel"})


def _parameters(source: str) -> dict[str, str]:
    """What a cell such as "start=1 end=5; step=1" says, by name."""
    pairs = re.findall(r"([\w-]+)\s*=\s*([^\s;,]+)", source)
    return {name.lower(): value for name, value in pairs}


def _bounds(kind: str, subject: str, source: str) -> dict[str, int | str]:
    """Least and most in a constraint. Errors: Untranslatable, also where it says anything else."""
    found = limits(source)
    least, most = found.pop(subject, ("", ""))
    if found or (least and kind in {"short", "long"}):
        raise Untranslatable
    return {key: _bound(kind, value) for key, value in (("least", least), ("most", most)) if value}


def _bound(kind: str, value: str) -> int | str:
    """A limit as plain values have it. Errors: Untranslatable."""
    if kind == "date":
        if is_day(value):
            return value
    elif is_exact(value) and (kind == "number" or "." not in value):
        return value if "." in value else int(value)
    raise Untranslatable
