"""The pages of a survey put together: which frame, and what stands in its slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.template import loader
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from merilo.core.periods import months_after
from merilo.organisations.api import Organisation
from merilo.surveys import catalogue
from merilo.surveys.answering import echoing, guarding, rendering, turning
from merilo.surveys.answering.drawing import View
from merilo.surveys.answering.rendering import Frame, Sheet
from merilo.surveys.answering.travelling import Form
from merilo.surveys.models import Source, Survey
from merilo.surveys.queries import answering
from merilo.surveys.rules.answers import Form as Reader
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.definition import Definition, Question
from merilo.surveys.rules.effort import minutes

LANGUAGES = {
    "bg": "Български",
    "en": "English",
    "tr": "Türkçe",
    "de": "Deutsch",
    "it": "Italiano",
    "fr": "Français",
    "ro": "Română",
    "el": "Ελληνικά",
    "uk": "Українська",
    "ru": "Русский",
    "es": "Español",
}
IDLE = 60  # seconds after which a tablet asks whether somebody is still there
BACK = 30  # and after which it begins anew


@dataclass(frozen=True, slots=True)
class Page:
    """A page with slots that only the answer to this request can fill."""

    frame: Frame
    slots: Mapping[str, str]
    language: str

    def parts(self, nonce: str) -> list[str]:
        """What the page is put together of; most of it is the same for all visitors."""
        return self.frame.filled(**self.slots, nonce=nonce)

    def html(self, nonce: str) -> str:
        return "".join(self.parts(nonce))


# --- what frames are drawn from ---------------------------------------------------------------------
def look_of(survey: Survey) -> str:
    """A sign for everything of a survey that its pages show and that can change while it is open."""
    home: Organisation = survey.organisation
    terms = (survey.opens_on, survey.closes_on, survey.contact, survey.notice, survey.answers_months)
    return rendering.fingerprint(home.name, home.name_en, home.accent, home.logo_id, terms, survey.mode)


def looked_up(form: Form, survey: Survey) -> Form:
    """The form with how its survey looks now, and whether it wants a computation."""
    return replace(form, look=look_of(survey), guarded=guarding.wants_proof(survey, form))


def _frame(name: str, survey: Survey, definition: Definition, form: Form) -> Frame:
    return rendering.frame(
        name,
        organisation=survey.organisation,
        language=form.language,
        main=definition.languages[0],
        context=lambda: _context(survey, definition, form.language) | {"kiosk": is_kiosk(form), "form": form},
        key=_key(form),
    )


def _key(form: Form) -> tuple[object, ...]:
    """What frames depend on: the same for all forms of a kind."""
    return (form.survey, form.version, form.look, form.source, bool(form.token))


def is_kiosk(form: Form) -> bool:
    return form.source == Source.KIOSK


def _context(survey: Survey, definition: Definition, language: str) -> dict[str, Any]:
    title = definition.title.in_language(language)
    with override(rendering.tongue(language, definition.languages[0])):
        note = _("%(title)s, anonymous") if survey.is_anonymous else _("%(title)s, with names")
    return {
        "survey": survey,
        "title": title,
        "note": note % {"title": title},
        "description": definition.description.in_language(language) if definition.description else "",
        "thanks": definition.thanks.in_language(language) if definition.thanks else "",
        "languages": [(code, LANGUAGES.get(code, code)) for code in definition.languages if code != language],
        "questions": sum(1 for _question in definition.questions()),
        "minutes": minutes(definition),
        "gone_on": gone_on(survey),
        "notice": str(survey.notice.get(language, "")),
        "has_files": any(question.kind == "file" for question in definition.questions()),
        "idle": IDLE,
        "back_in": BACK,
    }


def gone_on(survey: Survey) -> date | None:
    """The day on which the answers are deleted, where the last day is known."""
    if survey.closes_on is None:
        return None
    return months_after(survey.closes_on, survey.answers_months)


# --- pages ------------------------------------------------------------------------------------------
def start(survey: Survey, form: Form, **more: str) -> Page:
    """What is asked, by whom and why, and what becomes of it; the button begins."""
    definition = catalogue.form_for(survey.pk, form.version).paths.definition
    return Page(_frame("start", survey, definition, form), {"sealed": form.packed(), **more}, form.language)


def notice(survey: Survey, form: Form) -> Page:
    """What is kept of whom, why and for how long."""
    definition = catalogue.form_for(survey.pk, form.version).paths.definition
    return Page(_frame("notice", survey, definition, form), {}, form.language)


def done(survey: Survey, form: Form) -> Page:
    """Thanks, and where and when there will be results."""
    definition = catalogue.form_for(survey.pk, form.version).paths.definition
    return Page(_frame("done", survey, definition, form), {}, form.language)


def message(
    survey: Survey | None,
    language: str,
    heading: str,
    words: Sequence[str],
    *,
    onward: tuple[str, str] | None = None,
) -> Page:
    """A page that says one thing; `onward` is an address to go on to and what stands on the button."""
    drawn = rendering.frame(
        "message",
        organisation=survey.organisation if survey else None,
        language=language,
        main=language,
        context=lambda: {"heading": heading, "words": words, "onward": onward, "note": ""},
        key=(look_of(survey) if survey else "", heading, tuple(words), onward),
    )
    return Page(drawn, {}, language)


def turned(
    turn: turning.Turn, reader: Reader, at: datetime, *, note: str = "", kind: str = "warning"
) -> Page:
    """The page that a turn leads to: a screen, or the answers to be checked."""
    with override(rendering.tongue(turn.form.language, reader.paths.definition.languages[0])):
        if turn.form.screen == turning.CHECK:
            return _check(turn, reader, at, note, kind)
        return _screen(turning.recalled(turn, reader), reader, note, kind)


def _kept(name: str, form: Form, reader: Reader) -> tuple[Frame, Form]:
    """The frame of a form's pages; the database is asked only where this process has not drawn it yet."""
    found = rendering.kept_frame(name, form.language, _key(form))
    if found is not None and form.look:
        return found, form
    survey = answering.asked(form.short)
    form = looked_up(form, survey)
    return _frame(name, survey, reader.paths.definition, form), form


def _screen(turn: turning.Turn, reader: Reader, words: str, kind: str) -> Page:
    frame, form = _kept("screen", turn.form, reader)
    definition, walk = reader.paths.definition, turning.way(form, reader)
    answers = walk.answers
    screen = walk.at(form.screen) or reader.paths.screens[form.screen]
    sheet = rendering.sheet_of((form.survey, form.version), definition, form.language)
    fields = rendering.fields_of(definition, answers) if turn.fields is None else turn.fields
    files = {digest: name for digest, (name, _ending, _size) in form.files.items()}
    view = View(fields, turn.faults, answers, form.seed, files)
    name = sheet.name_of(screen, answers)
    slots = {
        "title": escape(_("Error: %(title)s") % {"title": name} if turn.faults else name),
        "progress": escape(rendering.progress(definition, walk, screen)),
        "notes": _notes(words, kind)
        + rendering.summary(turn.faults, sheet, screen.questions, answers)
        + _opened(turn, sheet, screen.questions, answers),
        "fields": sheet.screen(screen, view),
        "sealed": form.packed(),
        "enctype": ' enctype="multipart/form-data"' if _asks_for_file(screen.questions) else "",
        "back": _back() if form.checking or walk.before(screen.code) else "",
    }
    return Page(frame, slots, form.language)


def _asks_for_file(questions: Sequence[Question]) -> bool:
    return any(question.kind == "file" for question in questions)


def _back() -> str:
    words = escape(_("Back"))
    return f'<button class="btn plain" type="submit" name="go" value="back" formnovalidate>{words}</button>'


def _notes(words: str, kind: str) -> str:
    return rendering.note(words, kind=kind) if words else ""


def _opened(turn: turning.Turn, sheet: Sheet, questions: Sequence[Question], answers: Answers) -> str:
    """Says which questions stand on the page only now."""
    found = [question for question in questions if question.code in turn.opened]
    if not found or turn.faults:
        return ""
    links = {f"#q-{one.code}": sheet.filled(one.text.in_language(sheet.language), answers) for one in found}
    return rendering.note(_("Your answers lead to more questions on this page:"), kind="", links=links)


# --- checking ---------------------------------------------------------------------------------------
def _check(turn: turning.Turn, reader: Reader, at: datetime, words: str, kind: str) -> Page:
    frame, form = _kept("check", turn.form, reader)
    heading = _("Check your answers")
    is_wrong = bool(words) and kind == "warning"
    slots = {
        "title": escape(_("Error: %(title)s") % {"title": heading} if is_wrong else heading),
        "notes": _notes(words, kind),
        "rows": _rows(form, reader),
        "sealed": form.packed(),
        "proof": _proof(replace(turn, form=form), at, is_open=is_wrong) if form.guarded else "",
    }
    return Page(frame, slots, form.language)


def _rows(form: Form, reader: Reader) -> str:
    walk = turning.way(form, reader)
    names = {digest: name for digest, (name, _ending, _size) in form.files.items()}
    rows = echoing.echo_of((form.survey, form.version), reader.paths, form.language)
    return rows.rows(walk, View({}, answers=walk.answers, files=names))


def _proof(turn: turning.Turn, at: datetime, *, is_open: bool) -> str:
    """The computation, and the way by mail beside it: open with what was typed once something failed."""
    context = {
        "challenge": guarding.challenge(turn.form, at),
        "has_code": bool(turn.form.code),
        "has_mail": guarding.mails_codes(),
        "is_open": is_open,
        "address": next(iter((turn.fields or {}).get("address", ())), ""),
        "typed": next(iter((turn.fields or {}).get("code", ())), ""),
        "faults": turn.faults,
    }
    return loader.render_to_string("surveys/answer/proof.html", context)
