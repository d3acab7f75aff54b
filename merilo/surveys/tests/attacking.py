"""Somebody with everything that is stored tries to tell whose answer is whose.

They know in which order people answered, on which day and in which language, and have every table with the
hidden columns of its rows, the file of the database with its free pages, and the mails.
"""

from __future__ import annotations

import random
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from merilo.core.models import OutgoingMail
from merilo.surveys.models import Invitation, Response, Survey, UsedForm
from tests.people import an_organisation
from tests.surveys import a_survey

_STORY = "Чаках дълго на гишето, но служителката ми помогна. "


@dataclass(frozen=True)
class Known:
    """What is known of one person: when they answered, as a place in the order, and the rest of the trace."""

    place: int
    address: str
    day: date
    language: str
    secret: str  # a mark in their answer that only the test knows


def a_town_that_answers(people: int, *, seed: int) -> tuple[Survey, list[Known]]:
    """A survey that everybody invited has answered, each in a transaction of the shape that sending has."""
    dice = random.Random(seed)
    survey = a_survey(an_organisation(), entry="invited")
    rows = [_invited(survey, number, dice) for number in range(people)]
    Invitation.objects.bulk_create(sorted(rows, key=lambda _row: dice.random()))
    OutgoingMail.objects.bulk_create(_mail_to(row) for row in rows)
    dice.shuffle(rows)
    days = [timezone.localdate() - timedelta(days=before) for before in range(9, -1, -1)]
    known = [
        Known(place, row.address, days[place * 10 // people], row.language, f"mark{place:05}")
        for place, row in enumerate(rows)
    ]
    for row, one in zip(rows, known, strict=True):
        _answer(survey, row, one, dice)
    return survey, known


def _invited(survey: Survey, number: int, dice: random.Random) -> Invitation:
    language = "en" if dice.random() < 0.02 else "bg"
    token = secrets.token_hex(32)
    return Invitation(
        survey=survey, address=f"p{number}@town.example", language=language, token_hash=token, mailed=1
    )


def _mail_to(row: Invitation) -> OutgoingMail:
    now = timezone.now()
    about = f"invited:{row.survey_id.hex}:{row.pk.hex}"
    sent = {"created_at": now, "not_before": now, "sent_at": now, "sender": "merilo@town.example"}
    return OutgoingMail(recipient=row.address, subject="Покана", about=about, **sent)


@transaction.atomic
def _answer(survey: Survey, row: Invitation, one: Known, dice: random.Random) -> None:
    UsedForm.objects.create(key=secrets.token_hex(16), survey=survey, until=one.day + timedelta(days=2))
    wishes = f"{one.secret} {_STORY * dice.randrange(1, 5)}"
    Response.objects.bulk_create(
        [
            Response(
                survey=survey,
                version=1,
                day=one.day,
                source="invited",
                language=one.language,
                answers={"age": dice.choice(["young", "middle", "old"]), "wishes": wishes},
            )
        ]
    )
    Invitation.objects.filter(pk=row.pk).update(used=True)


# --- what the attacker does -----------------------------------------------------------------------
Dump = list[dict[str, Any]]
Guess = dict[str, str]  # address → the secret of the answer that is taken for theirs


def dump(model: Any, *hidden: str) -> Dump:
    """Every row of a table with its hidden columns, in the order in which the database hands them out."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {"".join(f"{name}, " for name in hidden)} t.* FROM "{table}" t')  # noqa: S608
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def hidden_columns() -> tuple[str, ...]:
    """What a database notes of a row besides its columns."""
    if connection.vendor == "postgresql":
        return ("xmin::text::bigint AS xmin", "ctid::text AS ctid")
    return ("rowid",)


def _in_order(rows: Dump, *keys: str) -> Iterator[Dump]:
    """The rows in every order that somebody might take for that of answering."""
    yield rows
    for key in keys:
        yield sorted(rows, key=lambda row: _place(row[key]))


def _place(value: Any) -> Any:
    """Something that sorts as a database counts: numbers, and pairs of page and place."""
    text = str(value)
    return tuple(map(int, text.strip("()").split(","))) if text.startswith("(") else text.zfill(20)


def guesses(known: Sequence[Known]) -> Iterator[tuple[str, Guess]]:
    """Every way to match people with answers that the stored rows suggest."""
    hidden = hidden_columns()
    names = [column.split()[-1] for column in hidden]
    responses, used = dump(Response, *hidden), dump(Invitation, *hidden)
    people = sorted(known, key=lambda one: one.place)
    for number, order in enumerate(_in_order(responses, "id", *names)):
        yield f"order {number}", _matched([one.address for one in people], order)
        yield f"order {number} within day and language", _within(people, order)
        for other, marks in enumerate(_in_order(used, *names)):
            yield f"order {number} beside marks {other}", _matched([row["address"] for row in marks], order)
    longest = sorted(responses, key=lambda row: len(str(row["answers"])))
    yield "length", _within(people, longest)
    yield "transaction", _same_transaction(responses, used)


def _matched(addresses: Sequence[str], rows: Dump) -> Guess:
    return {address: secret_in(row) for address, row in zip(addresses, rows, strict=True)}


def _within(people: Sequence[Known], rows: Dump) -> Guess:
    """The nth of a day and language with the nth answer of the same; who is left is not guessed."""
    waiting: Mapping[tuple[str, str], list[str]] = defaultdict(list)
    for row in reversed(rows):
        waiting[str(row["day"]), row["language"]].append(secret_in(row))
    found = {}
    for one in people:
        if left := waiting[str(one.day), one.language]:
            found[one.address] = left.pop()
    return found


def _same_transaction(responses: Dump, used: Dump) -> Guess:
    """Rows that one transaction stored alone."""
    if "xmin" not in (responses[0] if responses else {}):
        return {}
    by: Mapping[int, list[Dump]] = defaultdict(lambda: [[], []])
    for place, rows in enumerate((responses, used)):
        for row in rows:
            by[row["xmin"]][place].append(row)
    alone = [(one, two) for one, two in by.values() if len(one) == len(two) == 1]
    return {two[0]["address"]: secret_in(one[0]) for one, two in alone}


def secret_in(row: dict[str, Any]) -> str:
    """The mark in an answer."""
    text = str(row["answers"])
    return text[text.index("mark") :][:9]


def share_right(known: Sequence[Known], guess: Guess) -> float:
    """The share of all people whose answer was found."""
    return sum(guess.get(one.address) == one.secret for one in known) / len(known)


def order_in_file(path: Path, known: Sequence[Known]) -> float:
    """How often in the raw file the mark of the next person follows that of the one before."""
    content, order = path.read_bytes(), {one.secret: one.place for one in known}
    found = (match[0].decode() for match in re.finditer(rb"mark\d{5}", content))
    places = [order[mark] for mark in found]
    follows = [later - earlier == 1 for earlier, later in pairwise(places)]
    return sum(follows) / max(1, len(follows))
