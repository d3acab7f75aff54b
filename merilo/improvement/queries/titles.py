"""What the codes of a plan mean: titles of criteria and sub-criteria of the models it starts from."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import get_language

from merilo.assessment.api import framework_of
from merilo.improvement.models import Plan


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles by code in the order of the model; `above` says to which criterion a sub-criterion belongs."""

    items: dict[str, str] = field(default_factory=dict)
    criteria: dict[str, str] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)

    def of(self, code: str) -> str:
        """The code with its title, or the code alone."""
        return f"{code} {self.items.get(code, '')}".strip()

    def criterion_of(self, code: str) -> str:
        """The criterion of a sub-criterion; of an unknown one what stands before its point."""
        return self.above.get(code) or code.partition(".")[0]


def titles_of(plan: Plan) -> Titles:
    """Of all models of a plan's sources, the first taken first. One query."""
    sources = plan.sources.select_related("assessment__edition").defer("assessment__edition__content")
    found, language = Titles(), get_language() or ""
    for source in sources:
        for criterion in framework_of(source.assessment).criteria:
            found.criteria.setdefault(criterion.code, criterion.short.in_language(language))
            for item in criterion.items:
                found.items.setdefault(item.code, item.short.in_language(language))
                found.above.setdefault(item.code, criterion.code)
    return found
