"""One item of a written case for a page: its facts, the form to score it, the reference beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from merilo.assessment import words
from merilo.assessment.forms.practice import PracticeForm
from merilo.assessment.rules import calibration, scoring
from merilo.core.numbers import display
from merilo.framework.cases import CaseItem
from merilo.framework.catalogue import Framework, Scale, Text
from merilo.web import drawings
from merilo.web.items import Link


class CasePart:
    """One item of a case for the page: its facts, the form, and once scored the reference beside it."""

    def __init__(
        self,
        framework: Framework,
        item: CaseItem,
        method: str,
        data: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self._item, self._method = item, method
        self.scale: Scale = framework.scale_for(item.code, method)
        prefix = f"item-{item.code.replace('.', '-')}"
        self.form = PracticeForm(data, scale=self.scale, prefix=prefix, initial=dict(initial or {}))
        self.code = item.code
        self.title = _said(framework.item(item.code).title)
        self.asks = _said(framework.item(item.code).asks)
        self.facts = [_said(fact) for fact in item.facts]
        self.years = item.years
        self.rows = [(_said(row.measure), row.values, row.target, row.others) for row in item.rows]
        self.mistakes = [_said(text) for text in item.mistakes]
        self.questions = [_said(text) for text in item.questions]

    @property
    def errors(self) -> list[Link]:
        """What is wrong in the form, under the number of the item: a case has several with the same words."""
        return [replace(error, text=f"{self.code}: {error.text}") for error in self.form.error_links]

    def bands(self) -> list[dict[str, Any]]:
        """The wordings of the scale, under the name of the part they stand for where parts differ."""
        own = [part for part in self.scale.components if part.bands]
        groups = [("", self.scale.bands)] if self.scale.bands else []
        groups += [(_said(part.title), part.bands) for part in own]
        return [
            {"title": title, "rows": [(f"{b.low}–{b.high}", _said(b.phase), _said(b.text)) for b in bands]}
            for title, bands in groups
        ]

    def compared(self) -> list[dict[str, Any]]:
        """Own points, the reference and its reasons, value by value."""
        given = self.form.values()
        return [
            {"title": title, "own": given[code], "points": points, "why": why}
            for code, title, points, why in self.reasons()
        ]

    def reasons(self) -> list[tuple[str, str, int, str]]:
        """The reference value by value: code and name of the value, its points and why."""
        return [
            (part.component, self._name(part.component), part.points, _said(part.why))
            for part in self._item.references[self._method]
        ]

    def verdict(self) -> dict[str, str]:
        """Both scores and the distance between them in words."""
        own, right = scoring.score_of(self.scale, self.form.values()), self.right
        return {
            "own": shown(own),
            "reference": shown(right),
            "words": _far(calibration.distance(self.scale, own, right)),
        }

    @property
    def right(self) -> Decimal:
        """The score of the reference."""
        reference = {part.component: part.points for part in self._item.references[self._method]}
        return scoring.score_of(self.scale, reference)

    def reason(self) -> str:
        """What the reader gave as the reason."""
        return str(self.form.cleaned_data["justification"])

    def _name(self, component: str) -> str:
        return _("Score") if component == scoring.SINGLE else _said(self.scale.component(component).title)


def shown(value: Decimal) -> str:
    """A score as the page writes it."""
    return display(value, mark=drawings.words().mark)


def _said(text: Text) -> str:
    return text.in_language(words.language())


def _far(distance: calibration.Distance) -> str:
    return {
        "close": _("Your score is close to the reference: differences of this size are usual."),
        "above": _("Your score is somewhat higher than the reference. Which fact counted for more with you?"),
        "below": _("Your score is somewhat lower than the reference. Which fact counted for less with you?"),
        "far_above": _("Your score is much higher than the reference. Look first at what is not proved."),
        "far_below": _("Your score is much lower than the reference. Look first at what is proved."),
    }[distance]
