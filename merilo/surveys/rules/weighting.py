"""Weights that bring a sample's shares to known totals (raking), and what they cost in precision.

Weights do not make volunteers a drawn sample; the unweighted number stays beside every weighted figure, and
the floor is held against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LEAST, MOST = 0.3, 3.0  # nobody counts for less or more people
ROUNDS = 200
CLOSE = 1e-9

Combination: TypeAlias = tuple[str, ...]  # one answer to each attribute: ("18–34", "woman")
Totals: TypeAlias = Mapping[str, float]  # answer -> people or share in the population


class CannotWeight(ValueError):
    """An answer that is asked for in the totals and was given by nobody, or the other way round."""

    def __init__(self, attribute: int, answer: str) -> None:
        super().__init__(f"{attribute}: {answer}")
        self.attribute = attribute
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of a person by combination, 1 on average.

    `effective` is the number of unweighted people that would be as precise; `gap` the largest difference left
    between a weighted share and the known one, more than nothing where limits keep weights back.
    """

    by_combination: Mapping[Combination, float]
    effective: float
    gap: float


def raked(
    counts: Mapping[Combination, int], totals: Sequence[Totals], *, least: float = LEAST, most: float = MOST
) -> Weights:
    """Weights for the people counted by combination, so that each attribute has the known shares.

    Each attribute in turn is brought to its shares, until nothing changes. Errors: CannotWeight.
    Source: W. E. Deming, F. F. Stephan, "On a Least Squares Adjustment of a Sampled Frequency Table When the
    Expected Marginal Totals Are Known", Annals of Mathematical Statistics 11 (1940); the effective number:
    L. Kish, "Survey Sampling" (1965).
    """
    people = {combination: count for combination, count in counts.items() if count}
    known = [_as_people(total, sum(people.values())) for total in totals]
    _check(people, known)
    weights = dict.fromkeys(people, 1.0)
    for _ in range(ROUNDS):
        before = weights
        for attribute, total in enumerate(known):
            weights = _brought(people, weights, attribute, total)
        weights = {combination: min(max(weight, least), most) for combination, weight in weights.items()}
        if all(abs(weights[combination] - before[combination]) < CLOSE for combination in people):
            break
    return Weights(weights, _effective(people, weights), _gap(people, weights, known))


def _as_people(total: Totals, base: int) -> dict[str, float]:
    """The totals in people of the sample."""
    whole = sum(total.values())
    return {answer: base * part / whole for answer, part in total.items() if part}


def _check(people: Mapping[Combination, int], known: Sequence[Totals]) -> None:
    for attribute, total in enumerate(known):
        given = {combination[attribute] for combination in people}
        if odd := given ^ total.keys():
            raise CannotWeight(attribute, min(odd))


def _sums(
    people: Mapping[Combination, int], weights: Mapping[Combination, float], attribute: int
) -> dict[str, float]:
    sums: dict[str, float] = {}
    for combination, count in people.items():
        answer = combination[attribute]
        sums[answer] = sums.get(answer, 0.0) + count * weights[combination]
    return sums


def _brought(
    people: Mapping[Combination, int], weights: Mapping[Combination, float], attribute: int, total: Totals
) -> dict[Combination, float]:
    sums = _sums(people, weights, attribute)
    factors = {answer: total[answer] / found for answer, found in sums.items()}
    return {combination: weight * factors[combination[attribute]] for combination, weight in weights.items()}


def _effective(people: Mapping[Combination, int], weights: Mapping[Combination, float]) -> float:
    total = sum(count * weights[combination] for combination, count in people.items())
    squares = sum(count * weights[combination] ** 2 for combination, count in people.items())
    return total * total / squares if squares else 0.0


def _gap(
    people: Mapping[Combination, int], weights: Mapping[Combination, float], known: Sequence[Totals]
) -> float:
    whole = sum(count * weights[combination] for combination, count in people.items())
    return max(
        (
            abs(found / whole - total[answer] / sum(total.values()))
            for attribute, total in enumerate(known)
            for answer, found in _sums(people, weights, attribute).items()
        ),
        default=0.0,
    )
