"""Joining two versions of one judgement: every line of both, and the score just given."""

from __future__ import annotations

from collections.abc import Sequence

from merilo.assessment.forms.sheets import CANNOT, JudgementForm
from merilo.assessment.models import LineKind

Fields = Sequence[tuple[str, str]]


def joined(mine: Fields, theirs: JudgementForm) -> list[tuple[str, str]]:
    """The fields of a form that says what both versions say; where both gave a score, mine stands."""
    fields = list(mine)
    if not _has_score(fields):
        fields = [pair for pair in fields if not pair[0].startswith("score-")] + _score_of(theirs)
    for kind in LineKind.values:
        fields += _missing_lines(kind, fields, theirs)
    named = {name for name, _value in fields}
    fields += [
        (f"example-{number}", tick)
        for number, tick in theirs.ticks.items()
        if f"example-{number}" not in named
    ]
    return fields


def _has_score(fields: Fields) -> bool:
    given = [value for name, value in fields if name.startswith("score-") and name != "score-reason"]
    return any(value.strip() for value in given)


def _score_of(form: JudgementForm) -> list[tuple[str, str]]:
    if form.cannot:
        name = "score-band" if form.is_in_bands else "score-cannot"
        return [(name, CANNOT), ("score-reason", form.reason)]
    if not form.is_in_bands:
        return [(f"score-{part.code}", part.typed) for part in form.parts if part.typed]
    row = next((row for row in form.bands if row.chosen), None)
    return [("score-band", row.index), (f"score-points-{row.index}", row.typed)] if row else []


def _missing_lines(kind: str, fields: Fields, theirs: JudgementForm) -> list[tuple[str, str]]:
    ids = {value for name, value in fields if name == f"{kind}-id"}
    texts = {value.strip() for name, value in fields if name == f"{kind}-text"}
    added: list[tuple[str, str]] = []
    for line in theirs.lines[kind]:
        if not line.text or line.text in texts:
            continue
        identity = f"{line.id[:37]}-b" if line.id in ids else line.id
        added += [(f"{kind}-id", identity), (f"{kind}-text", line.text)]
        added += [(f"{kind}-named", identity)] if line.named else []
    return added
