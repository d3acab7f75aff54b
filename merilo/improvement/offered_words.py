"""What a measure is offered because of, in words."""

from __future__ import annotations

from collections.abc import Sequence

from merilo.core import references
from merilo.core.references import Reference, Standing
from merilo.improvement.models import Draft, Measure
from merilo.improvement.queries import drafts as queries
from merilo.improvement.queries.drafts import Source
from merilo.organisations.api import Viewer
from merilo.web.referring import figure_words, standing_words, when_words


def source_words(source: Source) -> dict[str, str]:
    """What somebody saw in words, where it stands, and what has become of it since."""
    seen = source.reference.snapshot
    figure = " ".join(filter(None, (seen.measure and f"{seen.measure}:", figure_words(seen))))
    return {
        "title": seen.title,
        "told": " · ".join(filter(None, (figure, when_words(seen), seen.source))),
        "path": seen.path if source.now.standing in {Standing.SAME, Standing.CHANGED} else "",
        "since": standing_words(source.now),
    }


def sources_of(viewer: Viewer, measure: Measure) -> list[dict[str, str]]:
    """What a measure was offered because of; nothing where nobody offered it."""
    offered = queries.draft_behind(measure)
    return told_sources(viewer, offered) if offered else []


def seen_now(viewer: Viewer, chosen: Sequence[Reference]) -> list[dict[str, str]]:
    """What was chosen just now in another room."""
    now = references.resolve_all(chosen, viewer)
    return [source_words(Source(one, found)) for one, found in zip(chosen, now, strict=True)]


def told_sources(viewer: Viewer, offered: Draft) -> list[dict[str, str]]:
    """All that a draft is offered because of."""
    return [source_words(one) for one in queries.sources_of(viewer, [offered]).get(offered.pk, [])]
