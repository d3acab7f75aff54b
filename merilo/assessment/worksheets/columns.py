"""The columns of the tables, with titles in every language: a table is read whatever its language."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from merilo.assessment.models import LineKind
from merilo.assessment.rules.scoring import SINGLE
from merilo.assessment.rules.worksheet import CANNOT, CODE, READY, REASON, TITLE, Table
from merilo.framework.catalogue import Component, Framework, Scale


def title(key: str) -> str:
    """The title of a column in the language that is spoken now; components carry the model's own titles."""
    return {
        CODE: _("No."),
        TITLE: _("Sub-criterion"),
        SINGLE: _("Points"),
        CANNOT: _("Cannot judge"),
        REASON: _("Why I cannot judge"),
        LineKind.STRENGTH.value: _("Strengths"),
        LineKind.AREA.value: _("Areas for improvement"),
        LineKind.IDEA.value: _("Ideas for measures"),
        READY: pgettext("sub-criterion", "Ready"),
    }[key]


def components(scales: Iterable[Scale]) -> dict[str, Component]:
    """All components of some scales by code."""
    return {part.code: part for scale in scales for part in scale.components}


def scale_columns(scale: Scale, language: str) -> list[tuple[str, str]]:
    """Key and title of the columns with the points."""
    if not scale.components:
        return [(SINGLE, title(SINGLE))]
    return [(part.code, part.title.in_language(language)) for part in scale.components]


def answers() -> tuple[str, str]:
    """The words for yes and no that a list offers."""
    return _("yes"), _("no")


def table_of(framework: Framework, method: str, needed: tuple[str, ...]) -> Table:
    """What a table of this framework and method looks like in every language, the reader's first."""
    scales = {item.code: framework.scale_for(item.code, method) for item in framework.items}
    titles: dict[str, str] = {}
    words: dict[str, bool] = {}
    parts = components(scales.values())
    languages = [language for language, _name in settings.LANGUAGES]
    for language in sorted(languages, key=lambda one: one != translation.get_language()):
        with translation.override(language):
            titles |= {title(key): key for key in (CODE, TITLE, *([] if parts else [SINGLE]), *needed)}
            titles |= {part.title.in_language(language): code for code, part in parts.items()}
            yes, no = answers()
            words |= {yes.casefold(): True, no.casefold(): False}
    return Table(titles, scales, words, needed)
