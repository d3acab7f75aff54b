"""Open answers: as they were written, for those who read them; what is left of them, for everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from merilo.core.errors import Refused
from merilo.core.stems import matches, wanted
from merilo.organisations.api import Viewer
from merilo.surveys import permissions
from merilo.surveys.models import OpenText, Survey, Tag, TextState


@dataclass(frozen=True, slots=True)
class Ready:
    """An open answer that may leave the room: what is shown of it, and what it is about."""

    text: str
    language: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which texts are listed: words in any form, a state, a tag."""

    text: str = ""
    state: str = ""
    tag: str = ""


def require_reading(viewer: Viewer, survey: Survey) -> None:
    """Raise Refused unless the viewer may read open answers as they were written."""
    if not permissions.may_read_texts(viewer, survey):
        raise Refused(
            _("Open answers are read after the closing, by those whose role it is. Ask the coordinator.")
        )


def counts_of(viewer: Viewer, survey: Survey) -> list[tuple[str, dict[str, int]]]:
    """How many texts each item has in each state. Errors: Refused."""
    require_reading(viewer, survey)
    found: dict[str, dict[str, int]] = {}
    rows = _copied(survey).order_by("item", "state").values_list("item", "state")
    for item, state, count in rows.annotate(count=Count("pk")):
        found.setdefault(item, {})[state] = count
    return list(found.items())


def texts_of(viewer: Viewer, survey: Survey, item: str, filters: Filters) -> Sequence[OpenText]:
    """The texts of an item that pass the filters, in their random order. Errors: Refused.

    Without a search they stay in the database; with one all are read, for only our stems know word forms.
    """
    require_reading(viewer, survey)
    found = _copied(survey).filter(item=item).order_by("id").prefetch_related("tags")
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.tag:
        tag = as_id(filters.tag)
        found = found.filter(tags=tag) if tag else found.none()
    if filters.text:
        sought = wanted(filters.text)
        # A QuerySet counts itself; what is searched is counted where it is.
        return [row for row in found if matches(row.text or row.shown, sought)]
    return cast("Sequence[OpenText]", found)


def _copied(survey: Survey) -> QuerySet[OpenText]:
    """The texts of a survey; none while they are being copied, for what is there may have to go again."""
    return OpenText.objects.filter(survey=survey, survey__copier=None)


def as_id(text: str) -> UUID | None:
    """The id that was sent, None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def text_of(viewer: Viewer, survey: Survey, pk: UUID) -> OpenText:
    """One text. Errors: Refused, OpenText.DoesNotExist."""
    require_reading(viewer, survey)
    return _copied(survey).prefetch_related("tags").get(pk=pk)


def next_new(viewer: Viewer, text: OpenText) -> OpenText | None:
    """The next text of the same question that nobody has read, None after the last."""
    require_reading(viewer, text.survey)
    waiting = OpenText.objects.filter(survey=text.survey_id, item=text.item, state=TextState.NEW)
    waiting = waiting.exclude(pk=text.pk).order_by("id")
    return waiting.filter(pk__gt=text.pk).first() or waiting.first()


def tags_of(viewer: Viewer, survey: Survey) -> QuerySet[Tag]:
    """All tags of a survey; `used` is the number of its texts with the tag. Errors: Refused."""
    require_reading(viewer, survey)
    return Tag.objects.filter(survey=survey).annotate(used=Count("texts")).order_by("name", "id")


def tag_of(viewer: Viewer, survey: Survey, pk: UUID) -> Tag:
    """One tag. Errors: Refused, Tag.DoesNotExist."""
    return tags_of(viewer, survey).get(pk=pk)


# --- what leaves the room ---------------------------------------------------------------------
def ready_texts(viewer: Viewer, survey: Survey, item: str) -> list[Ready]:
    """What may be shown of the open answers to an item, in random order.

    None of them where fewer people answered than a figure must stand for: then the question is not shown.
    Errors: Refused.
    """
    _require_results(viewer, survey)
    if not _is_enough(survey, item):
        return []
    rows = OpenText.objects.filter(survey=survey, item=item, state=TextState.READY).exclude(shown="")
    return [
        Ready(row.shown, row.language, tuple(tag.name for tag in row.tags.all()))
        for row in rows.order_by("id").prefetch_related("tags")
    ]


def tag_counts(viewer: Viewer, survey: Survey, item: str) -> list[tuple[str, int | None]]:
    """How many open answers to an item have each tag, most first; None below the floor. Errors: Refused.

    Withheld ones are counted too: they were written. Nothing where the question is not shown.
    """
    _require_results(viewer, survey)
    if not _is_enough(survey, item):
        return []
    said = Count("texts", filter=Q(texts__item=item))
    rows = Tag.objects.filter(survey=survey).annotate(said=said).order_by("-said", "name")
    counts: Counter[str] = Counter({tag.name: tag.said for tag in rows if tag.said})
    return [(name, count if count >= survey.floor else None) for name, count in counts.most_common()]


def _require_results(viewer: Viewer, survey: Survey) -> None:
    if not permissions.may_see_results(viewer, survey):
        raise Refused(_("Results are there after the closing, for those who may see them."))


def _is_enough(survey: Survey, item: str) -> bool:
    return OpenText.objects.filter(survey=survey, item=item).count() >= survey.floor
