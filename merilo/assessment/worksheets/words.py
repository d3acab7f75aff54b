"""What stands in the way of taking a table, in words that name sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from merilo.core.cells import Problem
from merilo.core.workbooks import place


def sentence(problem: Problem) -> str:
    """What is wrong there, and what is expected."""
    return _SENTENCES[problem.key](problem)


def _said(words: Callable[[], str]) -> Callable[[Problem], str]:
    return lambda problem: words() % _values(problem)


def _values(problem: Problem) -> Mapping[str, Any]:
    values = dict(problem.params)
    if problem.key == "not_whole":
        values["value"] = str(values["value"]).replace(".", str(get_format("DECIMAL_SEPARATOR")))
    return values


def _merged(problem: Problem) -> str:
    params = _values(problem)
    first = place(problem.row or 0, problem.column or 0)
    words = _(
        "The cells %(first)s:%(last)s are merged. Split them, so that it is clear to what each belongs."
    )
    return words % {"first": first, "last": place(params["last_row"], params["last_column"])}


_SENTENCES: dict[str, Callable[[Problem], str]] = {
    "not_whole": _said(lambda: _("“%(value)s” is no whole number. Enter one from %(low)s to %(high)s.")),
    "no_number": _said(lambda: _("“%(value)s” is no number. Enter a whole number from %(low)s to %(high)s.")),
    "out_of_scale": _said(
        lambda: _("%(value)s is outside the scale. Enter a whole number from %(low)s to %(high)s.")
    ),
    "no_value": _said(lambda: _("The cell holds a formula without a value. Write the value itself.")),
    "no_yes_no": _said(lambda: _("“%(value)s” is neither “yes” nor “no”. Choose one from the list.")),
    "merged": _merged,
    "no_code": _said(
        lambda: _("The row has entries but no number of a sub-criterion. Write the number or remove the row.")
    ),
    "unknown_code": _said(
        lambda: _("There is no sub-criterion “%(code)s”. Correct the number or remove the row.")
    ),
    "twice": _said(lambda: _("Sub-criterion %(code)s stands here a second time. Keep one of the two rows.")),
    "column_missing": _said(
        lambda: _("The column “%(title)s” is missing. Give it back its title, or download the table again.")
    ),
    "score_and_cannot": _said(lambda: _("Give the points or say that you cannot judge, not both.")),
    "no_reason": _said(lambda: _("Write in a few words why you cannot judge.")),
    "ready_without_score": _said(
        lambda: _("Give a score or say that you cannot judge before you mark it as ready.")
    ),
    "half_score": _said(lambda: _("The score is half filled in: give all its parts or none.")),
    "reason_too_long": _said(
        lambda: _("The reason has %(length)s characters; at most %(longest)s are possible.")
    ),
    "line_too_long": _said(
        lambda: _(
            "Line %(line)s has %(length)s characters; at most %(longest)s are possible. Make several of it."
        )
    ),
    "too_many_lines": _said(
        lambda: _("There are %(count)s lines; at most %(most)s are possible. Join some of them.")
    ),
    "sheet_passed_over": _said(lambda: _("The sheet has no table of sub-criteria and was passed over.")),
    "columns_passed_over": _said(lambda: _("The columns that are not part of the table were passed over.")),
}
