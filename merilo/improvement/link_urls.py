"""The address of a mail with which an owner reports on one measure."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import linked

app_name = "checkin"
urlpatterns = [path("<slug:token>/", linked.report, name="by_link")]
