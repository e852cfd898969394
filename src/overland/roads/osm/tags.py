"""What the tags of a way on OpenStreetMap mean for driving on it (or for a train).

Built-up area: the first of these that says something decides.

1. the source of the limit (``maxspeed:type``, ``source:maxspeed``, ``zone:traffic``, ``zone:maxspeed``, or
   ``maxspeed`` itself): ``RU:urban`` and ``DE:zone30`` are urban, ``RU:rural``, ``DE:motorway`` are not;
2. motorways, trunk roads, tracks and their slip roads are not; residential and living streets are;
3. a signed limit of at most 50 km/h is, a higher one is not;
4. lamps (``lit=yes``) or a pavement (``sidewalk=both|left|right|yes``) are signs of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from overland.roads.network import BRIDGE, CLASSES, FERRY, TOLL, TUNNEL, UNPAVED, URBAN
from overland.roads.osm.speeds import SLOWEST, Speeds

Tags = Mapping[str, str]

HIGHWAYS: Mapping[str, str] = {
    **{name: name for name in CLASSES[:5]},
    **{f"{name}_link": name for name in CLASSES[:5]},
    **dict.fromkeys(("unclassified", "residential", "living_street", "road", "service", "track"), "minor"),
}
"""Class of a road by its value of ``highway``."""

_CLOSED = (
    "no private agricultural forestry agricultural;forestry forestry;agricultural military emergency permit"
    " residents psv bus foot bicycle"
)
CLOSED = frozenset(_CLOSED.split())
"""Values of an access tag that keep out those who flee in buses and cars of their own."""

VEHICLES = ("access", "vehicle", "motor_vehicle", "motorcar")  # the more specific later: it wins
PRIVATE_SERVICE = frozenset(("driveway", "parking_aisle", "drive-through", "emergency_access", "slipway"))
YARD = frozenset(("yard", "siding", "spur"))
_SOFT = (
    "unpaved compacted fine_gravel gravel pebblestone ground dirt earth grass grass_paver clay sand mud rock"
    " rocky stone woodchips snow ice salt"
)
SOFT = frozenset(_SOFT.split())
"""Surfaces that are not paved."""
NO = frozenset(("", "no"))
_LIMITS = ("maxspeed:type", "source:maxspeed", "zone:traffic", "zone:maxspeed", "maxspeed")
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


class Meaning(NamedTuple):
    """What a way is to someone who drives on it."""

    road_class: int  # number in CLASSES
    marks: int
    along: float  # km/h in the direction it is drawn; 0 where that is not allowed
    against: float
    seconds: float  # time for the whole of it, as ferries have; 0 where only the speed is known
    name: str


def road(tags: Tags, speeds: Speeds) -> Meaning | None:
    """What a road or ferry is; None if it is neither, or no vehicle may use it."""
    if tags.get("route") == "ferry" and "highway" not in tags:
        return _ferry(tags, speeds)
    highway = tags.get("highway", "")
    if highway not in HIGHWAYS or _impassable(tags, highway):
        return None
    along, against = _directions(tags, highway)
    if not (along or against):
        return None
    urban = _urban(tags, highway, speeds)
    marks = _marks(tags) | (URBAN if urban else 0) | (UNPAVED if _unpaved(tags, highway) else 0)
    return Meaning(
        CLASSES.index(HIGHWAYS[highway]),
        marks,
        _speed(tags, highway, urban, speeds, "forward") if along else 0.0,
        _speed(tags, highway, urban, speeds, "backward") if against else 0.0,
        0.0,
        _name(tags, great=HIGHWAYS[highway] in CLASSES[:3]),
    )


def railway(tags: Tags, speeds: Speeds) -> Meaning | None:
    """What a track is; None if it is none, or one of a yard."""
    if tags.get("railway") != "rail" or tags.get("service") in YARD:
        return None
    speed = speeds.free_flow["rail"]
    if (limit := speeds.signed(tags.get("maxspeed", ""))) is not None:
        speed = limit * speeds.share_of_limit
    return Meaning(CLASSES.index("rail"), _marks(tags) & ~TOLL, speed, speed, 0.0, _name(tags, great=False))


def _ferry(tags: Tags, speeds: Speeds) -> Meaning | None:
    """A ferry takes vehicles unless it says no, or speaks of people on foot and not of vehicles."""
    said = [tags[key] for key in ("hgv", "bus", "tourist_bus", *VEHICLES[1:]) if key in tags]
    for_walkers = not said and (tags.get("foot", "no") not in NO or tags.get("bicycle", "no") not in NO)
    if for_walkers or not _allowed(tags, ""):
        return None
    along, against = _oneway(tags, implied=False)
    speed = speeds.free_flow["ferry"]
    if (limit := speeds.signed(tags.get("maxspeed", ""))) is not None:
        speed = limit
    return Meaning(
        CLASSES.index("ferry"),
        FERRY | (_marks(tags) & TOLL),
        speed if along else 0.0,
        speed if against else 0.0,
        duration(tags.get("duration", "")),
        _name(tags, great=False),
    )


def duration(value: str) -> float:
    """Seconds of a ``duration`` such as 01:30, 1:30:00, 90 (minutes) or PT1H30M; 0 if it is none of these."""
    parts = value.strip().split(":")
    if all(part.isdecimal() for part in parts):
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return numbers[0] * 60.0
        if len(numbers) <= 3:
            hours, minutes, *seconds = numbers
            return hours * 3600.0 + minutes * 60.0 + sum(seconds)
    if iso := _ISO_DURATION.match(value.strip()):
        return float(
            sum(int(n or 0) * unit for n, unit in zip(iso.groups(), (86400, 3600, 60, 1), strict=True))
        )
    return 0.0


def _impassable(tags: Tags, highway: str) -> bool:
    return (
        tags.get("area") == "yes"
        or (highway == "service" and tags.get("service") in PRIVATE_SERVICE)
        or tags.get("smoothness") == "impassable"
        or (highway == "track" and tags.get("tracktype") in ("grade4", "grade5"))
        or tags.get("oneway") == "reversible"  # its direction at the time of need cannot be known
    )


def _allowed(tags: Tags, suffix: str) -> bool:
    """Whether access tags let vehicles in; the more specific wins, and one direction over both."""
    said = ""
    for key in VEHICLES:
        said = tags.get(key + suffix, "") or tags.get(key, "") or said
    return said not in CLOSED


def _directions(tags: Tags, highway: str) -> tuple[bool, bool]:
    implied = highway in ("motorway", "motorway_link") or tags.get("junction") in ("roundabout", "circular")
    along, against = _oneway(tags, implied)
    return along and _allowed(tags, ":forward"), against and _allowed(tags, ":backward")


def _oneway(tags: Tags, implied: bool) -> tuple[bool, bool]:
    for key in ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"):
        value = tags.get(key)
        if value in ("yes", "true", "1"):
            return True, False
        if value in ("-1", "reverse"):
            return False, True
        if value in ("no", "false", "0"):
            return True, True
    return True, not implied


def _marks(tags: Tags) -> int:
    tunnel = tags.get("tunnel", "no")
    return (
        (BRIDGE if tags.get("bridge", "no") not in NO else 0)
        | (TUNNEL if tunnel not in NO and tunnel != "building_passage" else 0)
        | (
            TOLL
            if any(tags.get(key) == "yes" for key in ("toll", "toll:motorcar", "toll:motor_vehicle"))
            else 0
        )
    )


def _unpaved(tags: Tags, highway: str) -> bool:
    if surface := tags.get("surface", ""):
        return surface in SOFT or surface.startswith(("ground", "unpaved", "gravel", "dirt"))
    if track := tags.get("tracktype", ""):
        return track != "grade1"
    return highway == "track"


def _urban(tags: Tags, highway: str, speeds: Speeds) -> bool:
    """Whether a road lies in a built-up area; the module says how."""
    for key in _LIMITS:
        kind = tags.get(key, "").partition(":")[2]
        if kind in ("urban", "living_street", "nsl_restricted") or kind.startswith("zone"):
            return True
        if kind in ("rural", "motorway", "trunk", "expressway", "nsl_single", "nsl_dual"):
            return False
    if HIGHWAYS[highway] in ("motorway", "trunk") or highway == "track":
        return False
    if highway in ("residential", "living_street"):
        return True
    if (limit := speeds.signed(tags.get("maxspeed", ""))) is not None:
        return limit <= 50
    return tags.get("lit") == "yes" or tags.get("sidewalk") in ("both", "left", "right", "yes")


def _speed(tags: Tags, highway: str, urban: bool, speeds: Speeds, direction: str) -> float:
    """Speed in km/h on a free road in one direction."""
    limit = None
    for key in (f"maxspeed:{direction}", "maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed"):
        if key in tags and (limit := speeds.signed(tags[key])) is not None:
            break
    if limit is not None:
        speed = limit * speeds.share_of_limit
        if highway.endswith("_link"):  # it is signed for the road it leaves; its bends slow down more
            speed = min(speed, 1.5 * speeds.free_flow[highway])
    else:
        kind = HIGHWAYS[highway] if HIGHWAYS[highway] in ("motorway", "trunk") else "rural"
        kind = "living_street" if highway == "living_street" else "urban" if urban else kind
        speed = min(speeds.free_flow[highway], speeds.statutory(kind) * speeds.share_of_limit)
    most = (
        speeds.surface.get(tags.get("surface", "")),
        speeds.tracktype.get(tags.get("tracktype", "")),
        speeds.smoothness.get(tags.get("smoothness", "")),
    )
    return max(SLOWEST, min(speed, *(bound for bound in most if bound is not None), speed))


def _name(tags: Tags, great: bool) -> str:
    """Number of a great road, which stands on its signs; the name of a lesser one; whichever there is."""
    number, name = tags.get("ref", ""), tags.get("name", "")
    return (number or name) if great else (name or number)
