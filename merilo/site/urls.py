"""All addresses. Below `/o/<org>/` the middleware demands a member; everything else is public or one's own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("merilo.site.public_urls")),
    path("accounts/", include("merilo.accounts.urls")),
    path("gallery/", include("merilo.web.urls")),
    path("reports/", include("merilo.assessment.public_urls")),
    path("health/", include("merilo.ops.urls")),
    path("o/<slug:org>/", include("merilo.site.org_urls")),
    path("o/<slug:org>/organisation/", include("merilo.organisations.urls")),
    path("o/<slug:org>/", include("merilo.assessment.urls")),
]
