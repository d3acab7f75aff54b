from __future__ import annotations

from django.urls import URLPattern, path

from merilo.assessment.views import agreement, locking, statements

urlpatterns: list[URLPattern] = [
    path("a/<uuid:pk>/lock/", locking.lock, name="lock"),
    path("a/<uuid:pk>/lock/reopen/", locking.reopen, name="reopen"),
    path("a/<uuid:pk>/agree/", agreement.listing, name="agree"),
    path("a/<uuid:pk>/agree/close/", agreement.close, name="agree_close"),
    path("a/<uuid:pk>/agree/finish/", agreement.finish, name="finish"),
    path("a/<uuid:pk>/agree/resume/", agreement.resume, name="resume"),
    path("a/<uuid:pk>/agree/minutes/", agreement.minutes, name="minutes"),
    path("a/<uuid:pk>/agree/<str:code>/", agreement.item, name="agree_item"),
    path("a/<uuid:pk>/agree/<str:code>/dissent/", agreement.dissent, name="dissent"),
    path(
        "a/<uuid:pk>/agree/<str:code>/dissent/<int:dissent>/",
        agreement.dissent_withdraw,
        name="dissent_withdraw",
    ),
    path("a/<uuid:pk>/agree/<str:code>/statements/<slug:kind>/", statements.make, name="statements"),
    path("a/<uuid:pk>/agree/<str:code>/statement/<uuid:statement>/", statements.edit, name="statement"),
    path(
        "a/<uuid:pk>/agree/<str:code>/statement/<uuid:statement>/arrange/", statements.arrange, name="arrange"
    ),
    path(
        "a/<uuid:pk>/agree/<str:code>/statement/<uuid:statement>/remove/", statements.remove, name="unmerge"
    ),
]
