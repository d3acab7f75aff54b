"""The sentences behind the codes of the checks, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.requests import Standing

# Kinds of notifications that are named in more than one place.
REMINDED, RETURNED, PRACTICE = "sheet.reminded", "sheet.returned", "calibration.opened"


def sentence(finding: Finding) -> str:
    """What a finding says to the person who can mend it."""
    return _sentences().get(finding.code, finding.code)


def outdated() -> str:
    """Why a revision is neither submitted nor approved any more."""
    return _(
        "The agreed scores or statements have changed since this revision was made. Make a new revision."
    )


def entered_afterwards() -> str:
    """What a comparison says of a cycle that was done elsewhere."""
    return _("The earlier cycle was done elsewhere and entered afterwards.")


def caf_2013() -> str:
    """What changed between the model a cycle was done by and the one it is kept under."""
    return _(
        "Done by CAF 2013, set beside CAF 2020 by number: both have the same nine criteria and "
        "28 sub-criteria. CAF 2020 changed wording and examples (digitalisation, agility, sustainability, "
        "innovation), most in 1.3, 2.1–2.4, 3.1–3.3, 4.2, 5.1, 5.2 and 9.1. Read differences there with care."
    )


def standing(found: Standing) -> str:
    """Where a request of evidence is, in a word or two."""
    return {
        Standing.REQUESTED: pgettext("state of a request", "Requested"),
        Standing.LATE: pgettext("state of a request", "Deadline passed"),
        Standing.RECEIVED: pgettext("state of a request", "Received"),
        Standing.RETURNED: pgettext("state of a request", "Returned"),
        Standing.ACCEPTED: pgettext("state of a request", "Accepted"),
        Standing.WITHDRAWN: pgettext("state of a request", "Withdrawn"),
        Standing.EXPIRED: pgettext("state of a request", "Expired"),
        Standing.CLOSED: pgettext("state of a request", "Closed"),
    }[found]


def request_over(found: Standing) -> str:
    """Why the link of a request takes nothing, told to the colleague."""
    return {
        Standing.ACCEPTED: _("What was sent has been accepted. Thank you; nothing more is needed."),
        Standing.WITHDRAWN: _("The request was withdrawn. Nothing is needed any more."),
        Standing.CLOSED: _("The report has been approved, so evidence is no longer taken."),
    }.get(found, _("The deadline passed more than two weeks ago. Who asked you can give you more time."))


def _sentences() -> dict[str, str]:
    return {
        "not_scored": _("No score yet."),
        "cannot_judge_without_reason": _("“Cannot judge” is chosen without saying why."),
        "half_scored": _("The score is half filled in: a part has no number."),
        "high_without_evidence": _("The score is high, but no evidence stands beside it."),
        "result_without_trend_and_target": _(
            "The result is scored without a trend of three years and without a target. Add an indicator."
        ),
        "result_without_trend": _(
            "The result is scored without a trend: no indicator has the values of three years."
        ),
        "result_without_target": _("The result is scored without a target: no indicator names one."),
        "without_strengths_and_areas": _("A score, but no strength and no area for improvement."),
        "without_strengths": _("No strength is named."),
        "without_areas": _("No area for improvement is named."),
    }
