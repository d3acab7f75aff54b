"""The door of accounts."""

from __future__ import annotations

from merilo.accounts.actions import anonymise, make_person
from merilo.accounts.daily import daily_address
from merilo.accounts.directory import names_of, operators, people, person
from merilo.accounts.models import Person
from merilo.accounts.operating import (
    appoint,
    make_operator,
    password_address,
    reinstate,
    suspend,
    unmake_operator,
)
from merilo.accounts.permissions import is_operator, require_operator
from merilo.accounts.proving import ask_once_more, proof_address, service_alone
from merilo.accounts.second_factor import contribute_leads
from merilo.accounts.services import Service, ServiceSource, contribute_services
from merilo.accounts.signing_in import may_sign_up, send_reset, sign_in

__all__ = [
    "Person",
    "Service",
    "ServiceSource",
    "anonymise",
    "appoint",
    "ask_once_more",
    "contribute_leads",
    "contribute_services",
    "daily_address",
    "is_operator",
    "make_operator",
    "make_person",
    "may_sign_up",
    "names_of",
    "operators",
    "password_address",
    "people",
    "person",
    "proof_address",
    "reinstate",
    "require_operator",
    "send_reset",
    "service_alone",
    "sign_in",
    "suspend",
    "unmake_operator",
]
