"""A group whose sheets are filled, for the tests of the lock and the agreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from merilo.assessment.actions.locking import lock_sheets
from merilo.assessment.models import Assessment, Judgement, Sheet
from merilo.organisations.models import Membership
from tests.people import NOON, a_member, a_seat, an_assessment, an_organisation, as_viewer


class Talk:
    """An organisation with a coordinator, a chair, members, a facilitator, and an assessment by them."""

    def __init__(self, members: int = 3, *, method: str = "classical", **fields: Any) -> None:
        self.town = an_organisation()
        self.coordinator = a_member(self.town, "coordinator", name="Координатор")
        self.members = [a_member(self.town, "assessor", name=f"Оценител {n}") for n in range(1, members + 1)]
        self.assessment = an_assessment(self.town, *self.members, method=method, **fields)
        self.facilitator = a_member(self.town, "viewer", name="Фасилитатор")
        a_seat(self.assessment, self.facilitator, "facilitator", 90)
        self.sheets = list(Sheet.objects.filter(assessment=self.assessment).order_by("seat__position"))

    @property
    def chair(self) -> Membership:
        return self.members[0]

    def scores(self, code: str, values: Iterable[int | dict[str, int] | None]) -> None:
        """One judgement per sheet: a score, the components, or None for "cannot judge"."""
        for sheet, value in zip(self.sheets, values, strict=False):
            given = value if isinstance(value, dict) else {} if value is None else {"score": value}
            self.judge(sheet, code, values=given, cannot_judge=value is None)

    def judge(self, sheet: Sheet, code: str, **fields: Any) -> Judgement:
        fields.setdefault("reason", "Не работя по тази тема." if fields.get("cannot_judge") else "")
        row, _made = Judgement.objects.update_or_create(
            sheet=sheet, code=code, defaults={"saved_at": NOON, "ready": True, **fields}
        )
        return row

    def say(self, who: int, code: str, kind: str, *texts: str, named: bool = False) -> None:
        """Add lines to what one sheet says."""
        row, _made = Judgement.objects.get_or_create(
            sheet=self.sheets[who], code=code, defaults={"saved_at": NOON}
        )
        lines = [{"id": f"{kind}{n}", "text": text, "named": named} for n, text in enumerate(texts)]
        row.lines = {**row.lines, kind: row.lines.get(kind, []) + lines}
        row.save()

    def hand_in(self) -> None:
        Sheet.objects.filter(assessment=self.assessment).update(handed_in_at=timezone.now())

    def lock(self) -> Assessment:
        self.hand_in()
        lock_sheets(viewer=as_viewer(self.coordinator), assessment=self.assessment, at=NOON)
        return self.assessment
