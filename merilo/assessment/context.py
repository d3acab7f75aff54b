"""What other rooms say beside a self-assessment: registered in `AppConfig.ready` of the rooms above."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from merilo.assessment.models import Assessment
from merilo.organisations.api import Viewer
from merilo.web.items import Link


@dataclass(frozen=True, slots=True)
class Known:
    """One section: its title with a sentence, and links to what it speaks of."""

    title: str
    text: str
    links: Sequence[Link]


Teller = Callable[[Viewer, Assessment], Iterable[Known]]
_tellers: list[Teller] = []


def contribute_context(teller: Teller) -> None:
    """`teller(viewer, assessment)` yields what its room knows that the assessors should, for this viewer."""
    _tellers.append(teller)


def known_of(viewer: Viewer, assessment: Assessment) -> Iterator[Known]:
    """What all rooms know."""
    for teller in _tellers:
        yield from teller(viewer, assessment)
