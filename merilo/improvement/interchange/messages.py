"""What is said of the cells of a table, in words that say what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from merilo.core.cells import Problem
from merilo.improvement.interchange.fields import PARTS, TERM, title
from merilo.improvement.rules.reading import as_text
from merilo.improvement.words import day

Said = dict[str, Callable[[], str]]

# Of a table of somebody else: nothing stands in the way, all of it is kept as words.
_IMPORTED: Said = {
    "no_value": lambda: _("The cell holds a formula without a value, or characters that cannot be shown."),
    "words_too_long": lambda: _(
        "What belongs into the explanation has %(length)s characters; at most %(most)s are possible. "
        "Shorten it in the table, or leave a column out."
    ),
    "text_shortened": lambda: _(
        "The text has %(length)s characters. It is shortened, the whole stands in the explanation."
    ),
    "text_too_long": lambda: _("The text has %(length)s characters; at most %(most)s are possible."),
    "outside_plan": lambda: _("The term reaches out of the plan’s (%(term)s)."),
    "outside_measure": lambda: _("“%(text)s” reaches out of the term of the measure (%(term)s)."),
    "too_long": lambda: _(
        "“%(text)s” has %(length)s characters; the field takes %(most)s. It stands in the explanation."
    ),
    "unknown_kind": lambda: _("“%(text)s” is no kind of measure. It stands in the explanation."),
    "unknown_code": lambda: _(
        "There is no sub-criterion %(codes)s in the model. What was written stands in the explanation."
    ),
    "no_code": lambda: _("“%(text)s” names no sub-criterion by its number. It stands in the explanation."),
    "no_whole_number": lambda: _("“%(text)s” is no whole number. It stands in the explanation."),
    "no_number": lambda: _("“%(text)s” is not clear as a number. It stands in the explanation."),
    "no_day": lambda: _("“%(text)s” is no day or period. It stands in the explanation."),
    "reversed": lambda: _("“%(text)s” ends before it begins. It stands in the explanation."),
    "same_deputy": lambda: _("The deputy would be the owner. The name stands in the explanation."),
    "unknown_person": lambda: _(
        "“%(text)s” is nobody of the organisation, or more than one. It stands with the participants."
    ),
    "no_indicator": lambda: _("“%(text)s” belongs to no indicator. It stands in the explanation."),
    "twice": lambda: _("“%(text)s” is an indicator of this measure already. It stands in the explanation."),
    "no_measure": lambda: _("“%(text)s” is no measure and is not taken over."),
}

# Of our own workbook: the field is not taken as long as its cell is not corrected.
_EDITED: Said = {
    "needed": lambda: _("The cell is empty, and the field must not be."),
    "too_long": lambda: _("The text has %(length)s characters; at most %(most)s are possible."),
    "unknown_code": lambda: _("There is no sub-criterion %(codes)s in the model."),
    "no_code": lambda: _("“%(text)s” is no list of sub-criteria. Write their numbers: 1.2, 6.1"),
    "unknown_choice": lambda: _("“%(text)s” is none of the kinds. Choose one from the list."),
    "unknown_name": lambda: _("“%(text)s” is nobody of the organisation. Choose from the list."),
    "unknown_unit": lambda: _("“%(text)s” is no unit of the organisation. Write one a line."),
    "unknown_step": lambda: _("“%(text)s” is no activity of the file. Write their numbers: 2.1; 3.4"),
    "step_itself": lambda: _("The activity would begin after itself. Take its own number out."),
    "step_circle": lambda: _(
        "“%(text)s” waits for this activity, directly or through others. Each would wait for the other."
    ),
    "no_single_day": lambda: _("“%(text)s” is no day. Write it like 30.06.2027"),
    "no_figure": lambda: _("“%(text)s” is no number, or not clear as one."),
    "too_exact": lambda: _("“%(text)s” has more decimals than the %(places)s that are kept."),
    "no_whole_number": lambda: _("“%(text)s” is no whole number."),
    "out_of_range": lambda: _("%(title)s: from 0 to %(most)s; the cell holds %(text)s."),
    "reversed": lambda: _("The end is before the beginning."),
    "not_edited": lambda: _("This cell only says which row it is. “%(text)s” is not taken over."),
    "no_yes_no": lambda: _("“%(text)s” is neither “yes” nor “no”. Choose one from the list."),
    "joined": lambda: _("The cell is merged with others. Split them: what belongs where is not clear."),
    "no_value": lambda: _("The cell holds a formula without a value, or characters that cannot be shown."),
    "sheet_missing": lambda: _("The sheet is missing in the file. Nothing of it changes."),
    "column_missing": lambda: _("The column “%(title)s” is missing. Without it this cannot be taken."),
    "column_left_out": lambda: _("The column “%(title)s” is missing in the file. Nothing of it changes."),
    "columns_passed_over": lambda: _("This column is none of the plan’s and was passed over."),
    "row_twice": lambda: _("The row %(key)s stands here a second time. Keep one of them."),
    "no_measure_named": lambda: _("The row does not say to which measure it belongs. Write its number."),
}


def of_import(problem: Problem) -> str:
    """What becomes of a cell of somebody's table."""
    params = dict(problem.params)
    days = [one for name in TERM if isinstance(one := params.get(name), date)]
    if days:
        params["term"] = " – ".join(map(day, days))
    return _IMPORTED[problem.key]() % params


def of_edit(problem: Problem) -> str:
    """Why a cell of our own workbook is not taken."""
    params = dict(problem.params)
    if "name" in params:
        params["title"] = _title(str(params["name"]))
    if "value" in params:
        params["text"] = _figure(params["value"])
    if "most" in params:
        params["most"] = _figure(params["most"])
    return _EDITED[problem.key]() % params


def _title(name: str) -> str:
    return next(title(part.key, name) for part in PARTS if name in part.columns())


def _figure(value: object) -> str:
    """A number as people write it here."""
    return number_format(as_text(Decimal(str(value))), force_grouping=True)
