"""Reports while a plan is carried out, and those that everybody may read."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import interim as views

urlpatterns = [
    path("<uuid:plan>/report/", views.report, name="interim"),
    path("<uuid:plan>/report/publish/", views.publish, name="publish_report"),
    path("<uuid:plan>/report/<int:number>/withdraw/", views.withdraw, name="withdraw_report"),
    path("<uuid:plan>/report/<int:number>/documents/", views.make_documents_again, name="report_documents"),
    path("<uuid:plan>/report/<slug:format_>/", views.document, name="interim_file"),
]
