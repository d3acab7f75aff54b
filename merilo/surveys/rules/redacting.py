"""What in an open answer looks as if it told who somebody is. It only proposes; a person decides.

Patterns of Bulgarian and, in part, English: e-mail and web addresses, personal and telephone numbers, streets
and blocks, names. Too many proposals cost a click, one too few may cost somebody's anonymity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "link", "number", "phone", "address", "name"]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, from `start` up to `end`, and what it looks like."""

    start: int
    end: int
    kind: str


_UPPER, _LOWER = "А-ЯЍA-Z", "а-яѝa-z"
_WORD = rf"[{_UPPER}][{_LOWER}]+(?:-[{_UPPER}][{_LOWER}]+)?"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>„“”\"]+", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{10}(?!\d)")
_DATE = r"(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d))"
_PHONE = re.compile(rf"(?<![\d.,]){_DATE}(?:(?:\+|00)\s?\d{{1,3}}|0)(?:[\s\-/.()]{{0,2}}\d){{7,10}}(?!\d)")
_HOUSE = r"(?:(?:бл|вх|ет|ап)\.?\s?№?\s?\d{1,4}[а-яa-z]?\b|(?:бл|вх)\.?\s?[А-Я]\b)"
_STREET = re.compile(
    r"\b(?:(?i:ул|бул|пл|кв|ж\.\s?к|м|с|гр)\.|(?i:жк|улица|булевард|площад|квартал|улицата|квартала|булеварда))"
    rf"\s*[„“\"]?(?:\d{{1,2}}[-\s])?[{_UPPER}][\w.-]*(?:\s+[{_UPPER}][\w-]*){{0,3}}[“”\"]?"
    rf"(?:,?\s*(?:№|No\.?|N)?\s?\d{{1,4}}[а-яa-z]?\b)?(?:,?\s*{_HOUSE})*"
)
_BLOCK = re.compile(
    rf"\b(?:бл\.?|вх\.)\s?(?:№?\s?\d{{1,4}}[а-яa-z]?|[А-Я])\b(?:,?\s*{_HOUSE})*", re.IGNORECASE
)
_ENGLISH_STREET = re.compile(
    r"\b\d{1,4},?\s(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Square)\b\.?"
    r"|\b(?:[A-Z][a-z]+\s){1,3}(?:Street|Road|Avenue|Boulevard)(?:,?\s\d{1,4})?"
)
_TITLED = re.compile(
    r"\b(?i:г-н|г-жа|г-ца|г-на|господин|госпожа|госпожица|господина|д-р|инж\.|арх\.|проф\.|доц\.|адв\.|"
    r"леля|чичо|бай|баба|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?)\s?"
    rf"(?:{_WORD}|[{_UPPER}]\.)(?:\s?(?:{_WORD}|[{_UPPER}]\.)){{0,2}}"
)
_INITIAL = re.compile(rf"\b[{_UPPER}]\.\s?(?:[{_UPPER}]\.\s?)?{_WORD}")
_RUN = re.compile(rf"{_WORD}(?:\s{_WORD}){{0,2}}")
_PAIR = re.compile(r"\b(\w{3,})\s(\w{4,})\b")
_SURE = re.compile(r"(?:[оеё]в|[оеё]ва|ov|ev|ova|eva)\Z")  # endings of surnames that few other words have
_LIKELY = re.compile(r"(?:ски|шки|чки|ска|шка|чка|ски|ин|ина|ян|ова|ева|ов|ев|[oe]v|[oe]va|ski|ska)\Z")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_NAME = _listed(
    """готов готова здрав здрава нов нова такъв такава какъв каква първа първи дванадесетов основа глава
    слова права права нива снова двадесетова става отговорна държава реч става обработва остава дава отново
    такива други какви няколкова"""
)
_FIRST_NAMES = _listed(
    """александър александра ана анастасия ангел ангелина андрей анелия антоанета антон асен атанас биляна
    бисер бисерка богдан божидар бойко борис борислав борислава ваня васил василка венета венцислав вера
    веселин веселина весела виктор виктория виолета владимир владислав вяра галина галя ганка гергана георги
    гинка господин даниел даниела дарина деница десислава детелин диана димитър димитрина димчо добромир
    донка дора евгени евгения екатерина елена елица емил емилия жана живко жечко златка златко ивайло иван
    иванка ивелина иво илиана илия илиян ирена ирина йоана йордан йорданка калин калина калоян камелия
    катерина катя кирил кольо константин красимир красимира крум лиляна лозан людмил людмила любен любомир
    магдалена маргарита марин марина мария мариана мартин мая милен милена мими мирослав мирослава митко
    михаил моника надежда надя невена недялка недялко нели никола николай николина огнян павел петко петър
    петя пламен пенка радка радослав радостина ралица рая росен росица румен румяна светла светлана светлозар
    светослав севдалина силвия симеон симона славка славчо снежана соня спас станимир станислав стела стефан
    стефка стоил стоян стоянка таня теодор теодора тихомир тодор тодорка тони тошко фани филип христина
    христо цветан цветана цветелина цветка цонка цонко чавдар юлия юлиян ясен янка янко яна
    айше али ахмед емине зейнеп исмаил мехмед мустафа хасан хатидже фатме юсеин
    alexander anna andrew david elena elizabeth emma george ivan james john joseph katherine laura maria
    martin mary michael nikolay paul peter petar robert sarah stefan thomas william georgi dimitar hristo"""
)


def proposed(text: str) -> tuple[Span, ...]:
    """Parts that look like something personal, in their order, none over another.

    >>> [(span.kind, "Пишете на И. Петров, 0888 123 456"[span.start:span.end])
    ...  for span in proposed("Пишете на И. Петров, 0888 123 456")]
    [('name', 'И. Петров'), ('phone', '0888 123 456')]
    """
    taken: list[Span] = []
    for span in _found(text):
        if all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
    return tuple(sorted(taken, key=lambda span: span.start))


def redacted(text: str, spans: Iterable[Span], word: Callable[[str], str]) -> str:
    """The text with `word(kind)` in place of each span; neighbours that say the same are said once.

    >>> redacted("Иван, 0888123456", [Span(0, 4, "name"), Span(6, 16, "phone")], lambda kind: f"[{kind}]")
    '[name], [phone]'
    """
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        text = text[: span.start] + word(span.kind) + text[span.end :]
    return text


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """The text cut at the spans: each piece with its kind, "" between them.

    >>> list(pieces("ab cd", [Span(3, 5, "hit")]))
    [('ab ', ''), ('cd', 'hit')]
    """
    place = 0
    for span in spans:
        if span.start > place:
            yield text[place : span.start], ""
        yield text[span.start : span.end], span.kind
        place = span.end
    if place < len(text):
        yield text[place:], ""


def _found(text: str) -> Iterator[Span]:
    """What each pattern finds, the surest first."""
    yield from _all(_EMAIL, text, "email")
    yield from _all(_LINK, text, "link")
    for match in _TEN_DIGITS.finditer(text):
        if is_personal_number(match[0]) or not match[0].startswith("0"):
            yield Span(match.start(), match.end(), "number")
    yield from _all(_PHONE, text, "phone")
    for pattern in (_STREET, _BLOCK, _ENGLISH_STREET):
        yield from _all(pattern, text, "address")
    yield from _names(text)


def _all(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Span]:
    return (Span(match.start(), match.end(), kind) for match in pattern.finditer(text))


def is_personal_number(digits: str) -> bool:
    """Whether ten digits hold the check digit of a Bulgarian personal number (ЕГН).

    >>> is_personal_number("7523169263"), is_personal_number("7523169264")
    (True, False)
    """
    weights = (2, 4, 8, 5, 10, 9, 7, 3, 6)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))
    return total % 11 % 10 == int(digits[9])


def _names(text: str) -> Iterator[Span]:
    yield from _all(_TITLED, text, "name")
    yield from _all(_INITIAL, text, "name")
    for match in _RUN.finditer(text):
        yield from _in_run(match)
    for match in _PAIR.finditer(text):  # typed without capitals
        if match[1].casefold() in _FIRST_NAMES and _SURE.search(match[2].casefold()):
            yield Span(match.start(), match.end(), "name")


def _in_run(match: re.Match[str]) -> Iterator[Span]:
    """The name in a run of capitalised words: from the first name on, or all of it where one is a surname."""
    words = [(match.start() + word.start(), word[0]) for word in re.finditer(r"\S+", match[0])]
    known = [start for start, word in words if word.casefold() in _FIRST_NAMES]
    if known or any(_is_surname(word, alone=len(words) == 1) for _, word in words):
        yield Span(known[0] if known else match.start(), match.end(), "name")


def _is_surname(word: str, *, alone: bool) -> bool:
    small = word.casefold()
    return small not in _NO_NAME and bool((_SURE if alone else _LIKELY).search(small))
