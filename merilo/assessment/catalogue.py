"""The framework an assessment was started from, read from its pinned edition."""

from __future__ import annotations

from functools import lru_cache

from merilo.assessment.models import Assessment, FrameworkEdition
from merilo.framework.catalogue import Framework
from merilo.framework.loading import from_json


@lru_cache(maxsize=32)
def _framework(fingerprint: str, content: str) -> Framework:
    return from_json(content)


def framework_in(edition: FrameworkEdition) -> Framework:
    """The framework of an edition; parsed once per process, for a pinned text never changes."""
    return _framework(edition.fingerprint, edition.content)


def framework_of(assessment: Assessment) -> Framework:
    """The framework of an assessment (its edition is expected to be loaded with it)."""
    return framework_in(assessment.edition)
