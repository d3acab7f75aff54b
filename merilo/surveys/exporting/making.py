"""The kinds of files of a closed survey, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.files import KINDS
from merilo.core.romanisation import slug
from merilo.surveys.analysis.contents import said
from merilo.surveys.exporting import report
from merilo.surveys.exporting.codebook import Study, ddi
from merilo.surveys.exporting.csv_file import CsvOptions, csv
from merilo.surveys.exporting.dataset import Dataset, dataset_of, in_all
from merilo.surveys.exporting.json_file import as_json
from merilo.surveys.exporting.statistics_file import sav
from merilo.surveys.exporting.texts_file import texts_csv
from merilo.surveys.exporting.workbook import Figures, xlsx
from merilo.surveys.models import Entry
from merilo.surveys.queries import files as queries
from merilo.surveys.queries import results
from merilo.surveys.queries.results import Results

Step = Callable[[int], None]
Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: `has_answers` of single people, which only who runs surveys may take away."""

    ending: str
    content_type: str
    title: Lazy | str
    about: Lazy | str
    has_answers: bool = False


def quiet(_done: int) -> None:
    """Nobody waits to hear how far it is."""


FORMATS: dict[str, Format] = {
    "report-pdf": Format(
        "pdf",
        KINDS["pdf"][0],
        gettext_lazy("Report, PDF"),
        gettext_lazy("How people were asked, then every question with chart, table and figures."),
    ),
    "report-docx": Format(
        "docx",
        KINDS["docx"][0],
        gettext_lazy("Report, Word"),
        gettext_lazy("The same report, to be edited."),
    ),
    "results": Format(
        "xlsx",
        KINDS["xlsx"][0],
        gettext_lazy("Results, Excel"),
        gettext_lazy("All figures and breakdowns as they stand on the pages, with charts; the codebook."),
    ),
    "texts": Format(
        "csv",
        "text/csv; charset=utf-8",
        gettext_lazy("Open answers, CSV"),
        gettext_lazy("Those that were read, as they may be shown, in random order."),
    ),
    "codebook": Format(
        "xml",
        "application/xml",
        gettext_lazy("Codebook, DDI 2.5"),
        gettext_lazy("What was asked and what each value means, for archives of data."),
    ),
    "csv": Format(
        "csv",
        "text/csv; charset=utf-8",
        gettext_lazy("Answers, CSV"),
        gettext_lazy("One line for each response, for any program."),
        has_answers=True,
    ),
    "xlsx": Format(
        "xlsx",
        KINDS["xlsx"][0],
        gettext_lazy("Answers, Excel"),
        gettext_lazy("One row for each response; results and codebook on further sheets."),
        has_answers=True,
    ),
    "sav": Format(
        "sav",
        "application/x-spss-sav",
        gettext_lazy("Answers, SPSS (.sav)"),
        gettext_lazy("With labels, values and codes for no answer; R and Stata read it too."),
        has_answers=True,
    ),
    "zsav": Format(
        "zsav",
        "application/x-spss-sav",
        gettext_lazy("Answers, SPSS packed (.zsav)"),
        gettext_lazy("The same, smaller, for SPSS 21 and later."),
        has_answers=True,
    ),
    "json": Format(
        "json",
        "application/json",
        gettext_lazy("Answers, JSON"),
        gettext_lazy("The questionnaire and its answers, for programs."),
        has_answers=True,
    ),
}


def name_of(found: Results, kind: str) -> str:
    """What the file is called on somebody's disk."""
    title = slug(said(dict(found.definition.title.entries), found.definition.languages[0]))[:60].strip("-")
    return f"{title or 'survey'}-{kind.partition('-')[0]}.{FORMATS[kind].ending}"


def made(
    kind: str, found: Results, options: Options, *, language: str, at: datetime, step: Step = quiet
) -> Iterable[bytes]:
    """The file in pieces; `step` hears how far it is in per cent. Errors: NoTable, KeyError."""
    return _MADE[kind](found, options, language, at, step)


def _csv(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    chosen = CsvOptions(
        labels=bool(options.get("labels")),
        semicolon=bool(options.get("semicolon")),
        mark=bool(options.get("mark", True)),
    )
    dataset = dataset_of(found)
    return _stepping(csv(dataset, chosen, language), dataset, step)


def _json(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    dataset = dataset_of(found)
    return _stepping(as_json(dataset), dataset, step)


def _stepping(pieces: Iterable[bytes], dataset: Dataset, step: Step) -> Iterable[bytes]:
    for place, piece in enumerate(pieces):
        step(min(99, 100 * place * 5_000 // max(dataset.size, 1)))
        yield piece


def _sav(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return [sav(dataset_of(found), language)]


def _zsav(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return [sav(dataset_of(found), language, packed=True)]


def _xlsx(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return _workbook(found, dataset_of(found), language, at, step)


def _results(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return _workbook(found, None, language, at)


def _workbook(
    found: Results, dataset: Dataset | None, language: str, at: datetime, step: Step = quiet
) -> Iterable[bytes]:
    """With the answers or, without them, with the codebook alone."""
    codebook = dataset or (dataset_of(found) if queries.has_answers(found) else None)
    with translation.override(language):
        facts = [(_("Title"), report.title_of(found, language)), *report.facts_of(found)]
    figures = Figures(results.contents(found), queries.tables_of(found), facts)
    accent = report.accent_of(found)
    return xlsx(figures, dataset, codebook=codebook, language=language, accent=accent, at=at, step=step)


def _codebook(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    dataset, survey = dataset_of(found), found.survey
    days = [day for day, _count in found.tallies["days"]] or [at.date().isoformat()]
    entry = in_all(found.definition, lambda: Entry(survey.entry).label)
    study = Study(
        survey.short, survey.organisation.name, (days[0], days[-1]), found.responses, found.invited, entry
    )
    return [ddi(dataset, study, at)]


def _texts(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return [texts_csv(queries.texts_of(found), language)]


def _pdf(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return [report.as_pdf(found, language, with_texts=bool(options.get("texts")), at=at)]


def _docx(found: Results, options: Options, language: str, at: datetime, step: Step) -> Iterable[bytes]:
    return [report.as_docx(found, language, with_texts=bool(options.get("texts")), at=at)]


_MADE: dict[str, Callable[[Results, Options, str, datetime, Step], Iterable[bytes]]] = {
    "csv": _csv,
    "json": _json,
    "sav": _sav,
    "zsav": _zsav,
    "xlsx": _xlsx,
    "results": _results,
    "codebook": _codebook,
    "texts": _texts,
    "report-pdf": _pdf,
    "report-docx": _docx,
}
