from __future__ import annotations

from merilo.core import secret


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
