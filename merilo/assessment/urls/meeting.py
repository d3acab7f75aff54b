from __future__ import annotations

from django.urls import URLPattern, path

from merilo.assessment.views import meeting, meeting_minutes, meeting_people

ROOM = "a/<uuid:pk>/meeting/"

urlpatterns: list[URLPattern] = [
    path(ROOM, meeting.room, name="meeting"),
    path(f"{ROOM}open/", meeting.start, name="meeting_open"),
    path(f"{ROOM}take/", meeting.take, name="meeting_take"),
    path(f"{ROOM}pause/", meeting.pause, name="meeting_pause"),
    path(f"{ROOM}order/", meeting.order, name="meeting_order"),
    path(f"{ROOM}vote/", meeting.open_vote, name="meeting_vote"),
    path(f"{ROOM}vote/close/", meeting.close_vote, name="meeting_vote_close"),
    path(f"{ROOM}agree/<str:code>/", meeting.agree, name="meeting_agree"),
    path(f"{ROOM}undo/<str:code>/", meeting.undo, name="meeting_undo"),
    path(f"{ROOM}end/", meeting.end, name="meeting_end"),
    path(f"{ROOM}people/", meeting_people.people, name="meeting_people"),
    path(f"{ROOM}codes/", meeting_people.codes, name="meeting_codes"),
    path(f"{ROOM}wall/", meeting_people.wall, name="meeting_wall"),
    path(f"{ROOM}wall/off/", meeting_people.wall_off, name="meeting_wall_off"),
    path(f"{ROOM}<uuid:meeting>/minutes/", meeting_minutes.minutes, name="meeting_minutes"),
    path(f"{ROOM}<uuid:meeting>/minutes/<slug:format_>/", meeting_minutes.document, name="meeting_document"),
]
