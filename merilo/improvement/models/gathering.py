"""What was gathered for a plan, and the proposals it is brought together in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from merilo.groups.api import Seat
from merilo.improvement.models.plans import Plan, PlanSource


class Theme(models.Model):
    """What several things are about, in the organisation's own words."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(_("theme"), max_length=100)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                "plan",
                Lower("name"),
                name="theme_once",
                violation_error_message=_("There is a theme with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Decision(models.TextChoices):
    OPEN = "open", _("Not decided")
    CHOSEN = "chosen", _("Chosen")
    LATER = "later", _("Kept for the next cycle")
    DECLINED = "declined", _("Not followed")


class Proposal(models.Model):
    """What might become a measure: things that belong together, in one wording, with its points.

    Shape of `points`: criterion code → 1 to 5, as the group agreed; of `factors`: places in `plan.factors`
    of the critical success factors it serves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("proposal"), max_length=500)
    note = models.TextField(_("explanation"), blank=True)
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    points = models.JSONField(default=dict)
    factors = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="proposal_number_once")]

    def __str__(self) -> str:
        return self.text


class ItemKind(models.TextChoices):
    AREA = "area", _("Area for improvement")
    IDEA = "idea", _("Idea for improvement")
    OTHER = "other", _("From elsewhere")
    UNFINISHED = "unfinished", _("Unfinished measure of the plan before")
    KEPT = "kept", _("Kept from the plan before")


TYPED = (ItemKind.AREA, ItemKind.IDEA, ItemKind.OTHER)  # what may be written by hand


class Item(models.Model):
    """One area for improvement or idea, with where it came from.

    It lies in one proposal, or was set aside with a reason, or still waits. `statement` is the id it has in
    the self-assessment of `source`; what was split off names the item it was split from. What the plan
    before left names its measure or proposal there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    code = models.CharField(_("sub-criterion"), max_length=20, blank=True)
    text = models.TextField(_("text"))
    origin = models.CharField(_("source"), max_length=200, blank=True)  # where none of our own
    source = models.ForeignKey(
        PlanSource, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    statement = models.UUIDField(null=True, blank=True)
    left_measure = models.ForeignKey(
        "improvement.Measure", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    left_proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.SET_NULL, related_name="items")
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    aside = models.TextField(_("why it is set aside"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="item_number_once"),
            models.UniqueConstraint(
                fields=["source", "statement"],
                condition=Q(statement__isnull=False, split_from=None),
                name="item_statement_once",
            ),
            models.UniqueConstraint(
                fields=["plan", "left_measure"], condition=Q(split_from=None), name="item_left_measure_once"
            ),
            models.UniqueConstraint(
                fields=["plan", "left_proposal"], condition=Q(split_from=None), name="item_left_proposal_once"
            ),
            models.CheckConstraint(
                condition=Q(proposal=None) | Q(aside=""), name="item_in_proposal_or_aside"
            ),
        ]


class OwnPoints(models.Model):
    """What one member of the plan's group gave a proposal alone; seen by nobody else before all are."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="own_points")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    points = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["proposal", "seat"], name="own_points_once")]
