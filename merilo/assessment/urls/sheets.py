from __future__ import annotations

from django.urls import path

from merilo.assessment.views import calling_in, evidence, referring, sheets, worksheets

urlpatterns = [
    path("a/<uuid:pk>/my/", sheets.my, name="my"),
    path("a/<uuid:pk>/my/check/", sheets.check, name="check"),
    path("a/<uuid:pk>/my/hand-in/", sheets.hand_in, name="hand_in"),
    path("a/<uuid:pk>/my/take-back/", sheets.take_back, name="take_back"),
    path("a/<uuid:pk>/my/worksheet/", worksheets.worksheet, name="worksheet"),
    path("a/<uuid:pk>/my/worksheet/file/", worksheets.worksheet_file, name="worksheet_file"),
    path("a/<uuid:pk>/my/worksheet/take/", worksheets.take, name="worksheet_take"),
    path("a/<uuid:pk>/my/<str:code>/", sheets.judge, name="judge"),
    path("a/<uuid:pk>/progress/", sheets.progress, name="progress"),
    path("a/<uuid:pk>/progress/<uuid:seat>/remind/", calling_in.remind, name="remind"),
    path("a/<uuid:pk>/progress/<uuid:seat>/send-back/", calling_in.send_back, name="send_back"),
    path("a/<uuid:pk>/evidence/", evidence.shelf, name="evidence"),
    path("a/<uuid:pk>/evidence/new/", evidence.new, name="evidence_new"),
    path("a/<uuid:pk>/evidence/from/<slug:kind>/", referring.from_room, name="evidence_from"),
    path("a/<uuid:pk>/evidence/last-cycle/", evidence.last_cycle, name="evidence_last_cycle"),
    path("a/<uuid:pk>/evidence/for/<str:code>/", evidence.for_item, name="evidence_for"),
    path("a/<uuid:pk>/evidence/<uuid:evidence>/", evidence.edit, name="evidence_edit"),
    path("a/<uuid:pk>/evidence/removed/", evidence.removed, name="evidence_removed"),
    path("a/<uuid:pk>/evidence/<uuid:evidence>/remove/", evidence.remove, name="evidence_remove"),
    path("a/<uuid:pk>/evidence/<uuid:evidence>/renew/", referring.renew, name="evidence_renew"),
    path("a/<uuid:pk>/evidence/<uuid:evidence>/put-back/", evidence.put_back, name="evidence_put_back"),
    path("a/<uuid:pk>/evidence/<uuid:evidence>/file/", evidence.file, name="evidence_file"),
]
