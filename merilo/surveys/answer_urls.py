"""Public addresses of surveys: what stands on posters, in letters and on the tablet."""

from __future__ import annotations

from django.urls import path

from merilo.surveys.views import answering

app_name = "answer"
urlpatterns = [
    path("<slug:short>/", answering.start, name="start"),
    path("<slug:short>/p/<slug:token>/", answering.personal, name="personal"),
    path("<slug:short>/answer/", answering.answer, name="answer"),
    path("<slug:short>/check/", answering.check, name="check"),
    path("<slug:short>/done/", answering.done, name="done"),
    path("<slug:short>/notice/", answering.notice, name="notice"),
    path("<slug:short>/kiosk/", answering.kiosk, name="kiosk"),
]
