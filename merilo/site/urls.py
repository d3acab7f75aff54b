"""All addresses. Below `/o/<org>/` the middleware demands a member; all else is public or one's own."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

urlpatterns = [
    path("s/", include("merilo.surveys.answer_urls")),
    path("s/", include("merilo.surveys.letters_urls")),
    path("", include("merilo.site.public_urls")),
    path("language/", require_POST(set_language), name="set_language"),
    path("reports/", include("merilo.assessment.public_urls")),
    path("plans/", include("merilo.improvement.public_urls")),
    path("labels/", include("merilo.feedback.public_urls")),
    path("surveys/yearly/", include("merilo.surveys.yearly_urls")),
    path("surveys/", include("merilo.surveys.public_urls")),
    path("", include("merilo.assessment.room_urls")),
    path("c/", include("merilo.improvement.link_urls")),
    path("accounts/", include("merilo.accounts.urls")),
    path("gallery/", include("merilo.web.urls")),
    path("health/", include("merilo.ops.urls")),
    path("operator/", include("merilo.ops.operator_urls")),
    path("o/<slug:org>/organisation/", include("merilo.organisations.urls")),
    path("o/<slug:org>/indicators/", include("merilo.indicators.urls")),
    path("o/<slug:org>/plans/", include("merilo.improvement.urls")),
    path("o/<slug:org>/feedback/", include("merilo.feedback.urls")),
    path("o/<slug:org>/s/", include("merilo.surveys.urls")),
    path("o/<slug:org>/", include("merilo.assessment.urls")),
]

handler400 = "merilo.web.errors.bad_request"
handler403 = "merilo.web.errors.forbidden"
handler404 = "merilo.web.errors.not_found"
handler500 = "merilo.web.errors.server_error"
