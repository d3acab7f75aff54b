"""The gallery of components; no person, no organisation, no database."""

from __future__ import annotations

from django.urls import path

from merilo.web.gallery import gallery

app_name = "web"
urlpatterns = [path("", gallery, name="gallery")]
