"""What of a frozen report may leave the organisation: of each chosen part, what its chapter shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from merilo.assessment.reporting.texts import part_of

Row = dict[str, Any]
# The parts that must all be chosen, and the keys that then leave. A key that stands nowhere stays inside.
Keys = tuple[tuple[str, str], ...]

CONTENT: Keys = (("", "format language framework"), ("results", "scale totals"), ("change", "previous"))
ASSESSMENT: Keys = (("", "title period_from period_until"), ("introduction", "scope"))
METHOD: Keys = (("", "code title"), ("results", "components"), ("annexes", "description scales"))
PANEL: Keys = (("", "code title mean mean_of_items"), ("change", "before"))
CRITERION: Keys = (
    ("", "code panel title short"),
    ("results", "mean lowest highest"),
    ("results change", "before change"),
)
ITEM: Keys = (
    ("", "code title short"),
    ("results", "values score"),
    ("results change", "before change"),
    ("findings results", "justification no_score_reason"),
    ("findings annexes", "evidence"),
)
TEXTS: Keys = (("findings", "strengths areas dissents"), ("measures", "ideas"))
SEAT: Keys = (("", "name function position unit"),)
TRAINING: Keys = (("", "title from until lecturer participants"),)
EVIDENCE: Keys = (("", "number title kind year uses"),)


def filtered(content: Row, parts: Collection[str]) -> Row:
    """A new content of what the chosen parts show; what belongs to no chosen part is absent, not empty.

    Statements leave without the count of those who wrote them, differing opinions without names.
    """
    chosen = set(parts)

    def pick(row: Row, keys: Keys) -> Row:
        names = [one for needed, ones in keys if chosen >= {*needed.split()} for one in ones.split()]
        return {name: row[name] for name in names}

    def picked(rows: Iterable[Row], keys: Keys) -> list[Row]:
        return [pick(row, keys) for row in rows]

    def item_of(item: Row) -> Row:
        texts = {key: [{"text": row["text"]} for row in rows] for key, rows in pick(item, TEXTS).items()}
        return pick(item, ITEM) | texts

    lists = {
        "results": {"panels": picked(content["panels"], PANEL)},
        "group": {
            "group": picked(content["group"], SEAT),
            "trainings": picked(content["trainings"], TRAINING),
        },
        "annexes": {"evidence": picked(content["evidence"], EVIDENCE)},
    }
    order = content["documents"].get("order") if "introduction" in chosen else None
    return {
        **pick(content, CONTENT),
        "assessment": pick(content["assessment"], ASSESSMENT),
        "organisation": {"name": content["organisation"]["name"]},
        "method": pick(content["method"], METHOD),
        "documents": {"order": order} if order else {},
        "sections": {key: text for key, text in content["sections"].items() if part_of(key) in chosen},
        "criteria": [
            pick(criterion, CRITERION) | {"items": [item_of(item) for item in criterion["items"]]}
            for criterion in content["criteria"]
        ],
        **{key: rows for part, named in lists.items() if part in chosen for key, rows in named.items()},
    }
