"""From a sent page to the next: what is read of it, and which page comes then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from merilo.core import files
from merilo.core.errors import BadFile
from merilo.surveys.answering import rendering
from merilo.surveys.answering.drawing import UPLOADS
from merilo.surveys.answering.travelling import Form
from merilo.surveys.rules.answers import Fault, Reading, carried
from merilo.surveys.rules.answers import Form as Reader
from merilo.surveys.rules.asking import Upload
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.paths import Screen, Walk
from merilo.surveys.rules.raw import without_controls

CHECK = "!"  # in place of a screen: the page on which answers are checked; no code looks like this
UNANSWERED = frozenset({"required", "rows_missing"})  # faults of what was not said, rather than said amiss
Fields = dict[str, Sequence[str]]
Left = Mapping[str, Mapping[str, Sequence[str]]]  # by question, what was typed and is no answer


@dataclass(frozen=True, slots=True)
class Turn:
    """What is shown next: the form, and of a page that is shown again its fields and what is wrong."""

    form: Form
    fields: Fields | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    opened: tuple[str, ...] = ()


def way(form: Form, reader: Reader) -> Walk:
    """The way that the answers so far lead, and those of them that count."""
    return reader.paths.walk(reader.restored(form.answers))


def moved(form: Form, reader: Reader, screen: str) -> Form:
    """The form at a screen, with the questions that stand on it now."""
    found = way(form, reader).at(screen)
    return _at(form, found) if found else replace(form, screen=screen, shown=())


def _at(form: Form, screen: Screen | None) -> Form:
    """The form at a screen of its way; after the last one answers are checked."""
    if screen is None:
        return replace(form, screen=CHECK, shown=())
    return replace(form, screen=screen.code, shown=tuple([one.code for one in screen.questions]))


def begin(form: Form, reader: Reader) -> Form:
    """The form at its first screen."""
    return _at(form, next(iter(way(form, reader).screens), None))


def turn(
    form: Form, reader: Reader, go: str, fields: Fields, uploads: Mapping[str, UploadedFile[bytes]]
) -> Turn:
    """What follows when a page is sent with a button: next, back, a language, a screen, or later."""
    if go == "begin" or not form.screen:
        return Turn(moved(form, reader, form.screen) if form.screen else begin(form, reader))
    if form.screen == CHECK:
        return Turn(_elsewhere(form, reader, go))
    form, fields, refused = _received(form, reader, fields, uploads)
    reading = reader.read(form.screen, fields, reader.restored(form.answers), shown=form.shown)
    faults = {**rendering.sentences(reading.faults), **refused}
    left = left_over(reader, form.screen, form.typed, fields, reading)
    read = replace(form, answers=carried(reading.answers), typed=left)
    if go.startswith("lang-"):
        return Turn(_in_language(read, reader, go), fields)
    if go != "next":
        return Turn(_elsewhere(read, reader, go))
    if faults or not reading.complete:
        return _again(read, reader, fields, faults, reading)
    return Turn(_onward(read, reader, form))


def left_over(
    reader: Reader, screen: str, before: Left, fields: Fields, reading: Reading
) -> dict[str, dict[str, Sequence[str]]]:
    """What is no answer, on this page and others: somebody who goes elsewhere finds it again."""
    here = {one.code for one in reader.paths.screens[screen].questions}
    left = {code: dict(typed) for code, typed in before.items() if code not in here}
    for code, fault in reading.faults.items():
        typed: Fields = {
            name: [without_controls(one) for one in fields[name]]
            for name in reader.fields[code]
            if any(fields.get(name, ()))
        }
        if typed and fault.code not in UNANSWERED:
            left[code] = typed
    return left


def recalled(turn: Turn, reader: Reader) -> Turn:
    """The turn with what was left on its page before, and what is wrong with it."""
    left = {code: fields for code, fields in turn.form.typed.items() if code in turn.form.shown}
    if turn.fields is not None or not left:
        return turn
    answers = way(turn.form, reader).answers
    fields, faults = filled_again(reader, turn.form.screen, turn.form.shown, left, answers)
    return replace(turn, fields=fields, faults=rendering.sentences(faults))


def filled_again(
    reader: Reader, screen: str, shown: Collection[str], left: Left, answers: Answers
) -> tuple[Fields, dict[str, Fault]]:
    """The fields of a page with its answers and what was left on it, and what is wrong with that."""
    fields = rendering.fields_of(reader.paths.definition, answers)
    for typed in left.values():
        fields |= typed
    reading = reader.read(screen, fields, answers, shown=shown)
    return fields, {code: fault for code, fault in reading.faults.items() if code in left}


def _again(form: Form, reader: Reader, fields: Fields, faults: Mapping[str, str], reading: Reading) -> Turn:
    """The same page once more: something is wrong, or more questions stand on it now."""
    return Turn(moved(form, reader, form.screen), fields, faults, reading.opened)


def _onward(form: Form, reader: Reader, before: Form) -> Form:
    walk = way(form, reader)
    if not form.checking:
        return _at(form, walk.after(form.screen))
    new = set(walk.visible) - set(way(before, reader).visible)
    opened = (screen for screen in walk.screens if any(one.code in new for one in screen.questions))
    return moved(form, reader, next((screen.code for screen in opened), CHECK))


def _elsewhere(form: Form, reader: Reader, go: str) -> Form:
    """Back, to a screen for a correction, or the same page in another language."""
    walk = way(form, reader)
    if go.startswith("lang-"):
        return _in_language(form, reader, go)
    if go.startswith("to-") and (found := walk.at(go.removeprefix("to-"))):
        return replace(moved(form, reader, found.code), checking=True)
    if go != "back":
        return form
    if form.screen == CHECK:
        last = walk.screens[-1:]
        return replace(moved(form, reader, last[0].code), checking=False) if last else form
    if form.checking:
        return moved(form, reader, CHECK)
    previous = walk.before(form.screen)
    return moved(form, reader, previous.code) if previous else form


def _in_language(form: Form, reader: Reader, go: str) -> Form:
    wanted = go.removeprefix("lang-")
    known = reader.paths.definition.languages
    return replace(form, language=wanted) if wanted in known else form


def unanswered(form: Form, reader: Reader) -> Form | None:
    """The form at the first question that needs an answer or was left with none; None if there is no such."""
    open_ = {*reader.missing(reader.restored(form.answers)), *form.typed}
    if not open_:
        return None
    walk = way(form, reader)
    asked = (screen for screen in walk.screens if any(one.code in open_ for one in screen.questions))
    found = next(asked, None)
    return replace(moved(form, reader, found.code), checking=True) if found else None


# --- files ------------------------------------------------------------------------------------------
def _received(
    form: Form, reader: Reader, fields: Fields, uploads: Mapping[str, UploadedFile[bytes]]
) -> tuple[Form, Fields, dict[str, str]]:
    """Take in the files of a page: only what this form brought itself counts as a file of its own."""
    known, fields, refused = dict(form.files), dict(fields), {}
    for question in reader.paths.screens[form.screen].questions:
        if not isinstance(question.asked, Upload):
            continue
        kept = [digest for digest in fields.get(question.code, ()) if digest in known]
        if f"{question.code}-remove" in fields:
            kept = []
        if upload := uploads.get(f"{question.code}-file"):
            try:
                taken = _taken(upload, question.asked)
                known[taken.sha256] = (taken.name, taken.ending, taken.size)
                kept = [taken.sha256]
            except BadFile as error:
                refused[question.code] = error.sentence
        fields[question.code] = kept
    return replace(form, files=known), fields, refused


def _taken(upload: UploadedFile[bytes], asked: Upload) -> files.TakenIn:
    if (upload.size or 0) > asked.megabytes * 2**20:
        raise BadFile(_("The file is larger than %(limit)s MB.") % {"limit": asked.megabytes})
    return files.take_in([upload], UPLOADS)[0]


def plain_fields(posted: Any) -> Fields:
    """All values of a sent form by field name."""
    return {name: tuple(values) for name, values in posted.lists()}
