from __future__ import annotations

import pytest

from merilo.core import secret
from merilo.core.errors import Conflict


def test_a_code_is_read_however_it_was_typed():
    code = secret.new_code()
    assert len(code) == secret.DIGITS
    assert secret.typed(secret.spaced(code)) == code
    assert secret.typed(f" {code[:2]}-{code[2:]} ") == code


def test_a_digest_depends_on_purpose_and_secret():
    assert secret.digest_of("wall", "a") != secret.digest_of("device", "a")
    assert secret.digest_of("wall", "a") != secret.digest_of("wall", "b")
    assert secret.digest_of("wall", "a") == secret.digest_of("wall", "a")


def test_tokens_are_long_and_never_alike():
    tokens = {secret.new_token() for _n in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)


def test_what_is_sealed_is_read_again_for_its_purpose_alone():
    sealed = secret.seal("second-factor", "тайна")
    assert "тайна" not in sealed
    assert secret.unseal("second-factor", sealed) == "тайна"
    with pytest.raises(Conflict):
        secret.unseal("sign-in-service", sealed)


def test_a_sealed_secret_outlives_a_change_of_key_while_the_earlier_one_is_kept(settings):
    sealed = secret.seal("second-factor", "тайна")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert secret.unseal("second-factor", sealed) == "тайна"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Conflict):
        secret.unseal("second-factor", sealed)
