"""Remarks that say nearly the same: proposed as groups, for people to decide.

Two remarks are alike by the share of stems they have in common, so that word forms and order do not
matter. One that denies and one that does not are never alike, nor are remarks with different figures.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import TypeVar

from merilo.core.stems import denies, stems

ALIKE = 0.55  # cosine of the stem sets from which two remarks are proposed together
FEWEST = 2  # stems they must share
LONG = 6  # letters from which one wrong letter is forgiven
HEAD = 2  # first letters that must be right

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Gist:
    """What a remark is about."""

    stems: frozenset[str]
    denies: bool

    @property
    def figures(self) -> frozenset[str]:
        return frozenset(one for one in self.stems if one[0].isdigit())


def gist(text: str) -> Gist:
    """The stems of a remark and whether it says that something is missing."""
    return Gist(stems(text), denies(text))


def likeness(one: Gist, other: Gist) -> float:
    """From 0 (nothing in common) to 1 (the same stems)."""
    if one.denies != other.denies or _contradict(one.figures, other.figures):
        return 0.0
    shared = _shared(one.stems, other.stems)
    if shared < min(FEWEST, len(one.stems), len(other.stems)) or not shared:
        return 0.0
    return shared / sqrt(len(one.stems) * len(other.stems))


def _contradict(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _shared(one: frozenset[str], other: frozenset[str]) -> int:
    """How many stems both have, a wrong letter in long ones forgiven."""
    both = one & other
    slips = _slips(one - both, other - both)
    return len(both) + min(len({a for a, _b in slips}), len({b for _a, b in slips}))


def _slips(own: Iterable[str], others: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of long words that differ in one letter; only what begins alike is compared by letters."""
    heads: dict[str, list[str]] = {}
    for word in own:
        if len(word) >= LONG:
            heads.setdefault(word[:HEAD], []).append(word)
    if not heads:
        return []
    return [(a, b) for b in others if len(b) >= LONG for a in heads.get(b[:HEAD], ()) if _is_slip(a, b)]


def _is_slip(one: str, other: str) -> bool:
    """Whether two long words of the same beginning differ in one letter: wrong, missing or too many."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    pairs = enumerate(zip(short, long, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), len(short))
    skip = 1 if len(short) == len(long) else 0
    return short[same + skip :] == long[same + 1 :]


def groups(texts: Mapping[Key, str], *, alike: float = ALIKE) -> list[list[Key]]:
    """Keys of remarks that belong together, in the order given; each at most once, none alone.

    The likest pairs come together first, and a remark joins a group only if it is alike to all in it, so
    that no chain of half-alike remarks grows.
    """
    gists = {key: gist(text) for key, text in texts.items()}
    pairs = [(likeness(gists[a], gists[b]), a, b) for a, b in combinations(gists, 2)]
    near = {frozenset((a, b)) for value, a, b in pairs if value >= alike}
    found: dict[Key, set[Key]] = {key: {key} for key in gists}
    for value, a, b in sorted(pairs, key=lambda pair: -pair[0]):
        if value < alike:
            break
        if found[a] is found[b] or not _all_near(found[a], found[b], near):
            continue
        merged = found[a] | found[b]
        found |= dict.fromkeys(merged, merged)
    return _listed(list(gists), found)


def _all_near(one: set[Key], other: set[Key], near: set[frozenset[Key]]) -> bool:
    return all(frozenset((a, b)) in near for a in one for b in other)


def _listed(order: Sequence[Key], found: Mapping[Key, set[Key]]) -> list[list[Key]]:
    seen: set[Key] = set()
    made = []
    for key in order:
        if key not in seen and len(found[key]) > 1:
            made.append([one for one in order if one in found[key]])
        seen |= found[key]
    return made


def most_typical(texts: Mapping[Key, str]) -> Key:
    """The remark that is most like all others: a wording to begin with. The shortest of equal ones."""
    gists = {key: gist(text) for key, text in texts.items()}
    return max(
        gists,
        key=lambda key: (sum(likeness(gists[key], other) for other in gists.values()), -len(texts[key])),
    )
