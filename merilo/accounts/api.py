"""The door of accounts."""

from __future__ import annotations

from merilo.accounts.models import Person

__all__ = ["Person"]
