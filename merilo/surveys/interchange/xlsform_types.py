"""What stands in the column "type" of XLSForm, in all its spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from merilo.surveys.interchange.columns import Line
from merilo.surveys.interchange.losses import Notes

_SELECT = re.compile(
    r"(?:add )?(?P<kind>select[ _]one|select1|select[ _]multiple|select all that apply|rank)"
    r"(?P<elsewhere>[ _](?:from[ _]file|external))?(?: from| prompt using)?(?: (?P<list>\S.*?))?"
    r"(?P<other> or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(?P<side>begin|end)[ _-]*(?P<kind>[a-z][a-z _]*)", re.IGNORECASE)
_ADD = re.compile(r"(?:add (?P<added>.+) prompt|q (?P<asked>.+))", re.IGNORECASE)
_KINDS = {"select one": "select_one", "select1": "select_one", "select multiple": "select_multiple"}
_KINDS |= {"select all that apply": "select_multiple", "rank": "rank"}
_GROUPS = {"lgroup": "repeat", "looped group": "repeat", "loop": "repeat"}
_ALIASES = {
    "int": "integer",
    "string": "text",
    "select_one_external": "elsewhere",
    "photo": "image",
    "datetime": "datetime",
    "date time": "datetime",
    "trigger": "acknowledge",
    "number of days in last month": "integer",
    "number of days in last six months": "integer",
    "number of days in last year": "integer",
    "number": "decimal",
    "location": "geopoint",
    "gps": "geopoint",
    "get today": "today",
    "get start time": "start",
    "get end time": "end",
    "start time": "start",
    "end time": "end",
    "device id": "deviceid",
    "imei": "deviceid",
    "get device id": "deviceid",
    "get sim id": "simserial",
    "sim id": "simserial",
    "get phone number": "phonenumber",
    "phone number": "phonenumber",
    "subscriber id": "subscriberid",
    "get subscriber id": "subscriberid",
}
# Facts about the device and the interviewer: never asked for here.
ABOUT_DEVICE = {
    "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit", "simserial",
    "subscriberid", "start-geopoint", "background-audio", "background-geopoint", "uri:subscriberid",
    "uri:simserial", "uri:deviceid", "uri:phonenumber", "uri:username", "uri:email",
}  # fmt: skip
MAPS = {"geopoint", "geotrace", "geoshape", "osm"}
COMPUTED = {"calculate", "hidden", "xml-external", "csv-external", "entity", "calculate_here"}


@dataclass(frozen=True, slots=True)
class Typed:
    """The type in its present name, the list it chooses from, whether "other" is added."""

    kind: str
    list_name: str = ""
    other: bool = False


def typed(source: str) -> Typed:
    """What a cell of the column "type" says.

    >>> typed("select one from cities or specify other")
    Typed(kind='select_one', list_name='cities', other=True)
    >>> typed("int").kind, typed("Begin_Group").kind
    ('integer', 'begin group')
    """
    words = " ".join(source.split())
    if found := _SELECT.fullmatch(words):
        if found["elsewhere"]:
            return Typed("elsewhere", found["list"] or "")
        kind = _KINDS[found["kind"].lower().replace("_", " ")]
        return Typed(kind, found["list"] or "", bool(found["other"]))
    low = words.lower()
    if found := _GROUP.fullmatch(low):
        kind = found["kind"].strip().replace("_", " ")
        return Typed(f"{found['side']} {_GROUPS.get(kind, kind)}")
    if found := _ADD.fullmatch(low):
        low = found["added"] or found["asked"]
    return Typed(_ALIASES.get(low, low))


@dataclass(slots=True)
class Node:
    """A row with what its type says, and for a group the rows inside."""

    line: Line
    type: Typed
    inside: list[Node] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.type.kind.startswith("begin ")

    def everything(self) -> Iterator[Node]:
        """The row and all rows inside."""
        yield self
        for node in self.inside:
            yield from node.everything()


MOST_DEPTH = 20


def tree(lines: Sequence[Line], notes: Notes) -> list[Node]:
    """The rows in their groups. Groups that never end, or end unbegun, are noted."""
    top: list[Node] = []
    open_groups: list[Node] = []
    for line in lines:
        node = Node(line, typed(line.take("type")))
        if node.type.kind.startswith("end "):
            line.take("name")
            if open_groups:
                open_groups.pop()
            else:
                notes.add(line.place, "end_without_begin")
            continue
        (open_groups[-1].inside if open_groups else top).append(node)
        if node.is_group:
            if len(open_groups) < MOST_DEPTH:
                open_groups.append(node)
            else:
                notes.add(line.place, "groups_too_deep", limit=MOST_DEPTH)
    for node in open_groups:
        notes.add(node.line.place, "group_without_end")
    return top
