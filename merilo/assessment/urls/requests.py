from __future__ import annotations

from django.urls import URLPattern, path

from merilo.assessment.views import requests

LIST = "a/<uuid:pk>/evidence/requests/"
ONE = f"{LIST}<uuid:ask>/"

urlpatterns: list[URLPattern] = [
    path(LIST, requests.listed, name="requests"),
    path(f"{LIST}new/", requests.new, name="request_new"),
    path(ONE, requests.one, name="request"),
    path(f"{ONE}remind/", requests.remind, name="request_remind"),
    path(f"{ONE}deadline/", requests.lengthen, name="request_lengthen"),
    path(f"{ONE}accept/", requests.accept, name="request_accept"),
    path(f"{ONE}return/", requests.give_back, name="request_return"),
    path(f"{ONE}withdraw/", requests.withdraw, name="request_withdraw"),
    path(f"{ONE}<int:thing>/file/", requests.thing_file, name="request_file"),
]
