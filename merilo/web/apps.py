"""The room of components, forms and charts."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Label `web`; has no models."""

    name = "merilo.web"
    label = "web"
