from __future__ import annotations

from django.urls import path

from merilo.ops import views

app_name = "ops"
urlpatterns = [path("live", views.live, name="live"), path("ready", views.ready, name="ready")]
