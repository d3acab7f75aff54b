"""The framework an assessment was started from, read from its pinned edition."""

from __future__ import annotations

from merilo.assessment.models import Assessment, FrameworkEdition
from merilo.framework.catalogue import Framework
from merilo.framework.loading import from_json

_MOST_KEPT = 32
_kept: dict[str, Framework] = {}


def framework_in(edition: FrameworkEdition) -> Framework:
    """The framework of an edition; parsed once per process, for a pinned text never changes.

    The text itself is only read the first time: queries may leave it out (`defer`).
    """
    found = _kept.pop(edition.fingerprint, None) or from_json(edition.content)
    _kept[edition.fingerprint] = found
    if len(_kept) > _MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    return found


def framework_of(assessment: Assessment) -> Framework:
    """The framework of an assessment (its edition is expected to be loaded with it)."""
    return framework_in(assessment.edition)
