from __future__ import annotations

from django.urls import URLPattern, path

from merilo.assessment.views import comparing, entered

CYCLE = "a/<uuid:pk>/entered/"

urlpatterns: list[URLPattern] = [
    path("a/compare/", comparing.compare, name="compare"),
    path("a/compare/file/", comparing.file, name="compare_file"),
    path("a/enter/", entered.enter, name="enter"),
    path(CYCLE, entered.entered, name="entered"),
    path(f"{CYCLE}facts/", entered.facts, name="entered_facts"),
    path(f"{CYCLE}workbook/", entered.workbook, name="entered_workbook"),
    path(f"{CYCLE}upload/", entered.upload, name="entered_upload"),
    path(f"{CYCLE}take/", entered.take, name="entered_take"),
    path(f"{CYCLE}finish/", entered.finish, name="entered_finish"),
    path(f"{CYCLE}remove/", entered.discard, name="entered_remove"),
    path(f"{CYCLE}report/", entered.file, name="entered_report"),
    path(f"{CYCLE}criterion/<str:code>/", entered.criterion, name="entered_criterion"),
]
