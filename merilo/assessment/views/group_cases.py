"""One item of a written case as the group scored it: the spread of each round beside the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.assessment.rules.calibration import distance
from merilo.assessment.rules.rounds import Tally
from merilo.assessment.views.agreement_item import axis_of
from merilo.assessment.views.cases import CasePart, shown
from merilo.web import charts, drawings
from merilo.web.charts import Drawing


@dataclass(frozen=True, slots=True)
class PartOfGroup:
    """One value of a scale: what the group gave, and the reference with its reason."""

    title: str
    group: str
    points: int
    why: str


class GroupPart(CasePart):
    """An item of the case with what each round of the group found for it."""

    rounds: Sequence[Tally] = ()
    own: str = ""
    own_reason: str = ""

    @property
    def last(self) -> Tally:
        """The round that was shown last."""
        return self.rounds[-1]

    def middle(self) -> Decimal | None:
        """The median of the last round; of two middle values their mean."""
        spread = self.last.spread
        return None if spread is None else (spread.median.low + spread.median.high) / 2

    def reference(self) -> str:
        """The score of the reference as the page writes it."""
        return shown(self.right)

    def verdict_of_group(self) -> str:
        """How far the middle of the group lies from the reference, in words."""
        middle = self.middle()
        if middle is None:
            return ""
        return {
            "close": _("The middle of the group is close to it: differences of this size are usual."),
            "above": _("The middle of the group is somewhat higher. Which fact counted for more?"),
            "below": _("The middle of the group is somewhat lower. Which fact counted for less?"),
            "far_above": _("The middle of the group is much higher. Look first at what is not proved."),
            "far_below": _("The middle of the group is much lower. Look first at what is proved."),
        }[distance(self.scale, middle, self.right)]

    def drawing(self) -> Drawing:
        """The scores of the last round as equal dots."""
        found, words = self.last, drawings.words()
        middle = (found.spread.median.low, found.spread.median.high) if found.spread else ()
        bands = self.scale.bands if not self.scale.components else ()
        chart = charts.Dots(
            title=_("Scores of the group, %(code)s") % {"code": self.code},
            description=_("Scores from low to high: %(scores)s")
            % {"scores": "; ".join(words.number(score) for score in found.scores)},
            scores=found.scores,
            middle=middle,
            bands=[band.phase.in_language(get_language() or "") for band in bands],
            scale=axis_of(self.scale),
        )
        return charts.dots(chart, words=words)

    def both(self) -> list[PartOfGroup]:
        """The group's values from low to high beside the reference and its reason, value by value."""
        return [
            PartOfGroup(title, _range(self.last.parts.get(code, ())), points, why)
            for code, title, points, why in self.reasons()
        ]


def _range(values: Sequence[int]) -> str:
    if not values:
        return "–"
    return str(values[0]) if values[0] == values[-1] else f"{values[0]}–{values[-1]}"
