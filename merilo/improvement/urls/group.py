"""The group of a plan."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import group as views

urlpatterns = [
    path("<uuid:plan>/group/", views.group, name="group"),
    path("<uuid:plan>/group/tasks/", views.mandate, name="mandate"),
    path("<uuid:plan>/group/order/", views.order, name="order"),
    path("<uuid:plan>/group/order/file/", views.order_file, name="order_file"),
    path("<uuid:plan>/group/<uuid:seat>/", views.seat, name="seat"),
    path("<uuid:plan>/group/<uuid:seat>/remove/", views.remove, name="remove_seat"),
]
