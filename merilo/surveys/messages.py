"""Every sentence about a questionnaire or an answer, by the code of its mistake, remark or fault.

Plain English with named placeholders; whoever shows them translates them first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from merilo.framework import messages
from merilo.framework.findings import Finding
from merilo.framework.messages import gettext_noop
from merilo.surveys.rules.answers import Fault
from merilo.surveys.rules.remarks import Remark
from merilo.surveys.rules.rewording import Altered

EMPTY_PAGE = gettext_noop("Nothing stands on the page. Add a question, or remove the page.")

# What is wrong with the document of a questionnaire; sentences about any document are the framework's.
MISTAKES: Mapping[str, str] = {
    "bad_code": gettext_noop(
        "“%(code)s” cannot be a code; allowed are Latin letters, digits and underscores, at most 40."
    ),
    "condition_parts": gettext_noop("The condition “%(sign)s” has too few or too many parts."),
    "file_not_anonymous": gettext_noop(
        "Files can be asked for in surveys with names only: a file can tell who sent it."
    ),
    "limits_reversed": gettext_noop("The most (%(maximum)s) must be greater than the least (%(minimum)s)."),
    "more_than_options": gettext_noop(
        "The number %(number)s is greater than the number of options (%(options)s)."
    ),
    "no_groups": gettext_noop(
        "“%(code)s” makes no groups: results are broken down by a single choice, a yes or no or a rating."
    ),
    "no_question": gettext_noop("The questionnaire asks nothing."),
    "not_condition": gettext_noop(
        'This should be a condition such as ["=", "visited", true], not %(found)s.'
    ),
    "not_date": gettext_noop("This should be a date such as 2026-05-24, not %(found)s."),
    "not_exact_number": gettext_noop(
        'This should be a whole number, or a decimal in quotes such as "0.5", not %(found)s.'
    ),
    "not_truth": gettext_noop("This should be yes or no (true or false), not %(found)s."),
    "outside": gettext_noop("The number must lie between %(least)s and %(most)s."),
    "sign_unfit": gettext_noop("The question “%(code)s” cannot be tested with “%(sign)s”."),
    "condition_too_deep": gettext_noop("“and”, “or” and “not” are nested more than %(limit)s levels deep."),
    "too_many": gettext_noop("The list is too long; at most %(limit)s entries are taken."),
    "unknown_item": gettext_noop("There is no question “%(code)s”; there are: %(known)s."),
    "unknown_language": gettext_noop(
        "“%(language)s” is not among the languages of the questionnaire (%(known)s)."
    ),
    "unknown_place": gettext_noop(
        "The text repeats the answer to “%(code)s”, but there is no such question."
    ),
    "unknown_sign": gettext_noop(
        "“%(sign)s” is no condition; there are =, !=, <, <=, >, >=, contains, answered, and, or, not."
    ),
    "value_unfit": gettext_noop("“%(value)s” can never be an answer to “%(code)s”."),
}

# What an author should look at before a survey opens.
REMARKS: Mapping[str, str] = {
    "condition_on_later": gettext_noop("This is shown by the answer to “%(item)s”, which is asked later."),
    "repeats_later": gettext_noop("The text repeats the answer to “%(item)s”, which is asked later."),
    "unreachable": gettext_noop("Nobody will ever see this: no answers lead here."),
    "not_translated": gettext_noop(
        "Texts without a translation into “%(language)s”: %(count)s. They will appear in the main language."
    ),
    "long_question": gettext_noop(
        "The question is too long for a phone: %(found)s characters, better at most %(limit)s."
    ),
    "long_option": gettext_noop(
        "An option is too long for a phone: %(found)s characters, better at most %(limit)s."
    ),
    "many_columns": gettext_noop(
        "The table has too many columns for a phone: %(found)s, better at most %(limit)s."
    ),
    "many_options": gettext_noop(
        "There are too many options for a phone: %(found)s, better at most %(limit)s."
    ),
    "long_page": gettext_noop(
        "The page is too long for a phone: answers asked at once: %(items)s, better at most %(limit)s."
    ),
    "low_floor": gettext_noop(
        "Figures would be shown from %(floor)s people on; usual for those who are asked are %(usual)s."
    ),
    "open_attribute": gettext_noop(
        "Everybody words this alone, so that the answer can tell who somebody is. Offer options instead."
    ),
    "population_unknown": gettext_noop(
        "Several questions tell who somebody is (%(questions)s). Say how many people are asked, so that it "
        "can be checked whether someone could be recognised."
    ),
    "identifying": gettext_noop(
        "Together, the questions %(questions)s tell %(groups)s groups apart; among %(population)s people "
        "many of these have fewer than %(floor)s members, who could be recognised. Ask fewer of them, or "
        "offer fewer options."
    ),
}

# What may not change once people have answered.
ALTERED: Mapping[str, str] = {
    "removed": gettext_noop("The question is gone, though people have answered it. Put it back."),
    "added": gettext_noop(
        "The question is new, and earlier people were not asked. Keep it for the next wave."
    ),
    "kind": gettext_noop("The question has become one of another kind. Ask the new one in the next wave."),
    "options": gettext_noop(
        "Options were added, taken away, put in another order or given other codes or values. Only their "
        "words may change."
    ),
    "rows": gettext_noop(
        "Rows were added, taken away, put in another order or given other codes. Only their words may change."
    ),
    "show_if": gettext_noop("It is asked on another condition than before."),
    "answering": gettext_noop(
        "How it may be answered has changed: required or not, limits, “don't know”, random order."
    ),
    "page": gettext_noop("The page is shown on another condition, or its questions in another order."),
    "order": gettext_noop("The question stands at another place than before."),
    "breakdowns": gettext_noop("The breakdowns of the results have changed; they were fixed beforehand."),
    "layout": gettext_noop("Pages have become single questions, or the other way round."),
    "quotas": gettext_noop(
        "Limits of answers were added, taken away or count other answers. Only how many they allow, and "
        "their text, may change."
    ),
}

# Why an answer cannot be taken: what to do, never what was wrong with the person.
FAULTS: Mapping[str, str] = {
    "required": gettext_noop("Please answer this question."),
    "rows_missing": gettext_noop("Please choose an answer in each row."),
    "given_twice": gettext_noop("Two answers arrived where one is possible. Please choose again."),
    "unknown_option": gettext_noop("Please choose one of the answers offered."),
    "too_few": gettext_noop("Please choose more: at least %(least)s."),
    "too_many": gettext_noop("Please choose fewer: at most %(most)s."),
    "none_and_others": gettext_noop(
        "This answer cannot go together with others. Keep either it or the others."
    ),
    "place_twice": gettext_noop("Two have the same place. Give each place once."),
    "place_left_out": gettext_noop("Begin with place 1 and leave none out."),
    "not_place": gettext_noop("Give places as whole numbers from 1 to %(most)s."),
    "places_missing": gettext_noop("Give all places from 1 to %(most)s."),
    "not_number": gettext_noop("Enter a number, such as 12."),
    "not_whole": gettext_noop("Enter a whole number, without decimals."),
    "too_many_decimals": gettext_noop(
        "Too many digits after the decimal mark; at most %(decimals)s are taken."
    ),
    "below_least": gettext_noop("Enter %(least)s or more."),
    "above_most": gettext_noop("Enter %(most)s or less."),
    "not_date": gettext_noop("Enter a date as day, month and year, such as 24.5.2026."),
    "too_early": gettext_noop("Enter a date not before %(first)s."),
    "too_late": gettext_noop("Enter a date not after %(last)s."),
    "text_too_long": gettext_noop("The text is too long: %(length)s characters; at most %(limit)s fit."),
    "control_character": gettext_noop(
        "The text holds a character that cannot be kept. Please type it again."
    ),
    "unknown_number": gettext_noop("There is no such number; there are: %(numbers)s."),
    "not_file": gettext_noop("The file did not arrive. Please choose it again."),
}


def mistake(finding: Finding, translate: Callable[[str], str] = str) -> str:
    """What is wrong at a place of a questionnaire's document."""
    if finding.code == "empty_list" and finding.path.endswith(".parts"):
        return translate(EMPTY_PAGE)
    if finding.code not in MISTAKES:
        return messages.sentence(finding.code, finding.params, translate)
    params = dict(finding.params)
    if params.get("found") in messages.FOUND:
        params["found"] = translate(messages.FOUND[str(params["found"])])
    return translate(MISTAKES[finding.code]) % params


def remark(found: Remark, translate: Callable[[str], str] = str) -> str:
    """What there is to say about a part of a questionnaire."""
    return translate(REMARKS[found.code]) % found.params


def altered(found: Altered, translate: Callable[[str], str] = str) -> str:
    """What of a questionnaire that people have answered is changed besides its wording."""
    return translate(ALTERED[found.code])


def fault(found: Fault, translate: Callable[[str], str] = str, show: Callable[[object], str] = str) -> str:
    """Why an answer cannot be taken; `show` writes numbers and dates in the reader's way."""
    return translate(FAULTS[found.code]) % {key: show(value) for key, value in found.params.items()}


# What is wrong with a line of a pasted list of people.
PASTED: Mapping[str, str] = {
    "address": gettext_noop("There is no e-mail address on this line."),
    "address-form": gettext_noop("The e-mail address is not complete."),
    "address-twice": gettext_noop("There are two addresses on this line. Write one person a line."),
    "language": gettext_noop("The survey is not in this language."),
    "long": gettext_noop("The address or the name is too long."),
    "quotes": gettext_noop("A quotation mark is not closed, or the line is too long."),
    "characters": gettext_noop("There are characters that cannot be shown."),
    "known": gettext_noop("This address is on the list already."),
    "twice": gettext_noop("This address stands in the list twice."),
}
