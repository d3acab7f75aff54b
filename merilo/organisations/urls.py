"""Addresses below `/o/<org>/organisation/`."""

from __future__ import annotations

from django.urls import path

from merilo.organisations.views import (
    audit,
    details,
    handing,
    inviting,
    notifications,
    people,
    sharing,
    units,
)

app_name = "organisations"
urlpatterns = [
    path("", details.overview, name="settings"),
    path("name/", details.names, name="names"),
    path("look/", details.look, name="look"),
    path("languages/", details.languages, name="languages"),
    path("units/", units.units, name="units"),
    path("units/<uuid:pk>/", units.unit, name="unit"),
    path("units/<uuid:pk>/move/", units.move, name="unit_move"),
    path("units/<uuid:pk>/remove/", units.remove, name="unit_remove"),
    path("people/", people.people, name="people"),
    path("people/list.<str:kind>", people.export, name="people_export"),
    path("people/former/", people.former, name="former"),
    path("people/invite/", inviting.invite, name="invite"),
    path("people/invite/confirm/", inviting.confirm, name="invite_confirm"),
    path("people/<uuid:pk>/", people.member, name="member"),
    path("people/<uuid:pk>/leave/", people.leave, name="leave"),
    path("people/<uuid:pk>/return/", people.take_back, name="take_back"),
    path("people/<uuid:pk>/hand-over/", handing.choose, name="hand_over"),
    path("people/<uuid:pk>/hand-over/confirm/", handing.confirm, name="hand_over_confirm"),
    path("people/<uuid:pk>/invitation/", inviting.renew, name="renew"),
    path("roles/", people.roles, name="roles"),
    path("shared/", sharing.shared, name="shared"),
    path("towns/", sharing.towns, name="towns"),
    path("towns/list.<str:kind>", sharing.towns_export, name="towns_export"),
    path("towns/report/<uuid:pk>/", sharing.town_report, name="town_report"),
    path("notifications/", notifications.listing, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications_read"),
    path("notifications/<uuid:pk>/open/", notifications.open_one, name="notification_open"),
    path("audit/", audit.record, name="audit"),
    path("audit/record.<str:kind>", audit.export, name="audit_export"),
    path("audit/verify/", audit.verify, name="audit_verify"),
]
