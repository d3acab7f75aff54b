"""What everybody may see: the labels that hold and that organisations show."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from merilo.feedback import words
from merilo.feedback.models import Label
from merilo.feedback.queries import feedbacks

MOST_LISTED = 500


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All labels that hold today and are shown."""
    rows = feedbacks.published_labels(on=timezone.localdate())[:MOST_LISTED]
    return render(request, "feedback/public/index.html", {"rows": [(row, _award(row)) for row in rows]})


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The labels of one organisation."""
    rows = feedbacks.published_label(slug, on=timezone.localdate())
    if not rows:
        raise Http404
    owner = rows[0].feedback.organisation
    request.organisation = owner  # type: ignore[attr-defined]
    context = {"organisation": owner, "rows": [(row, _award(row), _scheme(row)) for row in rows]}
    return render(request, "feedback/public/organisation.html", context)


def _award(row: Label) -> str:
    return words.award(feedbacks.scheme_of(row.feedback), row.feedback.award)


def _scheme(row: Label) -> str:
    return words.said(feedbacks.scheme_of(row.feedback).title)
