"""What everybody may read: published results of surveys, also as open data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from merilo.core import files
from merilo.organisations.api import Organisation
from merilo.surveys import showing
from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.models import Publication
from merilo.surveys.queries import publications

HEAD = ("item", "question", "by", "group", "answer", "people", "share")


def _published_or_404(slug: str) -> Publication:
    try:
        return publications.published_survey(slug)
    except Publication.DoesNotExist as error:
        raise Http404 from error


def _named(organisation: Organisation) -> str:
    """An organisation in the reader's language."""
    return organisation.name_en if organisation.name_en and get_language() == "en" else organisation.name


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All published results of this installation."""
    language = get_language() or ""
    rows = [
        {
            "publication": row,
            "title": said(row.content["title"], language),
            "organisation": _named(row.survey.organisation),
        }
        for row in publications.published()[:200]
    ]
    return render(request, "surveys/public/index.html", {"rows": rows})


@require_safe
def survey(request: HttpRequest, result: str) -> HttpResponse:
    """One survey's published results."""
    row = _published_or_404(result)
    request.organisation = row.survey.organisation  # type: ignore[attr-defined]
    content, language = row.content, get_language() or ""
    context = {
        "publication": row,
        "content": content,
        "title": said(content["title"], language),
        "weighted_by": [
            (said(told["text"], language), told["source"])
            for told in (content.get("weighted") or {}).get("by", ())
        ],
        "period": [date.fromisoformat(day) for day in content["period"] if day],
        "rate": showing.percent(content["responses"] / content["invited"]) if content["invited"] else "",
        "questions": showing.questions(content["items"]),
        "tables": [showing.breakdown(table) for table in content["tables"]],
        "texts": [{**told, "title": said(told["text"], language)} for told in content["texts"]],
    }
    return render(request, "surveys/public/survey.html", context)


@require_safe
def data(request: HttpRequest, result: str, format_: str) -> HttpResponse:
    """The same figures as a file; hidden ones stay hidden."""
    row = _published_or_404(result)
    if not row.open_data or format_ not in {"csv", "json"}:
        raise Http404
    if format_ == "json":
        text = json.dumps(row.content, ensure_ascii=False, indent=1)
        return files.attachment(text, name=f"{result}.json", content_type="application/json")
    return files.attachment(as_csv(row.content), name=f"{result}.csv", content_type="text/csv; charset=utf-8")


def as_csv(content: Content) -> str:
    """One line for each count: of everybody, then by groups; :c for what is hidden."""
    file = io.StringIO()
    file.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(file)
    writer.writerow(HEAD)
    for item in content["items"]:
        writer.writerows(_item_lines(item))
    for table in content["tables"]:
        writer.writerows(_table_lines(table))
    return file.getvalue()


def _item_lines(item: Content) -> Iterator[tuple[Any, ...]]:
    language = get_language() or ""
    name = " ".join(filter(None, (said(item["text"], language), said(item["row"], language))))
    if item["hidden"]:
        yield item["item"], name, "", "", "", showing.HIDDEN, ""
        return
    for answer in item["answers"]:
        yield item["item"], name, "", "", showing.answer_words(answer), answer["count"], answer["share"]


def _table_lines(table: Content) -> Iterator[tuple[Any, ...]]:
    language = get_language() or ""
    name = " ".join(filter(None, (said(table["text"], language), said(table["row"], language))))
    by = said(table["by_text"], language)
    for row in table["rows"]:
        cells = zip(table["columns"], row["cells"], row["shares"], strict=True)
        for column, count, share in cells:
            shown = showing.HIDDEN if count is None else count
            yield table["item"], name, by, showing.joined(row), showing.joined(column), shown, share
