"""Changes to the questionnaire that is being written; nothing of what somebody else wrote is overwritten."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.organisations.api import Viewer
from merilo.surveys.actions.running import require_writing, save_draft
from merilo.surveys.models import Survey
from merilo.surveys.rules.editing import Change, Draft, editable


def draft_of(survey: Survey) -> Draft:
    """The questionnaire being written, each of its parts with a code to be found by."""
    try:
        return editable(json.loads(survey.draft))
    except ValueError:
        return editable(None)


def edit(*, viewer: Viewer, survey: Survey, revision: int, change: Change) -> int:
    """Apply one operation of `rules.editing` to the draft of this revision; answers with the new one.

    Errors: Refused, Conflict (somebody wrote meanwhile, or what is changed is gone).
    """
    require_writing(viewer, survey)
    draft = draft_of(survey)
    if survey.revision != revision:
        raise Conflict(_("Somebody else has changed the questionnaire in the meantime."))
    try:
        changed = change(draft)
    except KeyError as error:
        raise Conflict(_("What you wanted to change is not there any more.")) from error
    return save_draft(viewer=viewer, survey=survey, plain=changed, revision=revision)
