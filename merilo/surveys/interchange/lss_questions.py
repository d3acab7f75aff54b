"""The questions of LimeSurvey, each by its type, which is one character."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from merilo.surveys.interchange import lss_defaults as usual
from merilo.surveys.interchange.expressions import Variable
from merilo.surveys.interchange.losses import Codes, Place
from merilo.surveys.interchange.lss_tables import Row, by, number, sorted_by
from merilo.surveys.interchange.texts import cleaned
from merilo.surveys.rules.values import is_day, is_exact

if TYPE_CHECKING:
    from merilo.surveys.interchange.lss_reading import Survey

Part = dict[str, Any]
MOST_CELLS = 40  # of a table of texts or numbers, which becomes a question for each
_WORDS: dict[str, dict[str, str]] = {
    "other": {"bg": "Друго", "en": "Other", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "it": "Altro"},
    "Y": {"bg": "Да", "en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "it": "Sì"},
    "U": {"bg": "Не съм сигурен", "en": "Uncertain", "de": "Unsicher", "fr": "Indécis", "es": "Dudoso"},
    "N": {"bg": "Не", "en": "No", "de": "Nein", "fr": "Non", "es": "No", "it": "No"},
    "I": {"bg": "Увеличение", "en": "Increase", "de": "Zunahme", "fr": "Augmentation", "es": "Aumentar"},
    "S": {"bg": "Без промяна", "en": "Same", "de": "Gleich", "fr": "Sans changement", "es": "Igual"},
    "D": {"bg": "Намаление", "en": "Decrease", "de": "Abnahme", "fr": "Diminution", "es": "Disminuir"},
    "F": {"bg": "Жена", "en": "Female", "de": "Weiblich", "fr": "Féminin", "es": "Femenino", "it": "Femmina"},
    "M": {"bg": "Мъж", "en": "Male", "de": "Männlich", "fr": "Masculin", "es": "Masculino", "it": "Maschio"},
}


class Asked:
    """One question with its parts: answers, subquestions, attributes."""

    def __init__(self, row: Row, questions: Questions) -> None:
        self.row, self.questions = row, questions
        self.qid, self.type = row.get("qid", ""), row.get("type", "")
        self.title = row.get("title", "")
        self.place = Place("question", self.title)
        self.spoken = questions.spoken.get(self.qid, [row])
        self.subs = questions.subs.get(self.qid, [])
        self.attributes = questions.attributes.get(self.qid, {})

    def take(self, attribute: str) -> str:
        """The value of an attribute that counts in all languages, "" where it is as usual."""
        value = self.attributes.pop(attribute, {})
        return next((text for text in value.values() if text not in usual.NEUTRAL), "")

    def taken(self, attribute: str) -> list[Row]:
        """The values of an attribute by language, as rows."""
        return [
            {"language": tongue, "value": text} for tongue, text in self.attributes.pop(attribute, {}).items()
        ]

    def on(self, scale: str) -> list[Row]:
        """The subquestions of one of two scales, each once."""
        return [row for row in self.subs if (row.get("scale_id") or "0") == scale]


class Questions:
    """Makes questions, and remembers what their codes and numbers stand for."""

    def __init__(self, survey: Survey) -> None:
        self.survey, self.notes, tables = survey, survey.notes, survey.tables
        self.by_name: dict[str, Variable] = {}
        self.by_number: dict[str, Variable] = {}  # names such as Q481, where no question has that code
        self.by_id: dict[tuple[str, str], Variable] = {}
        self.asks_for_files = False
        rows = [*tables.of("questions"), *tables.of("subquestions")]
        self.rows = {row.get("qid", ""): row for row in reversed(rows)}
        self.spoken = by(rows, "qid")
        for qid, lines in by(tables.of("question_l10ns"), "qid").items():
            self.spoken[qid] = lines
        inner = [row for row in self.rows.values() if (row.get("parent_qid") or "0") != "0"]
        inner.sort(key=sorted_by("question_order"))
        self.subs = by(inner, "parent_qid")
        self.attributes: dict[str, dict[str, dict[str, str]]] = {}
        for row in tables.of("question_attributes"):
            of_question = self.attributes.setdefault(row.get("qid", ""), {})
            of_question.setdefault(row.get("attribute", ""), {})[row.get("language", "")] = row.get(
                "value", ""
            )
        self.answers = by(tables.of("answers"), "qid")
        self.answer_words = by(tables.of("answer_l10ns"), "aid")
        self.conditions = by(tables.of("conditions"), "qid")
        self.makers: dict[str, Callable[[Asked], list[Part]]] = {
            "X": self._block,
            **dict.fromkeys("L!O", self._single),
            **dict.fromkeys("MP", self._multiple),
            **dict.fromkeys("FHABCE", self._matrix),
            **dict.fromkeys("ST U".replace(" ", ""), self._text),
            **dict.fromkeys("QK", self._each),
            **dict.fromkeys(";:", self._cells),
            "1": self._dual,
            "5": self._five,
            "Y": self._yes_no,
            "G": self._gender,
            "N": self._number,
            "D": self._day,
            "R": self._ranking,
            "|": self._file,
        }

    def asked_rows(self) -> list[Row]:
        """The questions that are no parts of others, each once."""
        return [row for row in self.rows.values() if (row.get("parent_qid") or "0") == "0"]

    def is_shuffled(self, asked: Sequence[Row]) -> bool:
        """Whether all questions of a group stand in one random group."""
        groups = {
            next(iter(self.attributes.get(row.get("qid", ""), {}).get("random_group", {}).values()), "")
            for row in asked
        }
        if len(asked) > 1 and len(groups) == 1 and groups != {""}:
            for row in asked:
                self.attributes[row["qid"]].pop("random_group")
            return True
        return False

    def parts(self, asked: Asked) -> list[Part]:
        """The questions and texts that a question makes; none for what is only noted."""
        if asked.take("hidden"):
            return self._left(asked, "hidden")
        if asked.type not in self.makers:
            return self._left(
                asked, {"*": "computed", "I": "language_switch"}.get(asked.type, "unknown_type")
            )
        parts = self.makers[asked.type](asked)
        source = self._condition(asked)
        for part in parts:
            if source:
                self.survey.deferred.condition(part, "show_if", [(source, asked.place)])
        for row in asked.subs:
            if (row.get("relevance") or "1").strip() != "1":
                self.notes.add(
                    asked.place, "row_condition", name=row.get("title", ""), source=row["relevance"]
                )
        self._note_columns(asked)
        return parts

    def _left(self, asked: Asked, code: str) -> list[Part]:
        asked.attributes.clear()
        words = [cleaned(row.get("question", "")).text for row in asked.spoken]
        self.notes.add(asked.place, code, type=asked.type, name=next(filter(None, words), asked.title))
        return []

    def _note_columns(self, asked: Asked) -> None:
        if asked.row.get("preg", "").strip():
            self.notes.add(asked.place, "pattern", source=asked.row["preg"])
        if asked.row.get("mandatory") == "S":
            self.notes.add(asked.place, "soft_mandatory")
        if (theme := asked.row.get("question_theme_name", "").strip()) not in usual.THEMES:
            self.notes.add(asked.place, "attribute", name="question_theme_name", value=theme)
        if any(row.get("script", "").strip() for row in asked.spoken):
            self.notes.add(asked.place, "script")

    def _condition(self, asked: Asked) -> str:
        """The condition of a question; in files before 1.92 it stands in a table of its own."""
        source = asked.row.get("relevance", "").strip()
        if source not in {"", "1"}:
            return source
        scenarios = []
        for rows in by(self.conditions.get(asked.qid, []), "scenario").values():
            tests = [" or ".join(map(self._test, same)) for same in by(rows, "cqid").values()]
            scenarios.append(" and ".join(f"({test})" for test in tests))
        return " or ".join(f"({scenario})" for scenario in scenarios)

    def _test(self, row: Row) -> str:
        """One line of the table of conditions as an expression."""
        name, value, sign = row.get("cfieldname", "").lstrip("+"), row.get("value", ""), row.get("method", "")
        whose = self.rows.get(row.get("cqid", ""), {})
        if whose.get("type") in {"M", "P"} and name.endswith(f"X{row.get('cqid')}") and value.strip():
            name, value = name + value, "Y"
        quote = "'" if '"' in value else '"'
        sign = {"RX": "regex", "a<b": "<", "a<=b": "<=", "a>b": ">", "a>=b": ">="}.get(
            sign.strip(), sign.strip() or "=="
        )
        return f"{name}.NAOK {sign} {quote}{value.strip()}{quote}"

    # --- pieces ---------------------------------------------------------------------------------------
    def _begun(self, asked: Asked, kind: str, code: str = "") -> Part:
        """What every question has."""
        part: Part = {"kind": kind, "code": self._code(asked, code or asked.title)}
        part["text"] = self.survey.words(asked.spoken, "question", asked.place, asked.title or "…")
        if hint := self.survey.words(asked.spoken, "help", asked.place):
            part["hint"] = hint
        if asked.row.get("mandatory") == "Y":
            part["required"] = True
        return part

    def _appended(self, asked: Asked, part: Part, more: dict[str, str], between: str) -> None:
        """Put a second text behind the text of a part."""
        text = {
            code: f"{words}{between}{more[code]}" if code in more else words
            for code, words in part["text"].items()
        }
        part["text"] = text
        self.survey.deferred.text(text, asked.place)

    def _code(self, asked: Asked, wanted: str) -> str:
        code = self.survey.codes.take(wanted)
        if code != wanted:
            self.notes.add(asked.place, "renamed", name=wanted, code=code)
        return code

    def _known(self, asked: Asked, variable: Variable, sub: str = "", qid: str = "") -> None:
        """Remember what a question, or one of its parts, is called in expressions."""
        self.by_name.setdefault(f"{asked.title}_{sub}" if sub else asked.title, variable)
        for ending in (f"_{sub}" if sub else "", f"_S{qid}" if qid else ""):
            if ending or not sub:
                self.by_number.setdefault(f"Q{asked.qid}{ending}", variable)
        self.by_id[asked.qid, sub] = variable

    def _text_of(self, word: str) -> dict[str, str]:
        languages = dict.fromkeys(self.survey.languages.values())
        return {code: _WORDS[word].get(code, _WORDS[word]["en"]) for code in languages}

    def _options(self, asked: Asked, scale: str = "0") -> tuple[list[Part], dict[str, str | bool]]:
        """The answers on a scale, and their codes by those in the file."""
        rows = [row for row in self.answers.get(asked.qid, []) if (row.get("scale_id") or "0") == scale]
        rows.sort(key=sorted_by("sortorder"))
        codes, options, values = Codes(""), list[Part](), dict[str, str | bool]()
        counts = any(number(row.get("assessment_value", "")) for row in rows)
        for name, lines in by(rows, "code").items():
            code = codes.take(name)
            if code != name:
                self.notes.add(asked.place, "renamed", name=name, code=code)
            spoken = self.answer_words.get(lines[0].get("aid", ""), lines)
            option: Part = {"code": code, "text": self.survey.words(spoken, "answer", asked.place, name)}
            if counts:
                option["value"] = number(lines[0].get("assessment_value", ""))
            options.append(option)
            values[name] = code
        return options, values

    def _other(self, asked: Asked, part: Part, values: dict[str, str | bool]) -> None:
        """The option "other", where there is one."""
        if asked.row.get("other") != "Y":
            return
        replaced = self.survey.words(asked.taken("other_replace_text"), "value", asked.place)
        text = self._text_of("other") | replaced
        codes = {option["code"] for option in part["options"]}
        code = "other" if "other" not in codes else "other_"
        part["options"].append({"code": code, "text": text, "role": "other"})
        values["-oth-"] = code
        self._known(asked, Variable(f"{part['code']}.{code}", "short"), "other")

    def _shuffled(self, asked: Asked, part: Part) -> Part:
        orders = [asked.take(name) for name in ("random_order", "answer_order", "subquestion_order")]
        if any(order in {"1", "random"} for order in orders):
            part["shuffle"] = True
        return part

    # --- choices --------------------------------------------------------------------------------------
    def _block(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "text")
        if hint := part.pop("hint", None):
            self._appended(asked, part, hint, "\n\n")
        part.pop("required", None)
        return [part]

    def _single(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "single")
        part["options"], values = self._options(asked)
        self._other(asked, part, values)
        self._known(asked, Variable(part["code"], "single", values))
        if asked.type == "O":
            self.notes.add(asked.place, "comment_left")
        return [self._shuffled(asked, part)]

    def _multiple(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "multiple")
        codes, values = Codes(""), dict[str, str | bool]()
        excluding = asked.take("exclude_all_others").replace(",", ";").split(";")
        part["options"] = []
        for row in asked.subs:
            name = row.get("title", "")
            code = codes.take(name)
            text = self.survey.words(self.spoken.get(row["qid"], [row]), "question", asked.place, name)
            option: Part = {"code": code, "text": text} | ({"role": "none"} if name in excluding else {})
            part["options"].append(option)
            values[name] = code
            self._known(asked, Variable(part["code"], "multiple", option=code), name, row["qid"])
        self._other(asked, part, values)
        self._known(asked, Variable(part["code"], "multiple", values))
        for key, attribute in (("least", "min_answers"), ("most", "max_answers")):
            if (value := asked.take(attribute)).isdecimal():
                part[key] = min(int(value), len(part["options"]))
            elif value:
                self.notes.add(asked.place, "attribute", name=attribute, value=value)
        if asked.type == "P":
            self.notes.add(asked.place, "comment_left")
        return [self._shuffled(asked, part)]

    def _ranking(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "ranking")
        part["options"], values = self._options(asked)
        self._known(asked, Variable(part["code"], "ranking", values))
        if (most := asked.take("max_answers")).isdecimal() and int(most) < len(part["options"]):
            part["most"] = int(most)
        return [self._shuffled(asked, part)]

    def _yes_no(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "yesno")
        self._known(asked, Variable(part["code"], "yesno", {"Y": True, "N": False}))
        return [part]

    def _gender(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "single")
        part["options"] = [{"code": code, "text": self._text_of(code)} for code in "FM"]
        part["attribute"] = True
        self._known(asked, Variable(part["code"], "single", {"F": "F", "M": "M"}))
        return [part]

    def _five(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "rating") | {"least": 1, "most": 5}
        self._known(asked, Variable(part["code"], "rating"))
        return [part]

    # --- tables ---------------------------------------------------------------------------------------
    def _matrix(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "matrix")
        if asked.type in "FH":
            options, values = self._options(asked)
        elif asked.type in "AB":
            points = [str(point) for point in range(1, 6 if asked.type == "A" else 11)]
            tongues = dict.fromkeys(self.survey.languages.values())
            options = [
                {"code": point, "text": dict.fromkeys(tongues, point), "value": int(point)}
                for point in points
            ]
            values = dict(zip(points, points, strict=True))
        else:
            codes = {"C": "YUN", "E": "ISD"}[asked.type]
            options = [{"code": code, "text": self._text_of(code)} for code in codes]
            values = dict(zip(codes, codes, strict=True))
        self._rows(asked, part, values)
        part["options"] = options
        return [self._shuffled(asked, part)]

    def _rows(self, asked: Asked, part: Part, values: dict[str, str | bool], ending: str = "") -> None:
        codes, part["rows"] = Codes(""), []
        for row in asked.on("0"):
            name = row.get("title", "")
            code = codes.take(name)
            text = self.survey.words(self.spoken.get(row["qid"], [row]), "question", asked.place, name)
            part["rows"].append({"code": code, "text": text})
            variable = Variable(f"{part['code']}.{code}", "matrix", values)
            self._known(asked, variable, f"{name}{ending}", "" if ending else row["qid"])

    def _dual(self, asked: Asked) -> list[Part]:
        """Two scales for the same rows: one matrix for each."""
        found = []
        for scale, letter in (("0", "A"), ("1", "B")):
            part = self._begun(asked, "matrix", "" if scale == "0" else f"{asked.title}_2")
            head = self.survey.words(asked.taken(f"dualscale_header{letter}"), "value", asked.place)
            self._appended(asked, part, head, " – ")
            options, values = self._options(asked, scale)
            self._rows(asked, part, values, f"_{scale}")
            part["options"] = options
            found.append(part)
        self.notes.add(asked.place, "two_scales")
        return found

    def _each(self, asked: Asked) -> list[Part]:
        """Several short texts or numbers: a question for each, below the common text."""
        kind = "short" if asked.type == "Q" else "number"
        return self._several(asked, [(row, None) for row in asked.subs], kind)

    def _cells(self, asked: Asked) -> list[Part]:
        """A table of texts or numbers: a question for each cell, if they are not too many."""
        cells = [(row, column) for row in asked.on("0") for column in asked.on("1")]
        if len(cells) > MOST_CELLS:
            return self._left(asked, "table_left_out")
        self.notes.add(asked.place, "cells", count=len(cells))
        return self._several(asked, list(cells), "short" if asked.type == ";" else "number")

    def _several(self, asked: Asked, cells: Sequence[tuple[Row, Row | None]], kind: str) -> list[Part]:
        head = self._begun(asked, kind)
        required = head.pop("required", False)
        hint = head.pop("hint", None)
        head["kind"] = "text"
        found = [head]
        for row, column in cells:
            sub = "_".join(one.get("title", "") for one in (row, column) if one)
            place = asked.place
            texts = [
                self.survey.words(self.spoken.get(one["qid"], [one]), "question", place, one.get("title", ""))
                for one in (row, column)
                if one
            ]
            text = {code: " – ".join(text[code] for text in texts if code in text) for code in texts[0]}
            part: Part = {"kind": kind, "code": self.survey.codes.take(f"{asked.title}_{sub}"), "text": text}
            part |= ({"required": True} if required else {}) | (
                {"hint": hint} if hint and len(cells) == 1 else {}
            )
            if kind == "number":
                self._bounds(asked, part)
            self.survey.deferred.text(text, place)
            self._known(asked, Variable(part["code"], kind), sub, row["qid"] if column is None else "")
            found.append(part)
        if hint and len(cells) != 1:
            self._appended(asked, head, hint, "\n\n")
        for name in ("num_value_int_only", "maximum_chars", "min_num_value_n", "max_num_value_n"):
            if kind == "number" and name != "maximum_chars":
                asked.take(name)
        return found

    # --- texts, numbers, dates, files -----------------------------------------------------------------
    def _text(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "short" if asked.type == "S" else "long")
        limit = 1_000 if part["kind"] == "short" else 20_000
        if (most := asked.take("maximum_chars")).isdecimal():
            part["most"] = min(int(most), limit)
        if asked.type == "S" and asked.take("numbers_only"):
            part["kind"] = "number"
            part.pop("most", None)
        self._known(asked, Variable(part["code"], part["kind"]))
        return [part]

    def _number(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "number")
        self._bounds(asked, part)
        for name in ("min_num_value_n", "max_num_value_n", "num_value_int_only"):
            asked.take(name)
        if unit := self.survey.words(asked.taken("suffix"), "value", asked.place):
            part["unit"] = unit
        self._known(asked, Variable(part["code"], "number"))
        return [part]

    def _bounds(self, asked: Asked, part: Part) -> None:
        """Least, most and decimals of a number, from the attributes."""
        for key, name in (("least", "min_num_value_n"), ("most", "max_num_value_n")):
            value = next(iter(asked.attributes.get(name, {}).values()), "").strip()
            if is_exact(value):
                part[key] = value if "." in value else int(value)
            elif value:
                self.notes.add(asked.place, "attribute", name=name, value=value)
        if next(iter(asked.attributes.get("num_value_int_only", {}).values()), "") != "1":
            part["decimals"] = 2

    def _day(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "date")
        for key, name, ending in (("least", "date_min", "-01-01"), ("most", "date_max", "-12-31")):
            value = asked.take(name).strip()
            value = value + ending if value.isdecimal() and len(value) == 4 else value[:10]
            if is_day(value):
                part[key] = value
            elif value:
                self.notes.add(asked.place, "attribute", name=name, value=value)
        if any(letter in asked.take("date_format") for letter in "HM:"):
            self.notes.add(asked.place, "time_left_out")
        self._known(asked, Variable(part["code"], "date"))
        return [part]

    def _file(self, asked: Asked) -> list[Part]:
        part = self._begun(asked, "file")
        self.asks_for_files = True
        kilobytes = number(asked.take("max_filesize"))
        if kilobytes:
            part["megabytes"] = min(max(kilobytes // 1024, 1), 100)
        self._known(asked, Variable(part["code"], "file"))
        return [part]

    # --- quotas and what is left ----------------------------------------------------------------------
    def quota(self, members: Sequence[Row]) -> str:
        """The members of a quota as an expression, "" where there are none."""
        tests = []
        for qid, rows in by(members, "qid").items():
            tests.append("(" + " or ".join(self._member(qid, row.get("code", "")) for row in rows) + ")")
        return " and ".join(tests)

    def _member(self, qid: str, code: str) -> str:
        row = self.rows.get(qid, {})
        title, kind = row.get("title", ""), row.get("type", "")
        if kind in {"M", "P"}:
            return f'{title}_{code} == "Y"'
        if kind in {"A", "B", "C", "E", "F", "H"} and "-" in code:
            sub, _dash, value = code.rpartition("-")
            return f'{title}_{sub} == "{value}"'
        return f'{title} == "{code}"'

    def note_rest(self) -> None:
        """Attributes and default answers that have no place here."""
        for qid, attributes in self.attributes.items():
            title = self.rows.get(qid, {}).get("title", qid)
            for name, values in attributes.items():
                for value in dict.fromkeys(values.values()):
                    if value.strip() not in usual.NEUTRAL | usual.ATTRIBUTES.get(name, set()):
                        self.notes.add(Place("question", title), "attribute", name=name, value=value.strip())
        for row in self._defaults():
            title = self.rows.get(row.get("qid", ""), {}).get("title", "")
            self.notes.add(Place("question", title), "default_value", value=row.get("defaultvalue", ""))

    def _defaults(self) -> Iterator[Row]:
        tables = self.survey.tables
        spoken = by(tables.of("defaultvalue_l10ns"), "dvid")
        for row in tables.of("defaultvalues"):
            words = next((line.get("defaultvalue", "") for line in spoken.get(row.get("dvid", ""), [])), "")
            yield row | ({"defaultvalue": words} if words else {})
