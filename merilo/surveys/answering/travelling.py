"""Answers on their way from page to page: in an encrypted field, never in a cookie or a session."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from merilo.core import secret
from merilo.core.once import new_key
from merilo.surveys.models import Source, Survey

PURPOSE = "survey.form"
GOOD_FOR = timedelta(hours=12)
MOST = 2_000_000  # bytes of answers; longer ones nobody wrote on a page of ours


@dataclass(frozen=True, slots=True)
class Form:
    """One form that somebody is filling in.

    `key` makes it count once, `look` names the frame its pages are drawn in and `guarded` says whether a
    computation was asked for when that was looked up; `shown` are the questions that
    stand on the page, `checking` says that the person came back from checking the answers. `files` are name,
    ending and bytes of uploads by their hash; `code` is the digest of a code that went out by mail. `typed`
    are the field values, by question, that a page was left with and that are no answers.
    """

    survey: str
    short: str
    version: int
    language: str
    begun: int  # seconds since 1970
    key: str
    source: str = Source.LINK.value
    token: str = ""  # digest of the personal link
    look: str = ""
    guarded: bool = False
    screen: str = ""
    shown: tuple[str, ...] = ()
    checking: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, tuple[str, str, int]] = field(default_factory=dict)
    typed: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    code: str = ""

    def is_over(self, at: datetime) -> bool:
        """Whether it was open for too long, so that its key is not kept any more."""
        return at.timestamp() > self.begun + GOOD_FOR.total_seconds()

    @property
    def seed(self) -> str:
        """What random orders are drawn from: with a personal link the same when somebody goes on later."""
        return self.token or self.key

    @property
    def until(self) -> date:
        """The last day on which its key has to be known."""
        return (datetime.fromtimestamp(self.begun, tz=UTC) + GOOD_FOR).date() + timedelta(days=1)

    def packed(self) -> str:
        """The form as it stands in a field of the page."""
        values = ((name, getattr(self, name)) for name in _NAMES)
        plain = {name: value for name, value in values if value not in _NOTHING}
        return secret.pack(PURPOSE, json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())

    def renewed(self, at: datetime) -> Form:
        """The same answers in a form that counts anew."""
        return replace(self, key=new_key(), begun=int(at.timestamp()), code="")


_NOTHING: tuple[Any, ...] = ("", (), {}, False)
_NAMES = frozenset(made.name for made in fields(Form))


def begun(
    survey: Survey,
    version: int,
    language: str,
    at: datetime,
    *,
    source: str = Source.LINK.value,
    token: str = "",
) -> Form:
    """A form nobody has written in yet."""
    seconds = int(at.timestamp())
    return Form(
        survey.pk.hex, survey.short, version, language, seconds, new_key(), source=source, token=token
    )


def unpacked(packed: str, short: str) -> Form | None:
    """The form in a field of this survey's page; None where somebody else wrote it, or under a lost key."""
    content = secret.unpack(PURPOSE, packed, most=MOST) if len(packed) < MOST else None
    plain = json.loads(content) if content else {}
    if plain.get("short") != short or not plain.keys() <= _NAMES:
        return None
    plain["shown"] = tuple(plain.get("shown", ()))
    return Form(**plain)
