"""The gallery: every component with its examples, every chart, a form with all fields."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from merilo.web import component as components
from merilo.web import forms
from merilo.web.charts import (
    Axis,
    Bar,
    Bars,
    CycleChart,
    Distribution,
    Dots,
    Drawing,
    Group,
    Line,
    Mark,
    Radar,
    Range,
    Ranges,
    Schedule,
    Share,
    Stretch,
    Year,
    bars,
    cycle,
    distribution,
    dots,
    dumbbells,
    dumbbells_in_words,
    line,
    radar,
    ranges,
    schedule,
)
from merilo.web.drawings import words
from merilo.web.items import Band, Cell, CellRow, CycleStep, Link, Part, Placed


@dataclass(frozen=True, slots=True)
class Shown:
    """A component as the gallery shows it."""

    name: str
    about: str
    properties: list[str]
    examples: Template


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    context = {
        "shown": [_shown(name) for name in components.names()],
        "example": examples(),
        "charts": charts(),
        "form": wrong_form(),
    }
    return render(request, "web/gallery.html", context)


def _shown(name: str) -> Shown:
    kind = components.component(name)
    spec = components.spec(kind)
    words = [key if key in spec.required else f"{key}={f.default!r}" for key, f in spec.properties.items()]
    return Shown(name, inspect.getdoc(kind) or "", words, components.examples(name))


def examples() -> dict[str, Any]:
    """Values for the examples."""
    return {
        "crumbs": [Link(_("Self-assessment 2026"), "#"), Link(_("Report"), "#")],
        "errors": [Link(_("Enter a score from 51 to 70"), "#ex_points_3"), Link(_("Choose a unit"), "#")],
        "page": Paginator(range(480), 20).page(7),
        "views": [Link(_("Task list"), "#", current=True), Link(_("Timeline"), "#"), Link(_("Table"), "#")],
        "previous": Link(_("1.1 Direction"), "#"),
        "next": Link(_("1.3 Motivating people"), "#"),
        "steps": cycle_steps(),
        "day": date(2026, 11, 28),
        "later": date(2026, 12, 5),
        "bands": bands(),
        "points": {"3": "62"},
        "parts": parts(),
        "part_values": {"plan": "60", "do": "45", "check": "120", "act": ""},
        "part_errors": {
            "check": _("Enter a whole number from %(low)s to %(high)s") % {"low": 0, "high": 100}
        },
        "lines": [
            _("The goals of the directorates follow from the programme and are reported every six months."),
            _("Mayor and secretary go through the results with the directors every Monday."),
        ],
        "bars": criteria(),
        "range": spread(),
        "cell_heads": ["1", "2"],
        "cell_rows": [
            CellRow(
                "2", [Cell(corner=_("Key measures")), Cell([Placed("5", _("Waiting time"), "#", "ontime")])]
            ),
            CellRow("1", [Cell([Placed("7", _("Clear language"), "#", "late")]), Cell()]),
        ],
    }


def bands() -> list[Band]:
    """The bands of the example scale."""
    return [
        Band(
            0,
            10,
            pgettext("phase", "None"),
            _("We are not active here or have only single pieces of information."),
        ),
        Band(11, 30, pgettext("phase", "Plan"), _("We have a plan how to do it.")),
        Band(31, 50, pgettext("phase", "Do"), _("We are doing it.")),
        Band(
            51, 70, pgettext("phase", "Check"), _("We check whether we do the right things in the right way.")
        ),
        Band(
            71,
            90,
            pgettext("phase", "Act"),
            _("On the strength of the checks we make the changes that are needed."),
        ),
        Band(
            91,
            100,
            pgettext("phase", "Whole cycle"),
            _("We plan, do, check and improve regularly and learn from others."),
        ),
    ]


def parts() -> list[Part]:
    """The components of the example fine-tuned score."""
    return [
        Part(
            "plan",
            pgettext("phase", "Plan"),
            _("Planning follows from needs and expectations and reaches all parts concerned."),
        ),
        Part("do", pgettext("phase", "Do"), _("What was planned is carried out in all parts concerned.")),
        Part("check", pgettext("phase", "Check"), _("Processes are measured by indicators and reviewed.")),
        Part(
            "act",
            pgettext("phase", "Act"),
            _("Corrections and improvements follow from the results of the checks."),
        ),
    ]


def cycle_steps() -> list[CycleStep]:
    """The ten steps, the fifth being worked on."""
    names = [
        pgettext("step", "Decide and plan"),
        pgettext("step", "Communicate"),
        pgettext("step", "Compose the group"),
        pgettext("step", "Train"),
        pgettext("step", "Assess"),
        pgettext("step", "Report"),
        pgettext("step", "Improvement plan"),
        pgettext("step", "Communicate the plan"),
        pgettext("step", "Carry out"),
        pgettext("step", "Next assessment"),
    ]
    phases = {1: _("Preparation"), 3: _("Self-assessment"), 7: _("Improvement")}
    return [
        CycleStep(
            n,
            name,
            "past" if n < 5 else "now" if n == 5 else "next",
            "#" if n <= 5 else "",
            phases.get(n, ""),
        )
        for n, name in enumerate(names, start=1)
    ]


_CRITERIA = ((48, 41), (44, 38), (52, 50), (47, 40), (56, 45), (39, 34), (None, 44), (35, 28), (45, 41))


def _criteria_names() -> list[str]:
    return [
        _("Leadership"),
        _("Strategy and planning"),
        _("People"),
        _("Partnerships and resources"),
        _("Processes"),
        _("Citizen-oriented results"),
        _("People results"),
        _("Social responsibility results"),
        _("Key performance results"),
    ]


def criteria() -> Drawing:
    """Nine criteria with the last cycle."""
    rows = [
        Bar(str(n), name, now, before)
        for n, (name, (now, before)) in enumerate(zip(_criteria_names(), _CRITERIA, strict=True), start=1)
    ]
    groups = [Group(_("Enablers"), rows[:5]), Group(_("Results"), rows[5:])]
    title, told = _("Scores of nine criteria, 2026 and 2024"), _("The same numbers stand in the table.")
    return bars(Bars(title, groups, "2026", "2024", told), words=words())


def change() -> Drawing:
    """Three criteria in two cycles."""
    pairs = zip(_criteria_names()[:3], _CRITERIA[:3], strict=True)
    group = Group("", [Bar(str(n), name, now, before) for n, (name, (now, before)) in enumerate(pairs, 1)])
    told = dumbbells_in_words([group], words())
    return dumbbells(Bars(_("Change by criterion"), [group], "2026", "2024", told), words=words())


def spread() -> Drawing:
    """Ranges of three sub-criteria."""
    rows = [
        Range(_("1.1 Direction"), 35, 60, 48),
        Range(_("1.2 Managing performance"), 25, 70, 45),
        Range(_("1.3 Motivating people"), None, None),
    ]
    return ranges(Ranges(_("Spread of the scores"), rows), words=words())


def timetable() -> Drawing:
    """Two measures on a calendar, one of them late."""
    first, last, today = date(2026, 7, 1), date(2026, 10, 31), date(2026, 11, 22)
    rows = [
        Stretch("7", _("Waiting time"), first, last, 35, today, (_("Waiting time"), "35 %")),
        Stretch("3", _("Clear language"), first, date(2027, 1, 31), 50, None, (_("Clear language"), "50 %")),
    ]
    months = [str(number) for number in range(1, 13)]
    return schedule(Schedule(_("The schedule"), rows, months, today, "22.11.2026", (_("Item"), "%")))


def charts() -> list[tuple[str, Drawing]]:
    """Every kind of chart, by name."""
    axes = [
        Axis(str(n), name, *pair)
        for n, (name, pair) in enumerate(zip(_criteria_names(), _CRITERIA, strict=True), 1)
    ]
    whole = [Axis(a.number, a.label, a.value or 42, a.before) for a in axes]
    scores = [25, 35, 40, 40, 45, 45, 50, 55, 60, 70]
    phases = [band.phase for band in bands()]
    steps = [Mark(s.number, s.label, s.state == "past", s.state == "now") for s in cycle_steps()]
    shares = [
        Share(_("Waiting at the desk"), [2, 4, 11, 38, 29]),
        Share(_("Clear language"), [0, 9, 21, 30, 24]),
    ]
    levels = [_("no"), _("rather no"), _("neither"), _("rather yes"), _("yes")]
    years = [Year("2022", 34), Year("2023", 31), Year("2024", None), Year("2025", 18), Year("2026", 11)]
    said = words()
    return [
        ("bars", criteria()),
        ("radar", radar(Radar(_("Shape of the result"), whole, "2026", "2024"), words=said)),
        ("radar, one not scored", radar(Radar(_("Shape with a gap"), axes, "2026", "2024"), words=said)),
        ("dots", dots(Dots(_("Ten scores, 1.2"), scores, (45,), bands=phases), words=said)),
        (
            "dots, interval",
            dots(Dots(_("Four scores, 2.4"), [88, 90, 97, 97], (90, 97), bands=phases), words=said),
        ),
        ("distribution", distribution(Distribution(_("Answers"), levels, shares), words=said)),
        ("dumbbells", change()),
        ("ranges", spread()),
        ("line", line(Line(_("Waiting time"), years, _("minutes"), 10), words=said)),
        ("cycle", cycle(CycleChart(_("The cycle"), steps), words=said)),
        ("schedule", timetable()),
    ]


class ExampleForm(forms.Form):
    """A form with every kind of field."""

    once_key = False

    name = forms.CharField(label=gettext_lazy("Name of the organisation"))
    about = forms.CharField(
        label=gettext_lazy("Scope of the assessment"), widget=forms.Textarea, required=False
    )
    signed_on = forms.DateField(label=gettext_lazy("Date of the order"))
    opens_at = forms.TimeField(label=gettext_lazy("Begins at"), required=False)
    budget = forms.DecimalField(label=gettext_lazy("Budget, €"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), widget=forms.Select)
    method = forms.ChoiceField(label=gettext_lazy("Scoring method"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=[("bg", "Български"), ("en", "English")], required=False
    )
    agreed = forms.BooleanField(label=gettext_lazy("The staff have been acquainted with it"))
    paper = forms.FileField(label=gettext_lazy("Signed order"), kinds=[".pdf", ".docx"], required=False)
    strengths = forms.LinesField(
        label=gettext_lazy("Strengths"), noun=gettext_lazy("Strength"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Choose the highest degree for which there is evidence.")
        self.fields["unit"].choices = [("", _("Choose a unit")), ("1", _("Finance directorate"))]  # type: ignore[attr-defined]
        self.fields["method"].choices = [("classical", _("Classical")), ("fine", _("Fine-tuned"))]  # type: ignore[attr-defined]
        self.fields["score"] = forms.ScoreField(
            label=_("Your score"), bands=bands(), help_text=hint, required=True
        )
        self.fields["points"] = forms.PointsField(
            label=_("Your score by phase"), parts=parts(), bands=bands()
        )


def wrong_form() -> ExampleForm:
    """The form as it comes back with mistakes."""
    return ExampleForm(
        {
            "name": "",
            "signed_on": "31.02.2026 г.",
            "budget": "1 800,00",
            "method": "fine",
            "strengths": [_("One desk for 42 services")],
            "score-band": "3",
            "score-points-3": "75",
            "points-plan": "60",
            "points-do": "4O",
        }
    )
