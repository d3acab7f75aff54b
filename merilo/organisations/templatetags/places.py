"""Addresses inside the acting organisation: `{% go "assessment:overview" pk=assessment.pk %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from merilo.organisations.http import address

register = template.Library()


@register.simple_tag(takes_context=True)
def go(context: Context, name: str, **kwargs: Any) -> str:
    """The address of a page in the viewer's organisation."""
    return address(context["request"].viewer, name, **kwargs)
