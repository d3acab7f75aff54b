"""Who may do what with a survey: one-line predicates that take the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.organisations.api import Viewer
from merilo.surveys.models import State, Survey


def is_own(viewer: Viewer, survey: Survey) -> bool:
    """The survey belongs to the acting organisation."""
    return survey.organisation_id == viewer.organisation_id


def may_read(viewer: Viewer, survey: Survey) -> bool:
    """See how many answered and, after closing, the results."""
    return is_own(viewer, survey) and viewer.can("survey.read")


def may_edit(viewer: Viewer, survey: Survey) -> bool:
    """Run the survey: questionnaire, people, opening and closing."""
    return is_own(viewer, survey) and viewer.can("survey.edit")


def may_write_questions(viewer: Viewer, survey: Survey) -> bool:
    """Change the questionnaire: until the survey is closed."""
    return may_edit(viewer, survey) and survey.state != State.CLOSED


def may_print(viewer: Viewer, survey: Survey) -> bool:
    """Take the questionnaire away as a sheet of paper: who runs surveys, and who enters what comes back."""
    return is_own(viewer, survey) and (viewer.can("survey.edit") or viewer.can("survey.enter"))


def may_enter(viewer: Viewer, survey: Survey) -> bool:
    """Enter answers given on paper, while the survey is open."""
    return is_own(viewer, survey) and viewer.can("survey.enter") and survey.state == State.OPEN


def may_see_results(viewer: Viewer, survey: Survey) -> bool:
    """Results are there after closing only: two looks in between would give one person's answers."""
    return may_read(viewer, survey) and survey.state == State.CLOSED


def may_take_answers(viewer: Viewer, survey: Survey) -> bool:
    """Take files with the answers of single people away: those who run surveys, after closing only."""
    return may_see_results(viewer, survey) and viewer.can("survey.edit")


def may_read_texts(viewer: Viewer, survey: Survey) -> bool:
    """Read open answers as they were written, take names out, sort them: after closing only."""
    return is_own(viewer, survey) and viewer.can("survey.texts") and survey.state == State.CLOSED


def may_read_files(viewer: Viewer, survey: Survey) -> bool:
    """Take away files that people sent with their answers: in surveys with names only, after closing."""
    reads = may_take_answers(viewer, survey) or may_read_texts(viewer, survey)
    return reads and not survey.is_anonymous


def may_publish(viewer: Viewer, survey: Survey) -> bool:
    return may_see_results(viewer, survey) and viewer.can("survey.publish")


def require_reading(viewer: Viewer, survey: Survey) -> None:
    """Raise Refused unless the viewer may read the questionnaire as its author does."""
    if not (may_read(viewer, survey) or may_edit(viewer, survey)):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))


def may_use(viewer: Viewer, survey: Survey) -> bool:
    """Hand results on to where the viewer may put them."""
    takes = viewer.can("evidence.edit") or viewer.can("indicator.edit")
    return takes and may_see_results(viewer, survey)
