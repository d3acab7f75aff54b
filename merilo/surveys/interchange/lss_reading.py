"""A survey of LimeSurvey as a questionnaire, and what of it could not be carried over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from merilo.surveys.interchange import lss_defaults as usual
from merilo.surveys.interchange.columns import language_code
from merilo.surveys.interchange.deferring import Deferred, replaced
from merilo.surveys.interchange.expressions import Variable, parse_script
from merilo.surveys.interchange.losses import Codes, Imported, Notes, Place
from merilo.surveys.interchange.lss_questions import Asked, Questions
from merilo.surveys.interchange.lss_tables import Row, Tables, by, number, read_tables, sorted_by
from merilo.surveys.interchange.texts import cleaned

_EXPRESSION = re.compile(r"(?<!\\)\{(?!\s)([^{}\n]*)\}")
_INSERTED = re.compile(r"(?:INSERTANS:)?(\w+(?:\.(?:shown|value|NAOK|code|valueNAOK))?)")
_BY_NUMBER = re.compile(r"\d+X\d+X(\d+)(\w*)")
_SUFFIX = re.compile(r"\.(?:NAOK|value|valueNAOK|code)$")


def read_lss(content: bytes) -> Imported:
    """The questionnaire in the bytes of an .lss (or .lsg or .lsq). Errors: BadFile."""
    return Survey(read_tables(content)).imported()


class Survey:
    """Reads the tables of one survey."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.notes = tables, Notes()
        self.settings = next(iter(tables.of("surveys")), Row())
        named = [self.settings.get("language", ""), *self.settings.get("additional_languages", "").split()]
        named = list(dict.fromkeys([*filter(None, named), *tables.languages])) or ["en"]
        self.languages = {name: language_code(name) or "en" for name in named}
        self.main = self.languages[named[0]]
        self.codes = Codes()
        self.deferred = Deferred(parse_script, self.notes)
        self.questions = Questions(self)

    def imported(self) -> Imported:
        """The questionnaire and the losses."""
        plain: dict[str, Any] = {
            "languages": list(dict.fromkeys(self.languages.values())),
            "title": {},
            "mode": "named" if self.settings.get("anonymized") == "N" else "anonymous",
            "audience": "citizens",
            "floor": 5,
        }
        plain |= self._whole()
        plain["pages"] = [page for page in self._pages() if page["parts"]]
        if quotas := self._quotas():
            plain["quotas"] = quotas
        if self.settings.get("format") == "S":
            plain["layout"] = "questions"
        if self.questions.asks_for_files and plain["mode"] == "anonymous":
            plain["mode"] = "named"
            self.notes.add(Place("survey"), "named_for_files")
        self._rest()
        self.deferred.settle(self.known, self._filled)
        return Imported(plain, tuple(self.notes.losses))

    # --- texts ----------------------------------------------------------------------------------------
    def words(self, rows: Sequence[Row], column: str, place: Place, instead: str = "") -> dict[str, str]:
        """A text from rows of different languages; {} where none has any and nothing stands `instead`."""
        text: dict[str, str] = {}
        for row in rows:
            code = self.languages.get(row.get("language", row.get("surveyls_language", "")), "")
            word = self._clean(row.get(column, ""), place)
            if word and (code or len(rows) == 1):
                text.setdefault(code or self.main, word)
        text = {code: text[code] for code in dict.fromkeys(self.languages.values()) if code in text}
        if self.main not in text and (text or instead):
            if text:
                self.notes.add(place, "not_in_main", language=self.main)
            text = {self.main: next(iter(text.values()), instead), **text}
        self.deferred.text(text, place)
        return text

    def _clean(self, word: str, place: Place) -> str:
        found = cleaned(word)
        if found.gone:
            self.notes.add(place, "markup", tags=", ".join(found.gone))
        elif found.formatted:
            self.notes.add(place, "formatting")
        return found.text

    def _filled(self, words: str, place: Place) -> str:
        """A text with the places for answers as ours; other expressions are noted."""

        def put(found: re.Match[str]) -> str:
            name = _INSERTED.fullmatch(found[1].strip())
            variable = self.known(name[1].removesuffix(".shown")) if name else None
            if variable is None or variable.option:
                self.notes.add(place, "repeated", source=found[0])
                return "…"
            return f"{{{variable.item}}}"

        return replaced(words, _EXPRESSION, put, literal=False).replace("\\{", "{").replace("\\}", "}")

    def known(self, name: str) -> Variable | None:
        """What a name in an expression stands for: a code, or the numbers of survey, group and question."""
        name = _SUFFIX.sub("", name)
        named = self.questions.by_name.get(name) or self.questions.by_number.get(name)
        if named is not None:
            return named
        if numbered := _BY_NUMBER.fullmatch(name):
            rest = numbered[1] + numbered[2]
            cuts = range(len(numbered[1]), 0, -1)
            splits = (self.questions.by_id.get((rest[:cut], rest[cut:].lstrip("_"))) for cut in cuts)
            return next((variable for variable in splits if variable), None)
        return None

    # --- the whole ------------------------------------------------------------------------------------
    def _whole(self) -> dict[str, Any]:
        """Title, description and thanks."""
        place = Place("survey")
        rows = self.tables.of("surveys_languagesettings")
        for row in rows:
            welcome, about = row.get("surveyls_welcometext", ""), row.get("surveyls_description", "")
            row["welcome"] = "<p></p>".join(filter(None, (about, welcome)))
        if not rows:  # a group or a question by itself
            groups = self.tables.of("group_l10ns") or self.tables.of("groups")
            title = self.words(groups, "group_name", place, "LimeSurvey")
            return {"title": title}
        found = {
            "title": self.words(rows, "surveyls_title", place, "LimeSurvey"),
            "description": self.words(rows, "welcome", place),
            "thanks": self.words(rows, "surveyls_endtext", place),
        }
        return {key: text for key, text in found.items() if text}

    def _pages(self) -> list[dict[str, Any]]:
        """The groups, each a page."""
        spoken = by(self.tables.of("group_l10ns") or self.tables.of("groups"), "gid")
        groups = {row.get("gid", ""): row for row in reversed(self.tables.of("groups"))}
        asked = by(self.questions.asked_rows(), "gid")
        for gid in asked:
            groups.setdefault(gid, {"gid": gid, "group_order": "999999"})
        order = {
            gid: number(row.get("group_order") or spoken.get(gid, [{}])[0].get("group_order", ""))
            for gid, row in groups.items()
        }
        found = []
        for place, gid in enumerate(sorted(groups, key=lambda gid: order[gid]), start=1):
            found.append(self._page(place, groups[gid], spoken.get(gid, []), asked.get(gid, [])))
        return found

    def _page(self, at: int, group: Row, spoken: Sequence[Row], asked: Sequence[Row]) -> dict[str, Any]:
        page: dict[str, Any] = {"code": f"page_{at}"}
        names = [self._clean(row.get("group_name", ""), Place("page", str(at))) for row in spoken]
        place = Place("page", next(filter(None, names), str(at)))
        if self.tables.kind != "question" and (title := self.words(spoken, "group_name", place)):
            page["title"] = title
        if group.get("randomization_group"):
            self.notes.add(place, "random_pages", name=group["randomization_group"])
        if source := always(group.get("grelevance", "")):
            self.deferred.condition(page, "show_if", [(source, place)])
        if self.questions.is_shuffled(asked):
            page["shuffle"] = True
        page["parts"] = []
        if about := self.words(spoken, "description", place):
            page["parts"].append({"kind": "text", "code": self.codes.take(f"about_{at}"), "text": about})
        for row in sorted(asked, key=sorted_by("question_order")):
            page["parts"] += self.questions.parts(Asked(row, self.questions))
        return page

    def _quotas(self) -> list[dict[str, Any]]:
        """Quotas: of one question any of the answers, of several questions an answer to each."""
        members = by(self.tables.of("quota_members"), "quota_id")
        spoken = by(self.tables.of("quota_languagesettings"), "quotals_quota_id")
        found, codes = [], Codes("quota_")
        for row in self.tables.of("quota"):
            place = Place("quota", row.get("name", ""))
            source = self.questions.quota(members.get(row.get("id", ""), []))
            if row.get("active") == "0" or not source or number(row.get("qlimit", "")) < 1:
                self.notes.add(place, "quota_left", most=row.get("qlimit", ""))
                continue
            texts = [
                line | {"language": line.get("quotals_language", "")} for line in spoken.get(row["id"], [])
            ]
            quota: dict[str, Any] = {
                "code": codes.take(row.get("name", "")),
                "most": number(row["qlimit"]),
                "text": self.words(texts, "quotals_message", place, row.get("name", "") or "…"),
            }
            self.deferred.condition(quota, "when", [(source, place)])
            found.append(quota)
        return found

    # --- what is left ---------------------------------------------------------------------------------
    def _rest(self) -> None:
        """Settings, attributes and tables that say something which has no place here."""
        place = Place("survey")
        if self.settings.get("format") == "A":
            self.notes.add(place, "all_in_one")
        for name, value in self.settings.items():
            known = usual.SETTINGS.get(name, set())
            if known is not None and value.strip() not in usual.NEUTRAL | known:
                self.notes.add(place, "setting", name=name, value=value.strip())
        self._language_settings(place)
        self.questions.note_rest()
        for row in self.tables.of("assessments"):
            self.notes.add(place, "assessment", name=row.get("name", ""))
        for table, rows in self.tables.rows.items():
            if table not in usual.TABLES:
                self.notes.add(Place("table", table), "table_left", rows=len(rows))

    def _language_settings(self, place: Place) -> None:
        carried = {
            "surveyls_title",
            "surveyls_welcometext",
            "surveyls_description",
            "surveyls_endtext",
            "welcome",
        }
        mails = False
        for row in self.tables.of("surveys_languagesettings"):
            for name, value in row.items():
                if name in carried | usual.LANGUAGE_SETTINGS or not value.strip():
                    continue
                if any(word in name for word in usual.MAIL):
                    mails = True
                elif value.strip() not in usual.NEUTRAL:
                    self.notes.add(place, "setting", name=name.removeprefix("surveyls_"), value=value.strip())
        if mails:
            self.notes.add(place, "mails")


def always(source: str) -> str:
    """A condition, "" where it is always so."""
    return "" if source.strip() in {"", "1"} else source.strip()
