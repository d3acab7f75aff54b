from __future__ import annotations

from django.urls import URLPattern, path

from merilo.assessment.views import (
    calibration,
    communication,
    documents,
    frameworks,
    gatherings,
    groups,
    own_wording,
    planning,
    practice,
)

urlpatterns: list[URLPattern] = [
    path("a/", planning.listing, name="list"),
    path("a/new/", planning.new, name="new"),
    path("a/<uuid:pk>/", planning.overview, name="overview"),
    path("a/<uuid:pk>/plan/", planning.plan, name="plan"),
    path("a/<uuid:pk>/schedule/", planning.schedule, name="schedule"),
    path("a/<uuid:pk>/open/", planning.open_, name="open"),
    # documents
    path("a/<uuid:pk>/documents/", documents.documents, name="documents"),
    path("a/<uuid:pk>/documents/<slug:place>/", documents.record, name="record_document"),
    path("a/<uuid:pk>/documents/<uuid:document>/file/", documents.file, name="document_file"),
    path("a/<uuid:pk>/drafts/<slug:kind>/", documents.draft, name="draft"),
    # communication
    path("a/<uuid:pk>/communication/", communication.communication, name="communication"),
    path("a/<uuid:pk>/communication/suggest/", communication.suggest, name="suggest_communication"),
    path("a/<uuid:pk>/communication/new/", communication.new_item, name="new_communication"),
    path("a/<uuid:pk>/communication/<uuid:item>/", communication.item, name="communication_item"),
    path("a/<uuid:pk>/communication/<uuid:item>/done/", communication.done, name="communication_done"),
    path("a/<uuid:pk>/communication/<uuid:item>/remove/", communication.remove, name="remove_communication"),
    path("a/<uuid:pk>/notice/", communication.notices, name="notice"),
    path("a/<uuid:pk>/notice/new/", communication.new_notice, name="new_notice"),
    path("a/<uuid:pk>/notice/<uuid:notice>/", communication.edit_notice, name="edit_notice"),
    path("a/<uuid:pk>/notice/<uuid:notice>/share/", communication.share, name="share_notice"),
    path("a/<uuid:pk>/notice/<uuid:notice>/remove/", communication.remove_notice, name="remove_notice"),
    # group
    path("a/<uuid:pk>/group/", groups.group, name="group"),
    path("a/<uuid:pk>/group/mandate/", groups.mandate, name="mandate"),
    path("a/<uuid:pk>/group/consultant/", groups.consultant, name="consultant"),
    path("a/<uuid:pk>/group/assignment/", groups.assignment, name="assignment"),
    path("a/<uuid:pk>/group/annex/", groups.annex, name="annex"),
    path("a/<uuid:pk>/group/<uuid:seat>/", groups.seat, name="seat"),
    path("a/<uuid:pk>/group/<uuid:seat>/take-over/", groups.take_over, name="take_over"),
    path("a/<uuid:pk>/group/<uuid:seat>/remove/", groups.remove, name="remove_seat"),
    # trainings, meetings, briefings
    path("a/<uuid:pk>/training/", gatherings.trainings, name="training"),
    path("a/<uuid:pk>/briefings/", gatherings.briefings, name="briefings"),
    path("a/<uuid:pk>/gatherings/new/<slug:kind>/", gatherings.new, name="new_gathering"),
    path("a/<uuid:pk>/gatherings/<uuid:gathering>/", gatherings.gathering, name="gathering"),
    path("a/<uuid:pk>/gatherings/<uuid:gathering>/facts/", gatherings.facts, name="gathering_facts"),
    path("a/<uuid:pk>/gatherings/<uuid:gathering>/people/", gatherings.people, name="attendance"),
    path("a/<uuid:pk>/gatherings/<uuid:gathering>/remove/", gatherings.remove, name="remove_gathering"),
    path("a/<uuid:pk>/gatherings/<uuid:gathering>/materials/", gatherings.material, name="add_material"),
    path(
        "a/<uuid:pk>/gatherings/<uuid:gathering>/materials/<uuid:material>/",
        gatherings.material_file,
        name="material",
    ),
    path(
        "a/<uuid:pk>/gatherings/<uuid:gathering>/materials/<uuid:material>/remove/",
        gatherings.remove_material,
        name="remove_material",
    ),
    path(
        "a/<uuid:pk>/gatherings/<uuid:gathering>/list/<slug:kind>/", gatherings.draft, name="gathering_draft"
    ),
    # practice on written cases
    path("a/<uuid:pk>/practice/", calibration.calibrations, name="calibrations"),
    path("a/<uuid:pk>/practice/<uuid:calibration>/", calibration.calibration, name="calibration"),
    path("a/<uuid:pk>/practice/<uuid:calibration>/lead/", calibration.lead, name="lead_calibration"),
    path("practice/", practice.cases, name="practice"),
    path("practice/<slug:code>/<slug:method>/", practice.case, name="practice_case"),
    # frameworks
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path("frameworks/new/", frameworks.new, name="new_framework"),
    path("frameworks/shipped/<slug:code>/", frameworks.shipped, name="shipped_framework"),
    path("frameworks/<uuid:pk>/", frameworks.framework, name="framework"),
    path(
        "frameworks/<slug:key>/texts/<str:code>/<slug:language>/", own_wording.own_wording, name="own_wording"
    ),
    path("frameworks/<uuid:pk>/withdraw/", frameworks.withdraw, name="withdraw_framework"),
]
