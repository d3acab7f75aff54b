"""Stems of Bulgarian and English words: what is left when endings of inflection are taken off.

Not a linguist's stem: two forms of a word should give the same letters, two words different ones.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?", re.UNICODE)
_SHORTEST = 3  # letters that stay at least


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Longest first within each step. The definite article, then endings of number and gender, then the few
# suffixes in which forms of one word differ.
_BULGARIAN = (
    _listed("ищата овете евете ията ието иите ият ите ата ята ото ето ът ят та то те ия"),
    _listed("ища ове еве ии ия ие ва ват и а я о е у ю й ь"),
    _listed("ването ване уван яван аван ен ан ян ел ал ил ич"),
)
# Only after these is „та“ the article (областта, нощта, речта); else it is a stem in т with an ending, as in
# анкета, документа, бюджета.
_BEFORE_ARTICLE = {"та": "тщч"}
# Nouns in „-е“ whose plural ends in „-та“, which no rule can tell from a stem in т.
_NEUTER = {
    f"{noun}{ending}": noun[:-1]
    for noun in _listed("гише шосе парче момче момиче фоайе бюфе каре")
    for ending in ("", "то", "та", "тата")
}
_HARD = str.maketrans({"ц": "к", "ч": "к", "щ": "т", "ж": "г", "з": "г"})  # граждани, гражданка; полза, ползи
_ENGLISH = (_listed("'s"), _listed("ies ing edly ed es ly s"))
_COMMON = frozenset(
    _listed(
        """
        а ако без беше бе би бил в ви вие все всеки всички във го да до докато дори е за зад и из или им има
        ще как като когато който която което които към ли мен ме между ми много може му на над наш не нас ни
        него някои но нито о обаче от по повече под пред през при с са само се си след сме със така там те
        тези този това тя тяхната тях у че чрез я
        a an and are as at be been but by for from has have in into is it its not of on or our so than that
        the their them there they this those to was we were when which who will with
        """
    )
)
_DENIALS = frozenset(
    _listed("не няма нямаме нямат липсва липсват без никой недостатъчно no not never without lacks missing")
)


def words(text: str) -> list[str]:
    """Words and numbers in small letters, in order."""
    return _WORD.findall(text.casefold())


def stems(text: str) -> frozenset[str]:
    """The stems of what a text is about: without the words that every sentence has."""
    return frozenset(stem(word) for word in words(text) if word not in _COMMON and word not in _DENIALS)


def wanted(search: str) -> frozenset[str]:
    """The stems a search asks for; of a search of small words only, these."""
    return stems(search) or frozenset(map(stem, words(search)))


def matches(text: str, sought: frozenset[str]) -> bool:
    """Whether each of the stems is in the text, in any form of its word.

    >>> matches("Гишетата за граждани", wanted("гише гражданите"))
    True
    """
    return sought <= set(map(stem, words(text)))


def denies(text: str) -> bool:
    """Whether a text says that something is not there.

    >>> denies("Няма анкета за служителите"), denies("Има анкета за служителите")
    (True, False)
    """
    return any(word in _DENIALS for word in words(text))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one word in small letters; numbers stay as they are.

    >>> stem("служителите"), stem("служител"), stem("служителят")
    ('служит', 'служит', 'служит')
    """
    if word[0].isdigit():
        return word
    if word in _NEUTER:
        return _NEUTER[word]
    steps = _BULGARIAN if "а" <= word[0] <= "я" else _ENGLISH
    for endings in steps:
        word = _without(word, endings)
    return word[:-1] + word[-1].translate(_HARD)


def _without(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST and rest[-1] in _BEFORE_ARTICLE.get(ending, rest):
            return rest
    return word
