"""Every sentence about what an imported file lost, by its code; whoever shows them translates them first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from merilo.framework.messages import gettext_noop
from merilo.surveys.interchange.losses import Loss, Place

LOSSES: Mapping[str, str] = {
    # the whole
    "language_unknown": gettext_noop(
        "The language “%(name)s” is not known by this name; it is entered as “%(code)s”."
    ),
    "language_guessed": gettext_noop("The file does not say its language; “%(code)s” is assumed."),
    "named_for_files": gettext_noop("The survey asks for files and is therefore set to “with names”."),
    "all_in_one": gettext_noop("All questions stood on one page; here each group is a page."),
    "setting": gettext_noop("The setting “%(name)s” is not carried over: %(value)s"),
    "mails": gettext_noop("The texts of e-mails are not carried over."),
    "assessment": gettext_noop("The assessment rule “%(name)s” is not carried over."),
    "table_left": gettext_noop("This table is not carried over (entries: %(rows)s)."),
    "sheet_left": gettext_noop("This sheet is not part of the questionnaire and is not carried over."),
    # columns and rows of a sheet
    "column_twice": gettext_noop("The column “%(column)s” stands twice; the second is not read."),
    "column_without_heading": gettext_noop("Column number %(column)s has no heading and is not read."),
    "column_left": gettext_noop("The column “%(column)s” is not carried over."),
    "cell_left": gettext_noop("The entry in the column “%(column)s” is not carried over: %(value)s"),
    "no_value": gettext_noop("The formula in column number %(column)s has no value and is not read."),
    "disabled": gettext_noop("The row is switched off and is not carried over."),
    "no_type": gettext_noop("The row has no type and is not carried over: %(value)s"),
    "end_without_begin": gettext_noop("A group ends here that did not begin; the row is not read."),
    "group_without_end": gettext_noop("The group does not end; it is taken to last until the end."),
    "groups_too_deep": gettext_noop(
        "Groups lie more than %(limit)s levels deep; this one is not read as a group."
    ),
    "repeat": gettext_noop("The group is repeated there (“%(type)s”); here its questions are asked once."),
    # texts
    "no_text": gettext_noop("There is no text; the name “%(name)s” stands in its place."),
    "not_in_main": gettext_noop(
        "There is no text in the main language (%(language)s); another stands in its place."
    ),
    "markup": gettext_noop("Parts of the text that are not text are left out: %(tags)s"),
    "formatting": gettext_noop("The formatting of the text is left out; the words are all there."),
    "repeated": gettext_noop("“%(source)s” in the text cannot be filled in here; “…” stands in its place."),
    "script": gettext_noop("The script of the question is left out."),
    # questions
    "renamed": gettext_noop(
        "The name “%(name)s” cannot be used here, or is used already; it is now “%(code)s”."
    ),
    "about_device": gettext_noop(
        "“%(type)s” records something about the device or the person; left out: %(name)s"
    ),
    "map": gettext_noop("Places on a map are not asked for here (“%(type)s”); left out: %(name)s"),
    "computed": gettext_noop("Computed values are not carried over (“%(type)s”); left out: %(name)s"),
    "unknown_type": gettext_noop("There is no question of the type “%(type)s” here; left out: %(name)s"),
    "hidden": gettext_noop("The question is hidden there; left out: %(name)s"),
    "language_switch": gettext_noop(
        "The language is changed at the top of each page here; left out: %(name)s"
    ),
    "table_left_out": gettext_noop("The table has too many fields to fill in; left out: %(name)s"),
    "cells": gettext_noop("The table became a question for each of its %(count)s fields."),
    "two_scales": gettext_noop("The table with two scales became two tables with the same rows."),
    "as_text": gettext_noop("“%(type)s” is asked for as a line of text."),
    "time_left_out": gettext_noop("Only the date is asked for, without the time."),
    "any_file": gettext_noop("A file of any kind is asked for, not only “%(type)s”."),
    "acknowledge": gettext_noop("The confirmation became a question with the single answer “OK”."),
    "comment_left": gettext_noop("The comment beside the answer is not asked for."),
    "required_sometimes": gettext_noop(
        "Required only under a condition; here it is not required: %(source)s"
    ),
    "rows_required": gettext_noop("Only some rows of the table are required; here none is."),
    "soft_mandatory": gettext_noop("The answer is asked for with a reminder there; here it is not required."),
    "constraint": gettext_noop("The check of the answer is not carried over: %(source)s"),
    "pattern": gettext_noop("The pattern for the answer is not carried over: %(source)s"),
    "default_value": gettext_noop("The answer filled in beforehand is left out: %(value)s"),
    "appearance": gettext_noop("The appearance “%(value)s” is not carried over."),
    "parameter": gettext_noop("The parameter “%(name)s” is not carried over: %(value)s"),
    "attribute": gettext_noop("The property “%(name)s” is not carried over: %(value)s"),
    # choices
    "no_list": gettext_noop("The list of options “%(list)s” is missing."),
    "list_unused": gettext_noop("No question uses the list of options “%(list)s”; it is not carried over."),
    "choice_filter": gettext_noop("All options are always shown; the filter is left out: %(source)s"),
    # conditions
    "condition": gettext_noop(
        "The condition cannot be expressed here; what it hid is always shown: %(source)s"
    ),
    "row_condition": gettext_noop(
        "The row “%(name)s” is always shown; its condition is left out: %(source)s"
    ),
    "never": gettext_noop("It is never shown there; here it is shown: %(source)s"),
    "random_pages": gettext_noop(
        "The pages stand in a fixed order; the random group “%(name)s” is left out."
    ),
    "quota_left": gettext_noop(
        "The quota (at most %(most)s) is switched off or empty and is not carried over."
    ),
}

# Where in the file.
PLACES: Mapping[str, str] = {
    "survey": gettext_noop("the whole survey"),
    "sheet": gettext_noop("sheet “%(name)s”"),
    "row": gettext_noop("sheet “%(name)s”, row %(row)s"),
    "question": gettext_noop("question “%(name)s”"),
    "page": gettext_noop("group “%(name)s”"),
    "quota": gettext_noop("quota “%(name)s”"),
    "table": gettext_noop("table “%(name)s”"),
}


def sentence(loss: Loss, translate: Callable[[str], str] = str) -> str:
    """What was changed or left out."""
    return translate(LOSSES[loss.code]) % loss.params


def where(place: Place, translate: Callable[[str], str] = str) -> str:
    """The place, such as "sheet “survey”, row 12"."""
    key = "row" if place.kind == "sheet" and place.row else place.kind
    return translate(PLACES[key]) % {"name": place.name, "row": place.row}


# The kinds of questions, as a person who chooses among them knows them.
KINDS: Mapping[str, str] = {
    "text": gettext_noop("text between questions"),
    "single": gettext_noop("one of several options"),
    "multiple": gettext_noop("several options"),
    "matrix": gettext_noop("table with rows"),
    "rating": gettext_noop("rating"),
    "nps": gettext_noop("recommendation, 0–10"),
    "number": gettext_noop("numeric answer"),
    "date": gettext_noop("date"),
    "short": gettext_noop("short text"),
    "long": gettext_noop("long text"),
    "ranking": gettext_noop("ranking"),
    "yesno": gettext_noop("yes or no"),
    "file": gettext_noop("file"),
}


def kind(code: object, translate: Callable[[str], str] = str) -> str:
    """A kind of question in words, "" for what is none."""
    return translate(KINDS[code]) if isinstance(code, str) and code in KINDS else ""
