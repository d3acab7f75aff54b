"""Criteria, points, places and decisions of a plan."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import priorities, scoring

urlpatterns = [
    path("<uuid:plan>/priorities/", priorities.priorities, name="priorities"),
    path("<uuid:plan>/priorities/criteria/", priorities.criteria, name="criteria"),
    path("<uuid:plan>/priorities/order/", priorities.sensitivity, name="sensitivity"),
    path("<uuid:plan>/priorities/measures/", priorities.make_measures, name="make_measures"),
    path("<uuid:plan>/priorities/mine/", scoring.scoring, name="scoring"),
    path("<uuid:plan>/priorities/mine/table/", scoring.score_table, name="score_table"),
    path("<uuid:plan>/priorities/mine/<uuid:proposal>/", scoring.score, name="score"),
    path("<uuid:plan>/priorities/group/", scoring.agreeing, name="agreeing"),
    path("<uuid:plan>/priorities/group/table/", scoring.agree_table, name="agree_table"),
    path("<uuid:plan>/priorities/group/<uuid:proposal>/", scoring.agree, name="agree"),
]
