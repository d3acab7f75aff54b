from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.http import HttpResponse

from merilo.core import audit, requests
from merilo.core.models import AuditEntry, AuditHead, AuditPayload

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHAIN, OTHER = "town", "region"
ROWS = 7
ERASED = 3  # by row 8, the last one of the chain that is tampered with
LAST = ROWS + 1
TAMPERINGS = 1000

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def a_chain(rows=ROWS, chain=CHAIN):
    return [
        audit.record(
            f"verb.{number}",
            organisation=chain,
            actor=f"person-{number % 3}",
            target=("kind", number),
            payload={"before": number, "after": f"канарче {number}"} if number % 2 else None,
            at=NOON + timedelta(minutes=number),
        )
        for number in range(1, rows + 1)
    ]


def test_record_continues_the_chain_it_belongs_to():
    one, two = a_chain(2)
    (elsewhere,) = a_chain(1, OTHER)
    assert (one.number, one.previous) == (1, "")
    assert (two.number, two.previous) == (2, one.hash)
    assert (elsewhere.number, elsewhere.previous) == (1, "")
    assert AuditHead.objects.get(chain=CHAIN).hash == two.hash


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_stand_outside_the_change():
    with pytest.raises(RuntimeError):
        audit.record("organisation.changed")


@pytest.mark.django_db(transaction=True)
def test_record_is_undone_with_the_change():
    with transaction.atomic():
        audit.record("organisation.changed", organisation=CHAIN)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    assert not AuditHead.objects.exists()


def test_an_untouched_chain_holds():
    a_chain()
    assert audit.verify(CHAIN) is None
    assert audit.verify("nobody") is None


@pytest.mark.parametrize("change", [{"verb": "other"}, {"actor": "other"}])
def test_the_database_refuses_to_change_a_row(change):
    a_chain(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(number=1).update(**change)


def test_the_database_refuses_to_delete_a_row():
    a_chain(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(number=2)._raw_delete("default")
    assert AuditEntry.objects.count() == 2


def test_guards_stand_again_after_retention():
    a_chain(2)
    with audit.unguarded():
        AuditEntry.objects.filter(number=1).update(verb="changed")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(number=1).update(verb="verb.1")


# --- 5 000 random tamperings -------------------------------------------------------------------------


WITH_PAYLOAD = [1, 5, 7, LAST]


class Tamper:
    """One tampering: makes it and answers with the number of the row that is the first broken one."""

    def __init__(self, rng):
        self.rng = rng

    def field(self):
        number = self.rng.randint(1, LAST)
        name, value = self.rng.choice(
            [
                ("at", NOON + timedelta(minutes=number, microseconds=self.rng.randint(1, 999_999))),
                ("verb", f"verb.{number}{self.rng.choice('abc ')}"),
                ("actor", f"person-{number}-{self.rng.randint(0, 9)}"),
                ("object_kind", self.rng.choice(["kinds", "Kind", "kin"])),
                ("object_id", str(number + self.rng.randint(1, 99))),
                ("payload_hash", self.hex()),
                ("previous", self.hex()),
                ("hash", self.hex()),
                ("number", number + LAST + self.rng.randint(0, 5)),
                ("chain", self.rng.choice(["Town", "town ", "nobody"])),
            ]
        )
        AuditEntry.objects.filter(chain=CHAIN, number=number).update(**{name: value})
        return number

    def delete(self):
        number = self.rng.randint(1, LAST)
        self.drop(AuditEntry.objects.filter(chain=CHAIN, number=number))
        return number

    def cut_off(self):
        number = self.rng.randint(1, LAST)
        self.drop(AuditEntry.objects.filter(chain=CHAIN, number__gte=number))
        return number

    def swap(self):
        low, high = sorted(self.rng.sample(range(1, LAST + 1), 2))
        rows = AuditEntry.objects.filter(chain=CHAIN)
        rows.filter(number=low).update(number=1000)
        rows.filter(number=high).update(number=low)
        rows.filter(number=1000).update(number=high)
        return low

    def insert(self):
        # Whoever does not know the key can only guess the hash.
        head = AuditHead.objects.get(chain=CHAIN)
        verb = self.rng.choice(["forged", audit.ERASED])
        AuditEntry.objects.create(
            chain=CHAIN, number=LAST + 1, at=NOON, verb=verb, previous=head.hash, hash=self.hex()
        )
        return LAST + 1

    def payload_changed(self):
        number = self.with_payload()
        new = self.rng.choice(['{"after": "другo"}', "", "{", '{"before": 1}'])
        AuditPayload.objects.filter(entry__chain=CHAIN, entry__number=number).update(data=new)
        return number

    def payload_removed(self):
        number = self.with_payload()
        AuditPayload.objects.filter(entry__chain=CHAIN, entry__number=number).delete()
        return number

    def payload_added(self):
        number = self.rng.randrange(2, ROWS + 1, 2)
        entry = AuditEntry.objects.get(chain=CHAIN, number=number)
        AuditPayload.objects.create(entry=entry, data='{"after": 1}')
        return number

    def payload_exchanged(self):
        one, two = self.rng.sample(WITH_PAYLOAD, 2)
        rows = {
            p.entry.number: p for p in AuditPayload.objects.filter(entry__chain=CHAIN).select_related("entry")
        }
        AuditPayload.objects.filter(pk=rows[one].pk).update(data=rows[two].data)
        AuditPayload.objects.filter(pk=rows[two].pk).update(data=rows[one].data)
        return min(one, two)

    def head(self):
        AuditHead.objects.filter(chain=CHAIN).update(
            **self.rng.choice([{"hash": self.hex()}, {"number": LAST + 1}, {"number": LAST - 1}])
        )
        return LAST + 1

    def head_removed(self):
        AuditHead.objects.filter(chain=CHAIN).delete()
        return LAST + 1

    def erased_unasked(self):
        number = self.with_payload()
        self.erase(number, by=self.rng.choice(["operator", "nobody", ""]))
        # Without the row that tells of the first erasure, that one is unasked too.
        return ERASED if number == LAST else number

    def erasure_by_somebody_else(self):
        self.erase(ERASED, by="nobody")
        return ERASED

    def erasure_filled_again(self):
        AuditPayload.objects.filter(entry__chain=CHAIN, entry__number=ERASED).update(
            **self.rng.choice([{"data": "{}"}, {"data": "{}", "erased_at": None}, {"erased_at": None}])
        )
        return ERASED

    def erase(self, number, by):
        AuditPayload.objects.filter(entry__chain=CHAIN, entry__number=number).update(
            data="", erased_at=NOON, erased_by=by
        )

    def with_payload(self):
        return self.rng.choice(WITH_PAYLOAD)

    def hex(self):
        return f"{self.rng.getrandbits(256):064x}"

    def drop(self, entries):
        AuditPayload.objects.filter(entry__in=list(entries)).delete()
        entries._raw_delete("default")


KINDS = (
    ["field"] * 4
    + ["delete", "cut_off", "swap", "insert", "payload_changed", "payload_removed"]
    + ["payload_added", "payload_exchanged", "head", "head_removed"]
    + ["erased_unasked", "erasure_by_somebody_else", "erasure_filled_again"]
)


@pytest.mark.sqlite  # the chain is computed, whatever keeps it
def test_every_one_of_a_thousand_random_tamperings_is_found_and_its_first_row_named():
    a_chain()
    a_chain(2, OTHER)
    assert audit.erase_payloads(mentioning=f"канарче {ERASED}", by="operator", at=NOON) == 1
    rng = random.Random(20261123)
    tamper = Tamper(rng)
    missed = []
    with audit.unguarded():
        for turn in range(TAMPERINGS):
            kind = rng.choice(KINDS)
            mark = transaction.savepoint()
            expected = getattr(tamper, kind)()
            broken = audit.verify(CHAIN)
            if broken is None or (broken.chain, broken.number) != (CHAIN, expected):
                missed.append((turn, kind, expected, broken))
            transaction.savepoint_rollback(mark)
    assert missed == []
    assert audit.verify(CHAIN) is None


# --- erasing, the command, the log ---------------------------------------------------------------------


def test_erasing_payloads_leaves_the_chain_whole_and_says_that_it_was():
    a_chain()
    count = audit.erase_payloads(mentioning="person-1", by="operator", at=NOON)
    assert count == AuditPayload.objects.exclude(erased_at=None).count() > 0
    assert audit.verify(CHAIN) is None
    erased = AuditPayload.objects.exclude(erased_at=None)[0]
    assert (erased.data, erased.erased_by, erased.erased_at) == ("", "operator", NOON)


def test_erasing_finds_what_is_mentioned_in_the_payload_too():
    a_chain()
    assert audit.erase_payloads(mentioning="канарче 3", by="operator", at=NOON) == 1
    assert audit.verify(CHAIN) is None
    assert not AuditPayload.objects.filter(data__contains="канарче 3").exists()


def test_an_erasure_that_no_row_tells_of_is_found_and_one_that_is_told_says_by_whom():
    a_chain()
    audit.erase_payloads(mentioning="канарче 3", by="operator", at=NOON)
    AuditPayload.objects.filter(entry__number=5).update(data="", erased_by="operator", erased_at=NOON)
    assert audit.verify(CHAIN) == audit.Broken(CHAIN, 5, "erasure")
    assert audit.erasures(CHAIN) == [audit.Erasure(ROWS + 1, "operator", NOON, (3,))]


def test_erasing_whoever_erased_leaves_what_tells_of_it():
    a_chain()
    audit.erase_payloads(mentioning="person-1", by="person-2", at=NOON)
    assert audit.erase_payloads(mentioning="person-2", by="operator", at=NOON) > 0
    assert [erasure.by for erasure in audit.erasures(CHAIN)] == ["person-2", "operator"]
    assert audit.verify(CHAIN) is None


def test_nothing_to_erase_leaves_no_row():
    a_chain()
    assert audit.erase_payloads(mentioning="nobody", by="operator", at=NOON) == 0
    assert audit.erasures(CHAIN) == []


def test_a_chain_without_its_head_is_listed_and_broken():
    a_chain()
    AuditHead.objects.all().delete()
    assert audit.chains() == [CHAIN]
    assert audit.verify(CHAIN) == audit.Broken(CHAIN, ROWS + 1, "head-missing")


def test_an_erased_payload_that_holds_text_again_is_found():
    a_chain()
    audit.erase_payloads(mentioning="канарче 3", by="operator", at=NOON)
    AuditPayload.objects.exclude(erased_at=None).update(data="{}")
    assert audit.verify(CHAIN) == audit.Broken(CHAIN, 3, "payload")


def test_the_origin_of_a_request_is_kept_with_the_row(rf):
    def view(request):
        with transaction.atomic():
            audit.record("organisation.changed", organisation=CHAIN)
        return HttpResponse()

    requests.RequestMiddleware(view)(rf.get("/", REMOTE_ADDR="2001:db8:1:2::7"))
    assert AuditPayload.objects.get().data == '{"network": "2001:db8:1::/56"}'
    assert audit.verify(CHAIN) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2::7", "2001:db8:1::/56"), ("unix:", ""), ("", "")],
)
def test_the_network_of_an_address(address, network):
    assert requests.network_of(address) == network


def test_the_command_names_the_first_broken_row():
    a_chain()
    a_chain(2, OTHER)
    out, errors = StringIO(), StringIO()
    call_command("audit", "verify", stdout=out)
    assert out.getvalue() == "whole chains: 2\n"
    with audit.unguarded():
        AuditEntry.objects.filter(chain=CHAIN, number__in=(4, 7)).update(verb="changed")
    with pytest.raises(CommandError, match="1 of 2 chains"):
        call_command("audit", "verify", stderr=errors)
    assert errors.getvalue() == "town: row 4: the row was changed\n"


def test_the_command_says_what_was_erased_by_whom():
    a_chain()
    audit.erase_payloads(mentioning="канарче", by="operator", at=NOON)
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert out.getvalue().splitlines() == [
        "town: rows 1, 3, 5, 7: payload erased by operator at 2026-11-23T12:00:00+00:00",
        "whole chains: 1",
    ]


def cut_off_and_covered_up():
    """The newest rows gone and the head moved back: only a head noted elsewhere can tell."""
    with audit.unguarded():
        gone = AuditEntry.objects.filter(chain=CHAIN, number__gte=6)
        AuditPayload.objects.filter(entry__in=list(gone)).delete()
        gone._raw_delete("default")
    AuditHead.objects.update(number=5, hash=AuditEntry.objects.get(number=5).hash)
    assert audit.verify(CHAIN) is None


def test_a_noted_head_finds_rows_that_were_cut_off():
    a_chain()
    noted = f"{ROWS}:{AuditHead.objects.get().hash}"
    out, errors = StringIO(), StringIO()
    call_command("audit", "verify", chain=CHAIN, against=noted, stdout=out)
    assert out.getvalue() == "whole chains: 1, noted heads found: 1\n"
    cut_off_and_covered_up()
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("audit", "verify", chain=CHAIN, against=noted, stderr=errors)
    assert errors.getvalue() == "town: row 7: the row is not the one that was noted\n"


def test_a_log_finds_rows_and_whole_chains_that_are_gone(caplog, tmp_path):
    a_chain()
    caplog.set_level("INFO", "merilo.audit")
    audit.log_head(CHAIN)
    log = tmp_path / "merilo.log"
    log.write_text(f"2026-11-23 INFO x something\n2026-11-23 INFO merilo.audit {caplog.messages[0]}\n")
    a_chain(2)
    call_command("audit", "verify", against=str(log), stdout=StringIO())
    with audit.unguarded():
        AuditPayload.objects.all().delete()
        AuditEntry.objects.all()._raw_delete("default")
    AuditHead.objects.all().delete()
    errors = StringIO()
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("audit", "verify", against=str(log), stderr=errors)
    assert errors.getvalue() == "town: row 7: the row is not the one that was noted\n"


@pytest.mark.parametrize("against", ["7:" + "0" * 64, "no-such-file", __file__])
def test_what_notes_no_head_is_refused(against):
    a_chain(1)
    with pytest.raises(CommandError, match=r"--chain|cannot be read|notes no head"):
        call_command("audit", "verify", against=against)


def test_the_log_gets_the_head_and_nothing_personal(caplog):
    a_chain()
    caplog.set_level("INFO", "merilo.audit")
    audit.log_head(CHAIN)
    head = AuditHead.objects.get(chain=CHAIN)
    assert caplog.messages == [f"audit head town {ROWS} {head.hash}"]
    assert AuditEntry.objects.filter(chain=CHAIN).aggregate(Max("number"))["number__max"] == ROWS
