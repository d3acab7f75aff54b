"""Who is told what of a plan."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import communication as views

urlpatterns = [
    path("<uuid:plan>/communication/", views.communication, name="communication"),
    path("<uuid:plan>/communication/new/", views.new_message, name="new_message"),
    path("<uuid:plan>/communication/usual/", views.suggest, name="suggest_messages"),
    path("<uuid:plan>/communication/<uuid:message>/", views.message, name="message"),
    path("<uuid:plan>/communication/<uuid:message>/done/", views.done, name="message_done"),
    path("<uuid:plan>/communication/<uuid:message>/remove/", views.remove, name="remove_message"),
]
