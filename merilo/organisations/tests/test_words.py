from __future__ import annotations

import pytest
from django.utils import translation

from merilo.core import verbs
from merilo.organisations import messages
from merilo.organisations.countries import COUNTRIES
from merilo.organisations.roles import PERMISSIONS, ROLES


@pytest.mark.parametrize(
    "words",
    [
        *messages.PASTED.values(),
        *messages.INVITATION_STATES.values(),
        *messages.KEPT.values(),
        *messages.VERBS.values(),
        *PERMISSIONS.values(),
        *(role.name for role in ROLES.values()),
        *(role.sentence for role in ROLES.values()),
        *(name for _, name in COUNTRIES),
    ],
)
def test_every_word_chosen_by_a_code_exists_in_bulgarian(words):
    with translation.override("en"):
        english = str(words)
    with translation.override("bg"):
        assert str(words) != english


def test_verbs_are_known_by_their_words():
    with translation.override("en"):
        assert verbs.words_of("unit.added") == "added a unit"
        assert verbs.words_of("unheard.of") == "unheard.of"
        assert list(verbs.known().values()) == sorted(verbs.known().values())


def test_every_permission_of_a_role_has_words():
    assert {code for role in ROLES.values() for code in role.may} == set(PERMISSIONS)
