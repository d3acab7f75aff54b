"""Bulgarian in Latin letters by the Transliteration Act of 2009, and slugs made of it."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu",
    "я": "ya", "ѝ": "i",
}  # fmt: skip
# Letters of neighbouring alphabets that turn up in names; outside the Act, so that no slug loses them.
_NEIGHBOURS = {"ё": "yo", "ы": "y", "э": "e", "і": "i", "ї": "yi", "є": "ye", "ј": "j", "ђ": "dj", "ћ": "c"}
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_EXCEPTIONS = {"българия": "bulgaria"}
_LATIN = _LETTERS | _NEIGHBOURS
_WORD = re.compile(r"[^\W\d_]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def romanise(text: str) -> str:
    """The text with Bulgarian letters in Latin ones; everything else stays as it is.

    Source: Закон за транслитерацията (2009): letter by letter, word-final „ия“ as "ia",
    „България“ as "Bulgaria".

    >>> romanise("Велико Търново, България")
    'Veliko Tarnovo, Bulgaria'
    >>> romanise("Вилияна от СОФИЯ")
    'Viliyana ot SOFIA'
    """
    return _WORD.sub(lambda match: _romanise_word(match.group()), unicodedata.normalize("NFC", text))


def slug(text: str, *, limit: int = 60) -> str:
    """A name for addresses: lower-case Latin letters, digits and single hyphens, at most `limit` long.

    Empty when the text holds neither letters we know nor digits; the caller then chooses a name.

    >>> slug("Община Синьо бърдо: 2-ри цикъл")
    'obshtina-sinyo-bardo-2-ri-tsikal'
    """
    lower = romanise(text).lower()
    spelled = "".join(_GERMAN.get(letter, letter) for letter in lower)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return _shorten(_NOT_SLUG.sub("-", plain).strip("-"), limit)


def _romanise_word(word: str) -> str:
    lower = word.lower()
    if lower in _EXCEPTIONS:
        return _in_case_of(word, _EXCEPTIONS[lower])
    if lower.endswith("ия"):
        return _letters(word[:-2], word) + _letters(word[-2], word) + ("A" if word[-1].isupper() else "a")
    return _letters(word, word)


def _letters(part: str, word: str) -> str:
    return "".join(_letter(letter, word) for letter in part)


def _letter(letter: str, word: str) -> str:
    latin = _LATIN.get(letter.lower())
    if latin is None:
        return letter
    if not letter.isupper():
        return latin
    return latin.upper() if len(word) > 1 and word.isupper() else latin.capitalize()


def _in_case_of(word: str, latin: str) -> str:
    if word.isupper():
        return latin.upper()
    return latin.capitalize() if word[0].isupper() else latin


def _shorten(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    whole_words, _, _ = name[: limit + 1].rpartition("-")
    return whole_words or name[:limit]
