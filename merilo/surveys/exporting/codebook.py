"""The codebook of a survey as DDI-Codebook 2.5: what was asked, of whom, and what each value means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.translation import gettext as _
from django.utils.translation import override

from merilo.surveys.exporting.dataset import AWAY, MISSING, Dataset, Field, Texts, in_all
from merilo.surveys.rules.definition import Definition

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Study:
    """What is known of a survey besides its questionnaire; `period` are ISO days."""

    id: str
    organisation: str
    period: tuple[str, str]
    responses: int
    invited: int
    entry: Mapping[str, str]  # who could answer, by language


def ddi(dataset: Dataset, study: Study, at: datetime) -> bytes:
    """The codebook as XML; every text in all languages of the questionnaire."""
    definition = dataset.definition
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", LANGUAGE: definition.languages[0]})
    _document(root, definition, study, at)
    _study(root, dataset, study)
    file = SubElement(SubElement(root, "fileDscr", ID="F1"), "fileTxt")
    SubElement(file, "fileName").text = f"{study.id}.csv"
    size = SubElement(file, "dimensns")
    SubElement(size, "caseQnty").text = str(dataset.size)
    SubElement(size, "varQnty").text = str(len(dataset.fields))
    data = SubElement(root, "dataDscr")
    for place, one in enumerate(dataset.fields, start=1):
        _variable(data, f"V{place}", one, definition)
    indent(root)
    text: str = tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _told(parent: Element, tag: str, texts: Texts, **attributes: str) -> None:
    """One element for each language that a text has."""
    for language, text in texts.items():
        SubElement(parent, tag, {LANGUAGE: language, **attributes}).text = text


def _titles(parent: Element, definition: Definition, study: Study) -> Element:
    citation = SubElement(parent, "citation")
    title = SubElement(citation, "titlStmt")
    main, *others = definition.title.entries
    SubElement(title, "titl", {LANGUAGE: main[0]}).text = main[1]
    _told(title, "parTitl", dict(others))
    SubElement(title, "IDNo").text = study.id
    return citation


def _document(root: Element, definition: Definition, study: Study, at: datetime) -> None:
    citation = _titles(SubElement(root, "docDscr"), definition, study)
    made = SubElement(citation, "prodStmt")
    SubElement(made, "producer").text = study.organisation
    SubElement(made, "prodDate", date=at.date().isoformat()).text = at.date().isoformat()


def _study(root: Element, dataset: Dataset, study: Study) -> None:
    definition = dataset.definition
    told = SubElement(root, "stdyDscr")
    citation = _titles(told, definition, study)
    author = SubElement(citation, "rspStmt")
    SubElement(author, "AuthEnty").text = study.organisation
    about = SubElement(told, "stdyInfo")
    if definition.description:
        _told(about, "abstract", dict(definition.description.entries))
    summary = SubElement(about, "sumDscr")
    for event, day in zip(("start", "end"), study.period, strict=True):
        SubElement(summary, "collDate", date=day, event=event).text = day
    _told(summary, "anlyUnit", in_all(definition, lambda: _("Person")))
    _told(summary, "universe", study.entry)
    _told(summary, "dataKind", in_all(definition, lambda: _("Answers to a survey")))
    method = SubElement(told, "method")
    collected = SubElement(method, "dataColl")
    _told(collected, "collMode", in_all(definition, lambda: _("Questionnaire filled in by the person asked")))
    if dataset.left_out:
        for text in dataset.left_out:
            notes = {
                language: _left_out(text.get(language, ""), language) for language in definition.languages
            }
            _told(method, "notes", notes, type="confidentiality")
    if study.invited:
        rate = f"{100 * study.responses / study.invited:.1f} % ({study.responses}/{study.invited})"
        SubElement(SubElement(method, "anlyInfo"), "respRate").text = rate


def _left_out(text: str, language: str) -> str:
    with override(language):
        return _("Left out so that nobody can be recognised: %(text)s") % {"text": text}


# --- variables --------------------------------------------------------------------------------
def _variable(data: Element, name: str, one: Field, definition: Definition) -> None:
    discrete = "discrete" if one.kind == "coded" else "contin"
    measure = {"nominal": "nominal", "ordinal": "ordinal", "scale": "ratio"}[one.measure]
    told = SubElement(data, "var", ID=name, name=one.name, files="F1", intrvl=discrete, nature=measure)
    _told(told, "labl", one.text, level="variable")
    if one.question:
        question = SubElement(told, "qstn", ID=f"Q{name[1:]}")
        _told(question, "qstnLit", dict(definition.question(one.question).text.entries))
    if one.kind != "written" and one.question:
        missing = SubElement(told, "invalrng")
        for value in (MISSING, AWAY):
            SubElement(missing, "item", VALUE=str(value))
    for value, text, is_missing in _values(one, definition):
        category = SubElement(told, "catgry", {"missing": "Y"} if is_missing else {})
        SubElement(category, "catValu").text = str(value)
        _told(category, "labl", text, level="category")
    kind = "character" if one.kind == "written" else "numeric"
    format_ = SubElement(told, "varFormat", type=kind)
    if one.kind == "day":
        format_.set("category", "date")


def _values(one: Field, definition: Definition) -> Iterator[tuple[int, Texts, bool]]:
    """The values of a coded field, what each is called, whether it stands for no answer."""
    if one.kind != "coded":
        return
    for value in one.answers:
        yield value.number, value.text, False
    yield MISSING, in_all(definition, lambda: _("No answer")), True
    yield AWAY, in_all(definition, lambda: _("Not asked")), True
