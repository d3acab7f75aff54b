"""How each kind of question looks: drawn once for a language, filled in for a visitor by joining strings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.translation import gettext as _

from merilo.core import files
from merilo.framework.catalogue import Text
from merilo.surveys.rules import asking
from merilo.surveys.rules.asking import UNKNOWN, Option
from merilo.surveys.rules.choosing import LINE
from merilo.surveys.rules.conditions import Answers, Value
from merilo.surveys.rules.definition import Definition, Question
from merilo.surveys.rules.paths import in_order
from merilo.surveys.rules.piping import PLACE, filled

UPLOADS = ("pdf", "docx", "odt", "xlsx", "ods", "png", "jpg", "jpeg", "webp", "txt")


@dataclass(frozen=True, slots=True)
class View:
    """What one visitor has before them: field values, faults in words by question, earlier answers.

    `seed` draws random orders, `files` are the names of uploads by their hash.
    """

    raw: Mapping[str, Sequence[str]]
    faults: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    seed: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


Slot: TypeAlias = Callable[[View], str]
Part: TypeAlias = str | Slot
Parts: TypeAlias = Iterator[Part]


def joined(parts: Sequence[Part], view: View) -> str:
    """The parts for one visitor."""
    return "".join([part if isinstance(part, str) else part(view) for part in parts])


def merged(parts: Parts) -> tuple[Part, ...]:
    """The same parts with neighbouring strings as one."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(last := found[-1], str):
            found[-1] = last + part
        else:
            found.append(part)
    return tuple(found)


def shown(value: object) -> str:
    """A number, date or truth as people write it in the language in use."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | int):
        return number_format(value, use_l10n=True)
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(value)


def said(value: Value) -> str:
    """The same for an answer: what has no options may be "don't know"."""
    return _("don't know") if value == UNKNOWN else shown(value)


class Pen:
    """Draws parts of one questionnaire in one language.

    `personal` is set by what differs from one visitor to the next before anything is typed.
    """

    def __init__(self, definition: Definition, language: str, *, level: int = 1) -> None:
        self.definition, self.language = definition, language
        self.personal = False
        self.is_alone = definition.layout == "questions"
        self.level = level if self.is_alone else level + 1

    # --- pieces ---------------------------------------------------------------------------------
    def text(self, text: Text) -> Part:
        """A text, with earlier answers in it where it repeats them."""
        plain = text.in_language(self.language)
        if not PLACE.search(plain):
            return escape(plain)
        self.personal = True
        definition, language = self.definition, self.language
        return lambda view: escape(filled(plain, view.answers, definition, language, said))

    def question(self, question: Question) -> Parts:
        """A whole question: what is asked, the hint, the fault, the fields."""
        draw = _KINDS[type(question.asked)]
        if type(question.asked) in _LABELLED:
            yield f'<div class="q" id="part-{question.code}">'
            yield from self._heading(question, f'<label for="q-{question.code}">', "</label>")
        else:
            yield f'<fieldset class="q" id="q-{question.code}" tabindex="-1"'
            yield from (_described(question), "><legend>")
            yield from self._heading(question, "", "")
            yield "</legend>"
        yield from self._beside(question)
        yield from draw(self, question, question.asked)
        yield "</div>" if type(question.asked) in _LABELLED else "</fieldset>"

    def _heading(self, question: Question, before: str, after: str) -> Parts:
        alone = " alone" if self.is_alone else ""
        yield f'<h{self.level} class="ask{alone}">{before}'
        yield self.text(question.text)
        if question.required:
            yield from (' <span class="must">', escape(_("(required)")), "</span>")
        yield f"{after}</h{self.level}>"

    def _beside(self, question: Question) -> Parts:
        said = list(self._hint(question))
        if said:
            yield f'<p class="hint" id="hint-{question.code}">'
            yield from said
            yield "</p>"
        yield _fault(question.code)

    def _hint(self, question: Question) -> Parts:
        if question.hint:
            yield self.text(question.hint)
        if words := _instructions(question):
            yield " " if question.hint else ""
            yield escape(words)

    def option(self, question: Question, option: Option, kind: str) -> Parts:
        """One answer to choose, with its line where it has one."""
        apart = " apart" if option.role in {"unknown", "none"} else ""
        yield f'<label class="opt{apart}"><input type="{kind}" name="{question.code}" value="{option.code}"'
        yield from (_checked(question.code, option.code), _invalid(question.code), "><span>")
        yield self.text(option.text)
        yield "</span></label>"
        if option.role == "other":
            yield from self._line(question, option)

    def _line(self, question: Question, option: Option) -> Parts:
        key = f"{question.code}.{option.code}"
        yield f'<div class="line"><label class="vh" for="q-{key}">'
        yield from (self.text(option.text), ": ", escape(_("in your own words")), "</label>")
        yield f'<input type="text" id="q-{key}" name="{key}" maxlength="{LINE}" value="'
        yield from (_value(key), '" autocomplete="off"></div>')

    def listed(self, question: Question, options: Sequence[Option], kind: str, *, shuffle: bool) -> Parts:
        """All answers to choose, in the visitor's own order where that is drawn."""
        yield '<div class="opts">'
        yield from self.ordered(options, lambda option: self.option(question, option, kind), shuffle=shuffle)
        yield "</div>"

    def ordered(self, things: Sequence[Any], draw: Callable[[Any], Parts], *, shuffle: bool) -> Parts:
        """Options or rows one after the other, in the visitor's own order where that is drawn."""
        drawn = {thing.code: merged(draw(thing)) for thing in things}
        if not shuffle:
            yield from (part for parts in drawn.values() for part in parts)
            return
        self.personal = True
        yield lambda view: "".join(joined(drawn[one.code], view) for one in in_order(things, view.seed))


# --- slots ------------------------------------------------------------------------------------------
def _checked(name: str, code: str) -> Slot:
    return lambda view: " checked" if code in view.raw.get(name, ()) else ""


def _selected(name: str, place: str) -> Slot:
    return lambda view: " selected" if place in view.raw.get(name, ()) else ""


def _value(name: str) -> Slot:
    return lambda view: escape(next(iter(view.raw.get(name, ())), ""))


def _invalid(code: str) -> Slot:
    return lambda view: ' aria-invalid="true"' if code in view.faults else ""


def _missing(code: str, item: str) -> Slot:
    """A row of a matrix at fault: one without an answer, or with two."""
    invalid = _invalid(code)
    return lambda view: "" if len(view.raw.get(item, ())) == 1 else invalid(view)


def _fault(code: str) -> Slot:
    label = escape(_("Error:"))

    def slot(view: View) -> str:
        if code not in view.faults:
            return ""
        words = escape(view.faults[code])
        return f'<p class="err" id="fault-{code}"><span class="vh">{label} </span>{words}</p>'

    return slot


def _described(question: Question) -> Slot:
    """What a screen reader says after the name: the hint and what is wrong."""
    hint = f"hint-{question.code}" if question.hint or _instructions(question) else ""

    def slot(view: View) -> str:
        fault = f"fault-{question.code}" if question.code in view.faults else ""
        found = " ".join(filter(None, (hint, fault)))
        return f' aria-describedby="{found}"' if found else ""

    return slot


# --- kinds ------------------------------------------------------------------------------------------
def _instructions(question: Question) -> str:
    """What to do, where neither the fields alone nor the author say it."""
    asked = question.asked
    if isinstance(asked, asking.Multiple):
        return _several(asked)
    if isinstance(asked, asking.Ranking):
        most = asked.most or len(asked.options)
        return _("Give the places from 1 to %(most)s; 1 is what comes first.") % {"most": most}
    if isinstance(asked, asking.Number | asking.Day):
        return _limits(asked.least, asked.most)
    if isinstance(asked, asking.LongText):
        return _length(asked, alone=not question.hint)
    if isinstance(asked, asking.Upload):
        kinds = {"megabytes": asked.megabytes, "kinds": ", ".join(UPLOADS)}
        return _("One file of at most %(megabytes)s MB: %(kinds)s.") % kinds
    return ""


def _several(asked: asking.Multiple) -> str:
    if asked.least and asked.most:
        return _("Choose from %(least)s to %(most)s.") % {"least": asked.least, "most": asked.most}
    if asked.most:
        return _("Choose at most %(most)s.") % {"most": asked.most}
    if asked.least:
        return _("Choose at least %(least)s.") % {"least": asked.least}
    return _("You may choose several.")


def _limits(least: object, most: object) -> str:
    if least is not None and most is not None:
        return _("From %(least)s to %(most)s") % {"least": shown(least), "most": shown(most)}
    if isinstance(least or most, date):
        sentence = _("Not before %(day)s") if least else _("Not after %(day)s")
        return sentence % {"day": shown(least or most)}
    if least is not None:
        return _("At least %(least)s") % {"least": shown(least)}
    return _("At most %(most)s") % {"most": shown(most)} if most is not None else ""


def _length(asked: asking.LongText, *, alone: bool) -> str:
    """How much may be written; an author's own hint says what should not be."""
    most = {"most": shown(asked.most)}
    if alone:
        return _("At most %(most)s characters. Please write no names.") % most
    return _("At most %(most)s characters.") % most


def _single(pen: Pen, question: Question, asked: asking.Single) -> Parts:
    yield from pen.listed(question, asked.options, "radio", shuffle=asked.shuffle)


def _multiple(pen: Pen, question: Question, asked: asking.Multiple) -> Parts:
    yield from pen.listed(question, asked.options, "checkbox", shuffle=asked.shuffle)


def _yesno(pen: Pen, question: Question, asked: asking.YesNo) -> Parts:
    yield '<div class="opts">'
    for code, words in (("yes", _("Yes")), ("no", _("No"))):
        yield f'<label class="opt"><input type="radio" name="{question.code}" value="{code}"'
        yield from (_checked(question.code, code), _invalid(question.code), ">")
        yield f"<span>{escape(words)}</span></label>"
    yield "</div>"


def _rating(pen: Pen, question: Question, asked: asking.Rating | asking.Recommendation) -> Parts:
    """A row of numbers; what the ends mean stands beneath, and is said with the numbers."""
    ends = {asked.least: asked.least_text, asked.most: asked.most_text}
    yield f'<div class="degrees n{asked.most - asked.least + 1}">'
    for points in range(asked.least, asked.most + 1):
        yield f'<label><input type="radio" name="{question.code}" value="{points}"'
        yield from (_checked(question.code, str(points)), _invalid(question.code), f"><b>{points}</b>")
        if end := ends.get(points):
            yield from ('<span class="vh">– ', pen.text(end), "</span>")
        yield "</label>"
    yield "</div>"
    if any(ends.values()):
        yield '<p class="ends" aria-hidden="true">'
        for points, end in ends.items():
            yield from (f"<span>{points}: ", pen.text(end), "</span>") if end else ("<span></span>",)
        yield "</p>"
    if asked.unknown:
        option = Option(UNKNOWN, asked.unknown, "unknown")
        yield from ('<div class="opts">', *pen.option(question, option, "radio"), "</div>")


def _matrix(pen: Pen, question: Question, asked: asking.Matrix) -> Parts:
    """A table on wide screens; on narrow ones each row becomes a list. The roles say so in both.

    It has no name of its own: the group around it has, and would be heard twice.
    """
    yield '<table class="grid" role="table"><thead role="rowgroup"><tr role="row"><td role="cell"></td>'
    for option in asked.options:
        apart = ' class="apart"' if option.role else ""
        yield f'<th scope="col" role="columnheader"{apart} id="q-{question.code}-{option.code}">'
        yield from (pen.text(option.text), "</th>")
    yield '</tr></thead><tbody role="rowgroup">'
    yield from pen.ordered(asked.rows, lambda row: _row(pen, question, asked, row), shuffle=asked.shuffle)
    yield "</tbody></table>"


def _row(pen: Pen, question: Question, asked: asking.Matrix, row: asking.Row) -> Parts:
    item = f"{question.code}.{row.code}"
    yield f'<tr role="row"><th scope="row" role="rowheader" id="q-{item}">'
    yield from (pen.text(row.text), "</th>")
    for option in asked.options:
        apart = ' class="apart"' if option.role else ""
        named = f'aria-labelledby="q-{item} q-{question.code}-{option.code}"'
        yield f'<td role="cell"{apart}><label><input type="radio" name="{item}" value="{option.code}" {named}'
        yield from (_checked(item, option.code), _missing(question.code, item), "><span>")
        yield from (pen.text(option.text), "</span></label></td>")
    yield "</tr>"


def _ranking(pen: Pen, question: Question, asked: asking.Ranking) -> Parts:
    most = asked.most or len(asked.options)
    yield '<div class="places">'
    yield from pen.ordered(
        asked.options, lambda option: _place(pen, question, option, most), shuffle=asked.shuffle
    )
    yield "</div>"


def _place(pen: Pen, question: Question, option: Option, most: int) -> Parts:
    key = f"{question.code}.{option.code}"
    yield f'<div class="place"><label for="q-{key}">'
    yield from (pen.text(option.text), f'</label><select id="q-{key}" name="{key}"')
    yield from (_invalid(question.code), '><option value="">', escape(_("no place")), "</option>")
    for place in range(1, most + 1):
        yield from (f'<option value="{place}"', _selected(key, str(place)), f">{place}</option>")
    yield "</select></div>"


def _field(question: Question, attributes: str) -> Parts:
    yield f'<input id="q-{question.code}" name="{question.code}" {attributes} autocomplete="off"'
    yield from (_described(question), _invalid(question.code), ' value="', _value(question.code), '">')


def _number(pen: Pen, question: Question, asked: asking.Number) -> Parts:
    mode = "decimal" if asked.decimals else "numeric"
    yield '<div class="amount">'
    yield from _field(question, f'class="short" type="text" inputmode="{mode}" maxlength="40"')
    if asked.unit:
        yield from ("<span>", pen.text(asked.unit), "</span>")
    yield "</div>"


def _day(pen: Pen, question: Question, asked: asking.Day) -> Parts:
    limits = {"min": asked.least, "max": asked.most}
    told = " ".join(f'{name}="{day.isoformat()}"' for name, day in limits.items() if day)
    yield from _field(question, f'class="date" type="date" {told}')


def _short(pen: Pen, question: Question, asked: asking.ShortText) -> Parts:
    yield from _field(question, 'type="text"')


def _long(pen: Pen, question: Question, asked: asking.LongText) -> Parts:
    yield f'<textarea class="tall" id="q-{question.code}" name="{question.code}" rows="4"'
    yield from (_described(question), _invalid(question.code), ">", _typed(question.code), "</textarea>")


def _typed(name: str) -> Slot:
    """What was typed in several lines: a browser drops the first line end."""
    return lambda view: escape("\n" + next(iter(view.raw[name]), "")) if view.raw.get(name) else ""


def _upload(pen: Pen, question: Question, asked: asking.Upload) -> Parts:
    code, remove = question.code, escape(_("Remove this file"))
    accept = ",".join(f".{ending}" for ending in UPLOADS if ending in files.KINDS)

    def there(view: View) -> str:
        digest = next(iter(view.raw.get(code, ())), "")
        if digest not in view.files:
            return ""
        return (
            f'<p>{escape(view.files[digest])}</p><input type="hidden" name="{code}" value="{escape(digest)}">'
            f'<label class="opt"><input type="checkbox" name="{code}-remove" value="1"><span>{remove}</span>'
            "</label>"
        )

    yield there
    yield f'<input type="file" id="q-{code}" name="{code}-file" accept="{accept}"'
    yield from (_described(question), _invalid(code), ">")


_LABELLED = {asking.Number, asking.Day, asking.ShortText, asking.LongText, asking.Upload}
_KINDS: Mapping[type[Any], Callable[[Pen, Question, Any], Parts]] = {
    asking.Single: _single,
    asking.Multiple: _multiple,
    asking.Matrix: _matrix,
    asking.Rating: _rating,
    asking.Recommendation: _rating,
    asking.Number: _number,
    asking.Day: _day,
    asking.ShortText: _short,
    asking.LongText: _long,
    asking.Ranking: _ranking,
    asking.YesNo: _yesno,
    asking.Upload: _upload,
}
