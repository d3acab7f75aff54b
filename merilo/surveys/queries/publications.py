"""What everybody may read of surveys, and what their coordinators have published."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from merilo.organisations.api import Viewer
from merilo.surveys import permissions
from merilo.surveys.models import OpenText, Publication, Survey, TextState


def published() -> QuerySet[Publication]:
    """All published results, the newest first."""
    rows = Publication.objects.filter(withdrawn_at=None).select_related("survey__organisation")
    return rows.defer("survey__draft").order_by("-published_at")


def published_survey(slug: str) -> Publication:
    """One publication that is not withdrawn. Errors: Publication.DoesNotExist."""
    return published().get(slug=slug)


def public_slug_of(survey: Survey) -> str:
    """Where everybody reads the results of a survey, "" where nobody does."""
    shown = Publication.objects.filter(survey=survey, withdrawn_at=None).order_by()
    return shown.values_list("slug", flat=True).first() or ""


def publication_of(viewer: Viewer, survey: Survey) -> Publication | None:
    """What is or was published of a survey."""
    if not permissions.may_see_results(viewer, survey):
        return None
    return Publication.objects.filter(survey=survey).first()


def ready_texts(viewer: Viewer, survey: Survey) -> dict[str, int]:
    """How many open answers of each question were read and may be published."""
    if not permissions.may_publish(viewer, survey):
        return {}
    read = OpenText.objects.filter(survey=survey, state=TextState.READY).order_by().values_list("item")
    return dict(read.annotate(count=Count("pk")).order_by("item"))
