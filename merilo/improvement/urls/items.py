"""Areas and ideas of a plan."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import items

urlpatterns = [
    path("<uuid:plan>/items/", items.items, name="items"),
    path("<uuid:plan>/items/new/", items.new_item, name="new_item"),
    path("<uuid:plan>/items/take/", items.take, name="take"),
    path("<uuid:plan>/items/alike/", items.alike, name="alike"),
    path("<uuid:plan>/items/<uuid:item>/", items.item, name="item"),
    path("<uuid:plan>/items/<uuid:item>/split/", items.split, name="split"),
]
