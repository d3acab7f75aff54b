"""Two cycles side by side in words and pictures: for the page and for the workbook."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from merilo.assessment import messages, words
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, LineKind
from merilo.assessment.queries.comparing import SideBySide
from merilo.assessment.rules.comparison import REWORDED, Change, Reason
from merilo.core.numbers import rounded
from merilo.framework.catalogue import Criterion, Framework, Scale
from merilo.web import charts, drawings

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
KINDS = {
    LineKind.STRENGTH.value: gettext_lazy("Strengths"),
    LineKind.AREA.value: gettext_lazy("Areas for improvement"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean of a panel in the later cycle, and in words what it was before."""

    value: str
    label: str
    before: str


def refusal(found: SideBySide) -> str:
    """Why the points are not set against each other; empty where they are."""
    if found.refusal is None:
        return ""
    if found.refusal.reason is Reason.OTHER_FRAMEWORK:
        return _(
            "The two were done by different frameworks (%(before)s; %(after)s). Their sub-criteria ask "
            "different things, so nothing of them is set side by side."
        ) % {"before": _framework(found.before), "after": _framework(found.after)}
    if found.refusal.reason is Reason.OTHER_METHOD:
        return _(
            "The two were scored by different methods (%(before)s; %(after)s). Their points mean different "
            "things: both stand here, without a difference. The texts are compared."
        ) % {"before": method_of(found.before), "after": method_of(found.after)}
    return _(
        "The two were scored on different scales (%(before)s; %(after)s). Both stand here, without a "
        "difference. The texts are compared."
    ) % {"before": found.refusal.previous, "after": found.refusal.current}


def cautions(found: SideBySide) -> Iterator[str]:
    """What a reader should know of what is compared, and what is not compared at all."""
    if found.is_foreign:
        return
    if found.changed_edition:
        yield _("The framework's edition changed between the two cycles.")
    if entered := [one.title for one in (found.before, found.after) if one.is_entered]:
        yield _("Done elsewhere and entered afterwards: %(titles)s.") % {"titles": ", ".join(entered)}
    if found.mapped:
        yield messages.caf_2013()
    for cycle, codes in ((found.before, found.only_before), (found.after, found.only_after)):
        if codes:
            yield _("Only in “%(title)s”, therefore not compared: %(codes)s.") % {
                "title": cycle.title,
                "codes": ", ".join(codes),
            }
    if found.uneven:
        yield ngettext(
            "In criterion %(codes)s not the same sub-criteria were scored in both cycles: "
            "the difference of its mean says less.",
            "In criteria %(codes)s not the same sub-criteria were scored in both cycles: "
            "the differences of their means say less.",
            len(found.uneven),
        ) % {"codes": ", ".join(found.uneven)}


def is_reworded(found: SideBySide, code: str) -> bool:
    """Whether a sub-criterion asked something else in the earlier model."""
    return found.mapped and code in REWORDED


def method_of(assessment: Assessment) -> str:
    """The scoring method in words."""
    return framework_of(assessment).method(assessment.method).title.in_language(words.language())


def _framework(assessment: Assessment) -> str:
    return framework_of(assessment).title.in_language(words.language())


# --- pictures -----------------------------------------------------------------------------------------


def by_criterion(found: SideBySide) -> charts.Drawing:
    """The means of the criteria, panels apart."""
    language, framework = words.language(), found.framework
    groups = [
        charts.Group(
            panel.title.in_language(language) if len(framework.panels) > 1 else "",
            [_bar(found, criterion) for criterion in framework.criteria_on(panel.code)],
        )
        for panel in framework.panels
    ]
    return _drawn(found, _("Change by criterion"), _("Criterion"), groups)


def by_item(found: SideBySide, codes: Collection[str] | None = None) -> charts.Drawing:
    """The points of the sub-criteria, or of those with these codes only, criteria apart."""
    language = words.language()
    groups = [
        charts.Group(
            f"{criterion.code}. {criterion.short.in_language(language)}",
            [
                charts.Bar(
                    pair.item.code,
                    pair.item.short.in_language(language),
                    pair.change.after,
                    pair.change.before,
                )
                for pair in found.of(criterion)
                if codes is None or pair.item.code in codes
            ],
        )
        for criterion in found.framework.criteria
    ]
    shown = [group for group in groups if group.bars]
    return _drawn(found, _("Change by sub-criterion"), _("Sub-criterion"), shown)


def _bar(found: SideBySide, criterion: Criterion) -> charts.Bar:
    change = found.change_of(criterion.code)
    before, after = (change.before, change.after) if change else (None, None)
    return charts.Bar(criterion.code, criterion.short.in_language(words.language()), after, before)


def _drawn(found: SideBySide, title: str, item: str, groups: Sequence[charts.Group]) -> charts.Drawing:
    chart = charts.Bars(
        title,
        groups,
        now=found.after.title,
        before=found.before.title,
        description=charts.dumbbells_in_words(groups, drawings.words()),
        scale=_axis(found.framework, found.after.method),
    )
    drawing = charts.dumbbells(chart, words=drawings.words())
    return replace(drawing, head=(item, *heads(found), drawing.head[-1]))


def heads(found: SideBySide) -> tuple[str, str]:
    """The two cycles as heads of narrow columns: the year each names, where these tell them apart."""
    before, after = (_YEAR.search(cycle.title) for cycle in (found.before, found.after))
    if not before or not after or before[0] == after[0]:
        return found.before.title, found.after.title
    return before[0], after[0]


def _axis(framework: Framework, method: str) -> charts.Scale:
    """The scale as a rule with the limits of its bands."""
    scale = framework.scale_for(framework.items[0].code, method)
    marks = tuple(sorted({scale.minimum, *_limits(scale), scale.maximum}))
    return charts.CAF if marks == charts.CAF.marks else charts.Scale(marks)


def _limits(scale: Scale) -> list[int]:
    component = scale.components[0].code if scale.components else None
    return [band.low - 1 for band in scale.bands_of(component)[1:]]


# --- the whole in a sentence --------------------------------------------------------------------------


def summary(found: SideBySide) -> str:
    """How many criteria are higher, lower, the same; empty where points are not compared."""
    changes = [change.difference for change in found.criteria]
    if found.refusal is not None or not any(value is not None for value in changes):
        return ""
    known = [value for value in changes if value is not None]
    return _("Criteria: %(higher)s higher, %(lower)s lower, %(same)s unchanged.") % {
        "higher": sum(rounded(value) > 0 for value in known),
        "lower": sum(rounded(value) < 0 for value in known),
        "same": sum(rounded(value) == 0 for value in known),
    }


def figures(found: SideBySide) -> list[Figure]:
    """The mean of each panel, with the difference."""
    said, language = drawings.words(), words.language()
    return [
        Figure(
            said.number(change.after),
            _("mean: %(panel)s")
            % {"panel": found.framework.panel(change.code).title.in_language(language).lower()},
            _("before: %(value)s, difference: %(change)s")
            % {"value": said.number(change.before), "change": said.signed(change.difference)},
        )
        for change in found.panels
    ]


def points(found: SideBySide) -> list[tuple[str, str, str]]:
    """Name and points of both cycles where no difference may be made: criteria, each with its items."""
    said, language = drawings.words(), words.language()
    rows: list[tuple[str, Change | None]] = []
    for criterion in found.framework.criteria:
        title = f"{criterion.code}. {criterion.title.in_language(language)}"
        rows.append((title, found.change_of(criterion.code)))
        for pair in found.of(criterion):
            rows.append((f"{pair.item.code} {pair.item.short.in_language(language)}", pair.change))
    return [(name, said.number(row.before), said.number(row.after)) for name, row in rows if row]
