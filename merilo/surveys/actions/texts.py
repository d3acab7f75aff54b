"""Reading open answers: what is shown of them, what they are about, and forgetting how they were written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, MeriloError
from merilo.core.texts import clean_line, clean_text
from merilo.organisations.api import Viewer, record
from merilo.surveys.models import OpenText, Survey, Tag, TextState
from merilo.surveys.queries.texts import require_reading

MOST_TAGS = 200
MOST_AT_ONCE = 500


def note_reading(*, viewer: Viewer, survey: Survey, at: datetime) -> None:
    """Record that somebody opened the answers as they were written. Errors: Refused."""
    require_reading(viewer, survey)
    with transaction.atomic():
        record(viewer, "survey.texts_read", survey, at=at)


def decide_text(
    *, viewer: Viewer, text: OpenText, shown: str, state: str, version: int, at: datetime
) -> None:
    """Say what is shown of one open answer: read, withheld, or not read yet after all.

    What was written stays beside it. Errors: Refused, MeriloError, Conflict (with the stored `text`).
    """
    require_reading(viewer, text.survey)
    shown = clean_text(shown)
    if state not in TextState.values:
        raise MeriloError(_("Choose whether the answer may be shown."), field="state")
    if state == TextState.READY and not shown:
        raise MeriloError(
            _("Nothing is left to be shown. Withhold the answer, or leave some of it."), field="shown"
        )
    with transaction.atomic():
        own = OpenText.objects.filter(pk=text.pk, version=version)
        if not own.update(shown=shown, state=state, version=F("version") + 1):
            stored = OpenText.objects.get(pk=text.pk)
            raise Conflict(_("Somebody else has decided about this answer in the meantime."), text=stored)
        record(viewer, "survey.text_decided", text.survey, {"state": state}, at=at)


def forget_raw_texts(survey: Survey) -> int:
    """Delete what was written: withheld and unread answers go, of read ones the redacted copy stays.

    For the job that keeps the promised periods, in its transaction; answers how many texts are forgotten.
    """
    own = OpenText.objects.filter(survey=survey)
    gone = own.exclude(state=TextState.READY).delete()[1].get(OpenText._meta.label, 0)
    return gone + own.exclude(text="").update(text="")


# --- tags -------------------------------------------------------------------------------------
def add_tag(*, viewer: Viewer, survey: Survey, name: str, at: datetime) -> Tag:
    """Make a tag, or find the one of this name whatever its letters' size. Errors: Refused, MeriloError."""
    require_reading(viewer, survey)
    name = _name(name)
    if found := _named(survey, name):
        return found
    if Tag.objects.filter(survey=survey).count() >= MOST_TAGS:
        raise MeriloError(
            _("There are %(most)s tags already. Merge or remove some.") % {"most": MOST_TAGS}, field="name"
        )
    with transaction.atomic():
        tag, _made = Tag.objects.get_or_create(survey=survey, name=name)
        record(viewer, "survey.tag_changed", survey, {"added": name}, at=at)
    return tag


def rename_tag(*, viewer: Viewer, tag: Tag, name: str, at: datetime) -> None:
    """Give a tag another name. Errors: Refused, MeriloError (there is one of this name: merge them)."""
    require_reading(viewer, tag.survey)
    name = _name(name)
    taken = MeriloError(_("There is a tag of this name. Merge the two instead."), field="name")
    other = _named(tag.survey, name)
    if other is not None and other.pk != tag.pk:
        raise taken
    try:
        with transaction.atomic():
            Tag.objects.filter(pk=tag.pk).update(name=name)
            record(viewer, "survey.tag_changed", tag.survey, {"before": tag.name, "after": name}, at=at)
    except IntegrityError as error:
        raise taken from error


def merge_tag(*, viewer: Viewer, tag: Tag, into: Tag, at: datetime) -> None:
    """Give the texts of one tag the other, and remove the first. Errors: Refused, MeriloError."""
    require_reading(viewer, tag.survey)
    if tag.survey_id != into.survey_id or tag.pk == into.pk:
        raise MeriloError(_("Choose another tag of this survey."), field="into")
    with transaction.atomic():
        into.texts.add(*tag.texts.order_by("pk"))
        Tag.objects.filter(pk=tag.pk).delete()
        record(viewer, "survey.tag_changed", tag.survey, {"merged": tag.name, "into": into.name}, at=at)


def remove_tag(*, viewer: Viewer, tag: Tag, at: datetime) -> None:
    """Take a tag off all texts and remove it. Errors: Refused."""
    require_reading(viewer, tag.survey)
    with transaction.atomic():
        Tag.objects.filter(pk=tag.pk).delete()
        record(viewer, "survey.tag_changed", tag.survey, {"removed": tag.name}, at=at)


def tag_texts(
    *, viewer: Viewer, survey: Survey, texts: Sequence[UUID], tag: Tag, on: bool, at: datetime
) -> int:
    """Put a tag on many texts, or take it off; answers how many there were. Errors: Refused, MeriloError."""
    require_reading(viewer, survey)
    if tag.survey_id != survey.pk:
        raise MeriloError(_("Choose another tag of this survey."), field="tag")
    if not texts:
        raise MeriloError(_("Tick the answers first."), field="texts")
    own = OpenText.objects.filter(survey=survey, pk__in=texts[:MOST_AT_ONCE]).order_by("pk")
    with transaction.atomic():
        found = list(own)
        if on:
            tag.texts.add(*found)
        else:
            tag.texts.remove(*found)
        record(viewer, "survey.texts_tagged", survey, {"tag": tag.name, "texts": len(found), "on": on}, at=at)
    return len(found)


def _name(name: str) -> str:
    cleaned = clean_line(name, 80)
    if not cleaned:
        raise MeriloError(_("Give the tag a name."), field="name")
    return cleaned


def _named(survey: Survey, name: str) -> Tag | None:
    """The tag of this name; compared here, for the embedded database knows no small Cyrillic letters."""
    return next(
        (
            tag
            for tag in Tag.objects.filter(survey=survey).order_by("pk")
            if tag.name.casefold() == name.casefold()
        ),
        None,
    )
