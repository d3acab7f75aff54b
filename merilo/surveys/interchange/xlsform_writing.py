"""A questionnaire as XLSForm: other programs can ask it, and reading it here gives the very same."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from merilo.surveys.interchange.columns import FORMAT, OWN, QUOTAS, heading
from merilo.surveys.interchange.expressions import Writer
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.piping import PLACE
from merilo.surveys.rules.plain import to_plain

Cells = dict[str, str]
YES_NO = "yes_no"
_YES = {"bg": "Да", "en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "it": "Sì"}
_NO = {"bg": "Не", "en": "No", "de": "Nein", "fr": "Non", "es": "No", "it": "No"}
# In this order, as people who know XLSForm expect them; what is not used is left out.
_FIRST = ("type", "list_name", "name", "label", "hint", "required", "relevant", "constraint", "appearance")
_SURVEY = (*_FIRST, "parameters")
_TYPES = {"number": "integer", "date": "date", "short": "text", "long": "text", "file": "file"}
_TYPES |= {"rating": "range", "nps": "range", "multiple": "select_multiple", "ranking": "rank"}


def write_xlsform(definition: Definition, *, form_id: str = "questionnaire", version: str = "") -> bytes:
    """The bytes of an .xlsx."""
    return _Form(to_plain(definition)).book(form_id, version)


class _Form:
    """Makes the rows of all sheets."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain
        self.languages: list[str] = plain["languages"]
        self.names: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        self._name_everything()
        self.writer = Writer(self.names, self.kinds)
        self.survey: list[Cells] = []
        self.choices: list[Cells] = []
        self.has_yes_no = False

    # --- names ----------------------------------------------------------------------------------------
    def _name_everything(self) -> None:
        """A name for each question, row and line, different from all others whatever its letters' case."""
        names = _Names()
        parts = [part for page in self.plain["pages"] for part in page["parts"]]
        for part in parts:
            self.names[part["code"]] = names.take(part["code"])
            self.kinds[part["code"]] = part["kind"]
        for part in parts:
            for row in part.get("rows", ()):
                self._name_item(names, part["code"], row["code"], part["kind"])
            for option in part.get("options", ()):
                if option.get("role") == "other":
                    self._name_item(names, part["code"], option["code"], "short")
        for page in self.plain["pages"]:
            self.pages[page["code"]] = names.take(page["code"])
        self.description, self.thanks = names.take("description"), names.take("thanks")

    def _name_item(self, names: _Names, question: str, inner: str, kind: str) -> None:
        self.names[f"{question}.{inner}"] = names.take(f"{question}_{inner}")
        self.kinds[f"{question}.{inner}"] = kind

    # --- sheets ---------------------------------------------------------------------------------------
    def book(self, form_id: str, version: str) -> bytes:
        """All sheets."""
        import xlsxwriter

        for page in self.plain["pages"]:
            self._page(page)
        self._whole()
        if self.has_yes_no:
            for name, words in (("yes", _YES), ("no", _NO)):
                label = {code: words.get(code, words["en"]) for code in self.languages}
                self.choices.append({"list_name": YES_NO, "name": name} | self._spoken("label", label))
        file = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            bold = book.add_format({"bold": True})
            for name, rows, order in (
                ("survey", self.survey, _SURVEY),
                ("choices", self.choices, _FIRST),
                ("settings", [self._settings(form_id, version)], ()),
                (QUOTAS, self._quotas(), ()),
            ):
                if rows or name != QUOTAS:
                    _fill(book.add_worksheet(name), bold, rows, order)
        return file.getvalue()

    def _settings(self, form_id: str, version: str) -> Cells:
        plain = self.plain
        terms = {name: plain.get(name, "") for name in ("mode", "audience", "floor", "layout", "population")}
        return {
            "form_title": plain["title"][self.languages[0]],
            "form_id": form_id,
            "version": version,
            "default_language": heading("", self.languages[0]).removeprefix("::"),
            FORMAT: "1",
            f"{OWN}languages": " ".join(self.languages),
            **{f"{OWN}{name}": str(value) for name, value in terms.items()},
            **self._spoken(f"{OWN}title", plain["title"]),
        }

    def _quotas(self) -> list[Cells]:
        return [
            {"code": quota["code"], "most": str(quota["most"]), "when": self.writer.written(quota["when"])}
            | self._spoken("text", quota["text"])
            for quota in self.plain.get("quotas", ())
        ]

    def _whole(self) -> None:
        """Description and thanks, as notes at the beginning and the end."""
        for kind, name in (("description", self.description), ("thanks", self.thanks)):
            if kind in self.plain:
                row = {"type": "note", "name": name, f"{OWN}kind": kind}
                row |= self._spoken("label", self.plain[kind])
                self.survey.insert(0 if kind == "description" else len(self.survey), row)

    def _spoken(self, base: str, text: Mapping[str, str]) -> Cells:
        """A text in all its languages, answers repeated in it by their names."""
        return {heading(base, language): PLACE.sub(self._place, words) for language, words in text.items()}

    def _place(self, found: Any) -> str:
        return f"${{{self.names[found[1]]}}}"

    # --- pages and parts ------------------------------------------------------------------------------
    def _page(self, page: Mapping[str, Any]) -> None:
        name = self.pages[page["code"]]
        row = {"type": "begin_group", "name": name, "appearance": "field-list"}
        row |= self._spoken("label", page.get("title", {})) | self._shown_if(page)
        row |= self._own_code(page["code"], name) | _true(f"{OWN}shuffle", page.get("shuffle"))
        self.survey.append(row)
        for part in page["parts"]:
            self._part(part)
        self.survey.append({"type": "end_group", "name": name})

    def _shown_if(self, owner: Mapping[str, Any]) -> Cells:
        return {"relevant": self.writer.written(owner["show_if"])} if "show_if" in owner else {}

    def _own_code(self, code: str, name: str) -> Cells:
        return {f"{OWN}code": code} if code != name else {}

    def _part(self, part: Mapping[str, Any]) -> None:
        code, kind = part["code"], part["kind"]
        name = self.names[code]
        row: Cells = {"type": "note" if kind == "text" else "", "name": name}
        row |= self._own_code(code, name) | self._spoken("label", part["text"]) | self._shown_if(part)
        row |= self._spoken("hint", part.get("hint", {}))
        row |= _true("required", part.get("required")) | _true(f"{OWN}attribute", part.get("attribute"))
        for place, broken in enumerate(self.plain.get("breakdowns", ()), start=1):
            if broken["question"] == code:
                row[f"{OWN}breakdown"] = f"{place} ordered" if broken.get("ordered") else str(place)
        if kind == "matrix":
            self._matrix(part, row)
        elif kind == "text":
            self.survey.append(row)
        else:
            self.survey.append(row | self._asked(part))
            self._lines(part)

    def _asked(self, part: Mapping[str, Any]) -> Cells:
        """The cells that say what is asked for."""
        kind = part["kind"]
        if kind == "yesno":
            self.has_yes_no = True
            return {"type": f"select_one {YES_NO}", f"{OWN}kind": "yesno"}
        if kind in {"rating", "nps"}:
            return self._scale(part)
        if "options" in part:
            return self._choice(part)
        cells = {"type": _TYPES[kind]}
        if kind == "number":
            if decimals := part.get("decimals"):
                cells |= {"type": "decimal", f"{OWN}decimals": str(decimals)}
            cells |= self._spoken(f"{OWN}unit", part.get("unit", {}))
        if kind == "file":
            return cells | {f"{OWN}megabytes": str(part.get("megabytes", 10))}
        if kind in {"short", "long"}:
            most = part.get("most", 200 if kind == "short" else 2_000)
            cells["constraint"] = f"string-length(.) <= {most}"
            return cells | ({"appearance": "multiline"} if kind == "long" else {})
        return cells | _constraint(part, ".")

    def _scale(self, part: Mapping[str, Any]) -> Cells:
        least, most = (0, 10) if part["kind"] == "nps" else (part["least"], part["most"])
        cells = {
            "type": "range",
            "parameters": f"start={least} end={most} step=1",
            f"{OWN}kind": part["kind"],
        }
        for key in ("least_text", "most_text", "unknown"):
            cells |= self._spoken(f"{OWN}{key}", part.get(key, {}))
        return cells

    def _choice(self, part: Mapping[str, Any]) -> Cells:
        kind = part["kind"]
        list_name = self._list(part)
        cells = {"type": f"{_TYPES.get(kind, 'select_one')} {list_name}"}
        if part.get("shuffle"):
            cells["parameters"] = "randomize=true"
        if kind == "multiple":
            cells |= _constraint(part, "count-selected(.)")
        elif "most" in part:
            cells[f"{OWN}most"] = str(part["most"])
        return cells

    def _list(self, part: Mapping[str, Any]) -> str:
        """The options as a list named as the question."""
        name = f"{self.names[part['code']]}_options"
        for option in part["options"]:
            row = {"list_name": name, "name": option["code"]} | self._spoken("label", option["text"])
            row[f"{OWN}role"] = option.get("role", "")
            row[f"{OWN}value"] = str(option.get("value", ""))
            self.choices.append(row)
        return name

    def _lines(self, part: Mapping[str, Any]) -> None:
        """The lines for "other", which other programs ask for as questions of their own."""
        for option in part.get("options", ()):
            if option.get("role") == "other":
                item = f"{part['code']}.{option['code']}"
                question, code = self.names[part["code"]], option["code"]
                chosen = f"selected(${{{question}}}, '{code}')"
                row = {"type": "text", "name": self.names[item], "relevant": chosen}
                row |= {f"{OWN}kind": "line", f"{OWN}code": item}
                self.survey.append(row | self._spoken("label", option["text"]))

    def _matrix(self, part: Mapping[str, Any], row: Cells) -> None:
        """A group whose rows choose from one list, shown as a table."""
        list_name = self._list(part)
        required = _true("required", part.get("required"))
        row.pop("required", None)
        row |= {"type": "begin_group", "appearance": "table-list"}
        self.survey.append(row | _true(f"{OWN}shuffle", part.get("shuffle")))
        for line in part["rows"]:
            name = self.names[f"{part['code']}.{line['code']}"]
            cells = {"type": f"select_one {list_name}", "name": name, f"{OWN}code": line["code"]}
            self.survey.append(cells | self._spoken("label", line["text"]) | required)
        self.survey.append({"type": "end_group", "name": row["name"]})


class _Names:
    """Names that differ in more than the case of their letters."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, wanted: str) -> str:
        name, number = wanted, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name.lower())
        return name


def _constraint(part: Mapping[str, Any], subject: str) -> Cells:
    day = part["kind"] == "date"
    bounds = [(sign, part[key]) for key, sign in (("least", ">="), ("most", "<=")) if key in part]
    said = [f"{subject} {sign} " + (f"date('{value}')" if day else str(value)) for sign, value in bounds]
    return {"constraint": " and ".join(said)} if said else {}


def _true(column: str, value: object) -> Cells:
    return {column: "yes"} if value else {}


def _fill(sheet: Any, bold: Any, rows: Sequence[Cells], order: Iterable[str]) -> None:
    """Rows with the columns that any of them fills; every cell is text."""
    used = list(dict.fromkeys(column for row in rows for column, value in row.items() if value))
    ranked = {base: place for place, base in enumerate(order)}
    used.sort(key=lambda column: ranked.get(column.partition("::")[0], len(ranked)))
    for place, column in enumerate(used):
        sheet.write_string(0, place, column, bold)
        for number, row in enumerate(rows, start=1):
            if value := row.get(column):
                sheet.write_string(number, place, value)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(used) - 1, 0), 24)
