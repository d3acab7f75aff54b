"""Explanations and examples as a viewer's organisation words them."""

from __future__ import annotations

from merilo.assessment.models import OwnWording
from merilo.assessment.rules.own_wording import Texts, Worded, worded
from merilo.framework.catalogue import Framework, Item
from merilo.organisations.api import Viewer


def texts_of(row: OwnWording | None) -> Texts:
    """What is stored, as plain texts."""
    return Texts(row.explanation, tuple(row.examples.splitlines())) if row else Texts()


def language_in(framework: Framework, language: str) -> str:
    """The language of the framework's texts that a reader of this language sees."""
    main = language.partition("-")[0]
    return next((one for one in (language, main) if one in framework.languages), framework.languages[0])


def own_wording(viewer: Viewer, framework: Framework, code: str, language: str) -> OwnWording | None:
    """What the organisation stored for one sub-criterion in one language. One query."""
    own = OwnWording.objects.filter(organisation=viewer.organisation, framework=framework.code)
    return own.filter(code=code, language=language).select_related("changed_by").first()


def wording_of(viewer: Viewer, framework: Framework, item: Item, language: str) -> Worded:
    """What the organisation's people see of one sub-criterion. One query."""
    shown = language_in(framework, language)
    return worded(item, shown, texts_of(own_wording(viewer, framework, item.code, shown)))


def wordings_of(viewer: Viewer, framework: Framework, language: str) -> dict[str, Worded]:
    """The same for all sub-criteria by their numbers. One query."""
    shown = language_in(framework, language)
    rows = OwnWording.objects.filter(
        organisation=viewer.organisation, framework=framework.code, language=shown
    )
    own = {row.code: texts_of(row) for row in rows}
    return {item.code: worded(item, shown, own.get(item.code, Texts())) for item in framework.items}
