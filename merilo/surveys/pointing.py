"""Results of surveys as things that other rooms point at (core.references).

The id of a result is "<survey>/<item>/<figure>", the figure being mean, top, nps or "share:<answer>".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from merilo.core.references import Kind, Place, Reference, Snapshot
from merilo.organisations.api import Viewer, address
from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.analysis.variables import NO
from merilo.surveys.models import Entry
from merilo.surveys.queries import using
from merilo.surveys.queries.results import Results
from merilo.surveys.showing import answer_words
from merilo.web.templatetags.words import day

CODE = "survey"
TITLE = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an item: its code, what it is, its value as shown and its unit."""

    code: str
    measure: str
    value: Decimal
    unit: str = ""
    better: str = ""


def places(viewer: Viewer) -> Iterator[Place]:
    """The closed surveys, with when they were closed and how many answered."""
    for survey in using.usable(viewer):
        count = survey.answered  # type: ignore[attr-defined]  # counted with the surveys
        told = ngettext("%(count)s response", "%(count)s responses", count)
        closed = _("closed on %(day)s") % {"day": day(survey.closed_at)}
        yield Place(str(survey.pk), survey.named, f"{closed} · {told % {'count': number_format(count)}}")


def offered(viewer: Viewer, place: str) -> Iterator[Reference]:
    """Every figure of a survey that may be pointed at, in the order of its questions."""
    results = using.results_for(viewer, [place])[place]
    if results is None:
        return
    for content in using.figures_of(results):
        for figure in figures(content):
            key = f"{results.survey.pk}/{content['item']}/{figure.code}"
            group = said(content["text"], get_language() or "en")
            yield Reference(CODE, key, snapshot(viewer, results, content, figure), group=group)


def look(viewer: Viewer, ids: Collection[str]) -> dict[str, Snapshot | None]:
    """What results are now. Whoever may not read surveys learns nothing, not even that they are gone."""
    if not viewer.can("survey.read"):
        return {}
    keys = {one: one.split("/", 2) for one in ids}
    results = using.results_for(viewer, {parts[0] for parts in keys.values()})
    return {one: _now(viewer, results[parts[0]], parts[1:]) for one, parts in keys.items()}


def _now(viewer: Viewer, results: Results | None, parts: list[str]) -> Snapshot | None:
    if results is None or len(parts) != 2:
        return None
    item, code = parts
    content = using.content_of(results, item)
    found = next((one for one in figures(content) if one.code == code), None) if content else None
    return snapshot(viewer, results, content, found) if content and found else None


# --- figures --------------------------------------------------------------------------------------
def figures(content: Content) -> Iterator[Figure]:
    """The figures of an item: of a scale its mean and top answers, else the share of each answer."""
    found = content["figures"]
    if mean := found.get("mean"):
        low_high = found.get("scale")
        words = (
            _("Mean, from %(low)s to %(high)s") % {"low": low_high[0], "high": low_high[1]}
            if low_high
            else _("Mean")
        )
        yield Figure("mean", words, _rounded(mean["value"], 2), better="higher" if low_high else "")
    if top := found.get("top"):
        yield Figure("top", _("The two best answers"), _percent(top["value"]), "%", "higher")
    if nps := found.get("nps"):
        yield Figure("nps", _("Net promoter score"), _rounded(nps["value"], 0), better="higher")
    if not found and content["kind"] not in {"ranking", "date"}:
        yield from _shares(content)


def _shares(content: Content) -> Iterator[Figure]:
    for answer in content["answers"]:
        if answer["share"] is not None and answer["code"] not in {"", NO}:
            words = _("Share of “%(answer)s”") % {"answer": answer_words(answer)}
            yield Figure(f"share:{answer['code']}", words, _percent(answer["share"]), "%")


def _percent(share: float) -> Decimal:
    return _rounded(share * 100, 1)


def _rounded(value: float, places: int) -> Decimal:
    """As the results page writes it."""
    return Decimal(f"{value:.{places}f}")


def snapshot(viewer: Viewer, results: Results, content: Content, figure: Figure) -> Snapshot:
    """What is seen of a figure, in the language of the page."""
    survey, days = results.survey, results.tallies["days"]
    language = get_language() or "en"
    about = [said(content["text"], language), said(content["row"], language)]
    where = address(viewer, "surveys:results", survey=survey.pk)
    return Snapshot(
        title=" – ".join(filter(None, about))[:TITLE],
        figure=figure.value,
        unit=figure.unit,
        measure=figure.measure,
        n=content["base"] - content["unknown"],
        method=_method(results),
        first=date.fromisoformat(days[0][0]),
        last=date.fromisoformat(days[-1][0]),
        source=survey.named,
        path=f"{where}#q-{content['question']}",
        better=figure.better,
    )


def _method(results: Results) -> str:
    survey = results.survey
    asked = _("Anonymous questionnaire") if survey.is_anonymous else _("Questionnaire with names")
    told = [f"{asked} {ASKED.get(survey.audience, '')}".rstrip(), str(ENTERED[Entry(survey.entry)])]
    if results.invited:
        told.append(_("%(count)s invited") % {"count": number_format(results.invited)})
    return ", ".join(one for one in told if one)


ASKED = {
    "citizens": gettext_lazy("among citizens"),
    "businesses": gettext_lazy("among businesses"),
    "employees": gettext_lazy("among employees"),
    "councillors": gettext_lazy("among councillors"),
}
ENTERED = {
    Entry.OPEN: gettext_lazy("open to everybody with the address"),
    Entry.INVITED: gettext_lazy("by personal invitation"),
}
KIND = Kind(CODE, gettext_lazy("Results of surveys"), places, offered, look)
