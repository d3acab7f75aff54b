"""Where whoever got a letter of a survey has no more of them."""

from __future__ import annotations

from django.urls import path

from merilo.surveys.views import letters

app_name = "letters"
urlpatterns = [path("<slug:short>/stop/<slug:stop>/", letters.stop, name="stop")]
