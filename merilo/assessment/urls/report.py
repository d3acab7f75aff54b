from __future__ import annotations

from django.urls import path

from merilo.assessment.views import report as views

urlpatterns = [
    path("a/<uuid:pk>/report/", views.report, name="report"),
    path("a/<uuid:pk>/report/sections/<slug:key>/", views.section, name="section"),
    path("a/<uuid:pk>/report/revisions/", views.make_revision, name="make_revision"),
    path("a/<uuid:pk>/report/<int:number>/", views.revision, name="revision"),
    path("a/<uuid:pk>/report/<int:number>/submit/", views.submit, name="submit_revision"),
    path("a/<uuid:pk>/report/<int:number>/approve/", views.approve, name="approve_revision"),
    path("a/<uuid:pk>/report/<int:number>/return/", views.send_back, name="return_revision"),
    path("a/<uuid:pk>/report/<int:number>/approval/", views.record_approval, name="record_approval"),
    path("a/<uuid:pk>/report/<int:number>/publish/", views.publish, name="publish_revision"),
    path("a/<uuid:pk>/report/<int:number>/withdraw/", views.withdraw, name="withdraw_revision"),
    path("a/<uuid:pk>/report/<int:number>/documents/", views.make_documents_again, name="make_documents"),
    path("a/<uuid:pk>/report/<int:number>/<slug:format_>/", views.document, name="revision_file"),
]
