"""Addresses of external feedback, below `/o/<org>/feedback/`."""

from __future__ import annotations

from django.urls import path

from merilo.feedback.views import actors, feedbacks, judging, material, reports

app_name = "feedback"
ONE = "<uuid:feedback>/"
urlpatterns = [
    path("", feedbacks.listing, name="list"),
    path("new/", feedbacks.new, name="new"),
    path(ONE, feedbacks.overview, name="overview"),
    path(f"{ONE}ready/", feedbacks.ready, name="ready"),
    path(f"{ONE}prepare/", feedbacks.prepare, name="prepare"),
    path(f"{ONE}hand-in/", feedbacks.hand_in, name="hand_in"),
    path(f"{ONE}withdraw/", feedbacks.withdraw, name="withdraw"),
    path(f"{ONE}evaluators/", actors.actors, name="actors"),
    path(f"{ONE}evaluators/<uuid:actor>/", actors.actor, name="actor"),
    path(f"{ONE}evaluators/<uuid:actor>/end/", actors.end, name="actor_end"),
    path(f"{ONE}released/", material.material, name="material"),
    path(f"{ONE}released/report/", material.report, name="material_report"),
    path(f"{ONE}released/plan/", material.plan, name="material_plan"),
    path(f"{ONE}released/evidence/<uuid:evidence>/", material.file, name="material_file"),
    path(f"{ONE}points/", judging.sheets, name="sheets"),
    path(f"{ONE}points/close/", judging.close_own, name="close_own"),
    path(f"{ONE}points/<str:step>/", judging.sheet, name="sheet"),
    path(f"{ONE}agreed/", judging.joint, name="joint"),
    path(f"{ONE}agreed/<str:step>/", judging.joint_item, name="joint_item"),
    path(f"{ONE}texts/", judging.texts, name="texts"),
    path(f"{ONE}hand-over/", judging.hand_over, name="hand_over"),
    path(f"{ONE}report/", reports.report, name="report"),
    path(f"{ONE}report/<slug:format_>/", reports.report_file, name="report_file"),
    path(f"{ONE}decision/", reports.decide, name="decide"),
    path(f"{ONE}response/", reports.respond, name="respond"),
    path(f"{ONE}label/", reports.label, name="label"),
]
