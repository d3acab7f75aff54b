"""How long it takes to answer a questionnaire."""

from __future__ import annotations

from merilo.surveys.rules.definition import Definition

# Seconds by kind of question; a matrix takes its seconds for each row. Rules of thumb, rounded upwards.
SECONDS = {
    "matrix": 6,
    "long": 40,
    "short": 15,
    "ranking": 25,
    "file": 60,
    "multiple": 12,
    "number": 12,
    "date": 12,
}
USUAL = 8


def minutes(definition: Definition) -> int:
    """Whole minutes for somebody who answers everything, at least one."""
    seconds = sum(
        SECONDS.get(question.kind, USUAL) * len(question.items) for question in definition.questions()
    )
    return max(1, -(-seconds // 60))
