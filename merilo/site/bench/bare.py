"""The product's own server with a bare view beside it: the same kept pages, the same row, nothing else."""

from __future__ import annotations

import os
from functools import cache

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()

from merilo.site.bench import visits  # noqa: E402  models are there only now
from merilo.surveys import catalogue  # noqa: E402
from merilo.surveys.answering import pages, travelling, turning  # noqa: E402
from merilo.surveys.models import Response, Survey  # noqa: E402
from merilo.surveys.queries import answering  # noqa: E402


@cache
def _survey(short: str) -> Survey:
    return answering.asked(short)


@cache
def _page(short: str, step: str) -> str:
    """A page of the survey as the product draws it, kept as a string."""
    survey, at = _survey(short), timezone.now()
    reader = catalogue.form_for(survey.pk, 1)
    form = travelling.begun(survey, 1, visits.LANGUAGE, at)
    if step == "start":
        return pages.start(survey, form).html("")
    begun = turning.begin(form, reader)
    following = turning.turn(begun, reader, "next", dict(visits.ANSWERS), {})
    return pages.turned(following if step == "check" else turning.Turn(begun), reader, at).html("")


@csrf_exempt
def bare(request: HttpRequest, short: str, step: str) -> HttpResponse:
    """A page, or the answers as one row."""
    answers = {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}
    if step != "send":
        return HttpResponse(_page(short, step))
    Response.objects.create(
        survey=_survey(short),
        version=1,
        day=timezone.localdate(),
        source="link",
        language=visits.LANGUAGE,
        answers=answers,
    )
    return HttpResponse(status=303, headers={"Location": "/"})


urlpatterns = [path("s/<slug:short>/bare/<slug:step>/", bare), path("", include("merilo.site.urls"))]
