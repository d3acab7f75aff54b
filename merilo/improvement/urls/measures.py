"""The measures of a plan, one of them with all that belongs to it, and those of the viewer."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import (
    activities,
    aims,
    board,
    gantt,
    importing,
    matrix,
    measures,
    running,
    workbook,
)

ALL = "<uuid:plan>/measures/"
ONE = f"{ALL}<uuid:measure>/"
urlpatterns = [
    path("mine/", running.mine, name="mine"),
    path(ALL, board.table, name="measures"),
    path(f"{ALL}calendar/", gantt.calendar, name="calendar"),
    path(f"{ALL}matrix/", matrix.matrix, name="matrix"),
    path(f"{ALL}new/", measures.new, name="new_measure"),
    path(f"{ALL}table/", importing.choose, name="import"),
    path(f"{ALL}table/columns/", importing.columns, name="import_columns"),
    path(f"{ALL}excel/", workbook.workbook, name="workbook"),
    path(f"{ALL}excel/file/", workbook.download, name="workbook_file"),
    path(f"{ALL}excel/take/", workbook.take, name="workbook_take"),
    path(f"{ALL}activities/", activities.listing, name="activities"),
    path(ONE, measures.one, name="measure"),
    path(f"{ONE}what/", measures.edit, {"part": "what"}, name="measure_what"),
    path(f"{ONE}who/", measures.edit, {"part": "who"}, name="measure_who"),
    path(f"{ONE}means/", measures.edit, {"part": "means"}, name="measure_means"),
    path(f"{ONE}dates/", measures.edit, {"part": "dates"}, name="measure_dates"),
    path(f"{ONE}items/", measures.items, name="measure_items"),
    path(f"{ONE}move/", measures.move, name="measure_move"),
    path(f"{ONE}remove/", measures.remove, name="measure_remove"),
    path(f"{ONE}check-in/", running.check_in, name="check_in"),
    path(f"{ONE}activities/new/", activities.new, name="new_activity"),
    path(f"{ONE}activities/<uuid:activity>/", activities.edit, name="activity"),
    path(f"{ONE}activities/<uuid:activity>/dates/", activities.dates, name="activity_dates"),
    path(f"{ONE}activities/<uuid:activity>/report/", running.report_activity, name="activity_report"),
    path(f"{ONE}activities/<uuid:activity>/remove/", activities.remove, name="activity_remove"),
    path(f"{ONE}indicators/new/", aims.new, name="new_measured"),
    path(f"{ONE}indicators/begin/", aims.begin, name="begin_measured"),
    path(f"{ONE}indicators/<int:measured>/", aims.edit, name="measured"),
    path(f"{ONE}indicators/<int:measured>/remove/", aims.remove, name="measured_remove"),
]
