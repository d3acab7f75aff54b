"""Health, for whoever watches this installation."""

from __future__ import annotations

from django.urls import path

from merilo.ops.views import health

app_name = "ops"
urlpatterns = [path("live", health.live, name="live"), path("ready", health.ready, name="ready")]
