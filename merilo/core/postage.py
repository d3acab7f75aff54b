"""How many mails one person may cause in a day: who may invite must not be able to flood strangers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from merilo.core import limits, requests
from merilo.core.limits import Rate

DAY = 24 * 3600
ONE_DAY = timedelta(seconds=DAY)
# A large administration invites everybody on one day; nobody gets twenty mails of one kind on it.
PER_PERSON: Rate = {"most": 1000, "seconds": DAY}
PER_NETWORK: Rate = {"most": 2000, "seconds": DAY}
PER_ADDRESS: Rate = {"most": 20, "seconds": DAY}


def pay(*, by: object, to: Sequence[str], at: datetime | None = None) -> None:
    """Count the mails that somebody is about to cause, in the transaction that writes them.

    Errors: TooMany, when person, network or a receiver has had enough for the day.
    """
    limits.hit("mails-by", str(by), **PER_PERSON, times=len(to), at=at)
    limits.hit("mails-from", requests.origin(), **PER_NETWORK, times=len(to), at=at)
    for address in to:
        limits.hit("mails-to", address, **PER_ADDRESS, at=at)
