"""The verbs of the audit in the users' words; each room contributes its own in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

_words: dict[str, str | Promise] = {}


def contribute(words: Mapping[str, str | Promise]) -> None:
    """Add verbs and the words in which a page shows them ("unit.added": "added a unit")."""
    _words.update(words)


def words_of(verb: str) -> str:
    """The verb in words, or the verb itself where no room gave any."""
    return str(_words.get(verb, verb))


def known() -> dict[str, str]:
    """All verbs with their words in the active language, in order of the words."""
    return dict(sorted(((verb, str(words)) for verb, words in _words.items()), key=lambda pair: pair[1]))
