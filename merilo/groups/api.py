"""The door of groups: the tables, what may be asked and what may be done."""

from __future__ import annotations

from merilo.groups.actions.gatherings import (
    GatheringFacts,
    add_material,
    change_gathering,
    record_gathering,
    remove_gathering,
    remove_material,
    set_attendance,
)
from merilo.groups.actions.mandate import found_group, name_order, set_mandate
from merilo.groups.actions.seats import (
    SeatChange,
    SeatError,
    add_seat,
    change_seat,
    remove_seat,
    take_over,
)
from merilo.groups.models import (
    SCORING,
    Attendance,
    Function,
    Gathering,
    GatheringKind,
    Group,
    Material,
    Seat,
)
from merilo.groups.queries import (
    attendances_of,
    coming_gatherings,
    gathering_in,
    gatherings_of,
    material_in,
    materials_of,
    scoring_seats,
    seat_held,
    seat_in,
    seats_of,
)

__all__ = [
    "SCORING",
    "Attendance",
    "Function",
    "Gathering",
    "GatheringFacts",
    "GatheringKind",
    "Group",
    "Material",
    "Seat",
    "SeatChange",
    "SeatError",
    "add_material",
    "add_seat",
    "attendances_of",
    "change_gathering",
    "change_seat",
    "coming_gatherings",
    "found_group",
    "gathering_in",
    "gatherings_of",
    "material_in",
    "materials_of",
    "name_order",
    "record_gathering",
    "remove_gathering",
    "remove_material",
    "remove_seat",
    "scoring_seats",
    "seat_held",
    "seat_in",
    "seats_of",
    "set_attendance",
    "set_mandate",
    "take_over",
]
