"""The door of accounts."""

from __future__ import annotations

from merilo.accounts.actions import anonymise, make_person
from merilo.accounts.models import Person
from merilo.accounts.signing_in import may_sign_up, sign_in

__all__ = ["Person", "anonymise", "make_person", "may_sign_up", "sign_in"]
