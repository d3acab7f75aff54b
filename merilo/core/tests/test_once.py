from __future__ import annotations

import pytest

from merilo.core.models import OnceKey
from merilo.core.once import new_key, run_once

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_a_repeat_has_no_effect_and_gets_the_first_answer():
    effects = []

    def effect():
        effects.append(1)
        return f"/answer/{len(effects)}/"

    key = new_key()
    assert [run_once(key, owner="a", effect=effect) for _ in range(3)] == ["/answer/1/"] * 3
    assert len(effects) == 1


def test_another_person_with_the_same_key_has_an_effect_of_their_own():
    key = new_key()
    assert run_once(key, owner="a", effect=lambda: "/a/") == "/a/"
    assert run_once(key, owner="b", effect=lambda: "/b/") == "/b/"


def test_a_failed_effect_leaves_the_key_unused():
    key = new_key()

    def failing():
        raise ValueError

    with pytest.raises(ValueError):
        run_once(key, owner="a", effect=failing)
    assert not OnceKey.objects.exists()
    assert run_once(key, owner="a", effect=lambda: "/a/") == "/a/"


@pytest.mark.parametrize("key", ["", "x" * 65, "a\0b", "ключ", "a b"])
def test_without_a_usable_key_every_form_counts(key):
    assert [run_once(key, owner="a", effect=lambda: "/a/") for _ in range(2)] == ["/a/", "/a/"]
    assert not OnceKey.objects.exists()


def test_keys_differ():
    assert len({new_key() for _ in range(1000)}) == 1000
