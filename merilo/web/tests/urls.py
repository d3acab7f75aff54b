"""Addresses the room's own tests need; the site's are no business of this room."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("gallery/", include("merilo.web.urls")), path("i18n/", include("django.conf.urls.i18n"))]
