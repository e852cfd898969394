"""An isolated community evacuation problem as a case.

A location is a place, a dock of the mainland a crossing, a vessel a fleet of one, and a step, a minute
of the case, half a minute. What a case does not know is put into its roads and threats:

- **Speeds and loading times of their own.** A case has one speed for all vehicles, but fleets that keep away
  from threats of a level. So vessels are ranked by speed, five ranks at most; each rank has crossings of
  its own, from which ways lead back at its times (loading counts on the way to the island, unloading on the
  way from it), and on each way to these lies a threat that keeps lower ranks away. A higher rank may
  pass, so ways of a rank take as long as those of the slowest of its vessels and of all above. Times are
  rounded up to steps.
- **Docks.** Who may use what is told by needs of people and access of fleets, location by location. A vessel
  uses that dock of a location that makes its shortest round trip.
- **Head-counts.** People come in parcels: seats are rounded down to parcels, people up.
- **The clearance** is what the planner looks for, but a re-plan knows only exposure. So a threat lies over
  everybody, whose hazard doubles every half hour: what leaves last counts most.

A plan of the case is thus one of the problem, but for docks that only another vessel may use:
``isolated_community_exact.py`` holds it against the exact times. The *generous* case has each way as short as
by any docks, and rounds the other way, so that what is proven of it holds for the problem.

What is lost: the order of the minutes within a step, the last seats of a vessel, the choice of a dock
trip by trip, and the edge that a vessel of a lower rank may have over a higher one on a long or short way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from math import ceil, cos, floor, pi, sin
from statistics import mean

from isolated_community_instances import Instance
from isolated_community_legs import RANKS, Legs, area, docks_of, legs_of, ranks_of

from overland.case.model import (
    Case,
    Crossing,
    CrossingMode,
    EntryRule,
    Fleet,
    Group,
    Mode,
    Place,
    Policy,
    Reception,
    Road,
    Role,
    Threat,
)

START = datetime(2022, 1, 1, tzinfo=UTC)
STEPS = 2  # of a minute
LATITUDE, LONGITUDE = 50.0, 30.0
PARCEL_LOSS = 0.005  # of all seats, that parcels may leave empty
DOUBLING, HAZARD_STEP = 30, 15  # minutes
WEIGHT = 0.1  # of a parcel


def parcel_of(instance: Instance) -> int:
    """People in the largest parcel that leaves hardly a seat empty."""
    seats = [vessel.seats for vessel in instance.vessels]
    fits = (p for p in range(min(60, *seats), 0, -1) if sum(s % p for s in seats) <= PARCEL_LOSS * sum(seats))
    return next(fits)


def case_of(
    instance: Instance,
    parcel: int,
    horizon: int,
    *,
    doubling: int | None = DOUBLING,
    generous: bool = False,
) -> Case:
    """The instance as a case, with the people of its first forecast.

    Parameters
    ----------
    parcel : int
        People in a parcel, a group of the case.
    horizon : int
        Minutes until all is over.
    doubling : int, optional
        Minutes in which the hazard doubles; None: it does not grow.
    generous : bool
        Round in favour of the community, for a bound.
    """
    network = _Network(instance, generous)
    rounded = floor if generous else ceil
    return Case(
        id=instance.name,
        title=f"Isolated community {instance.name}",
        sponsor="IL",
        country="UA",
        time_zone="UTC",
        start=START,
        horizon_hours=-(-horizon * STEPS // 60),
        step_minutes=1,
        policy=Policy(
            weights={"all": WEIGHT},
            country_share={},
            speeds_kmh={"M": 60.0},
            bus_speed_factor=1.0,
            rate_window_minutes=60,
            loading_minutes=0,
            unloading_minutes=0,
            hub_change_minutes=0,
        ),
        places=(
            *(_location(instance, a, doubling) for a in instance.locations),
            *(_place(f"start-{k}", Role.DEPOT) for k in range(len(instance.vessels))),
            *network.gates(),
        ),
        roads=network.roads(),
        crossings=tuple(_crossing(key) for key in network.crossings),
        crossing_modes=tuple(_mode(key) for key in network.crossings),
        reception=(
            Reception(
                id="all", name="all", country="PL", latitude=50.0, longitude=23.0, intake_per_day=10**6
            ),
        ),
        groups=tuple(
            group
            for a, people in instance.forecasts[0].items()
            if a in instance.locations
            for group in groups_at(instance, a, 0, rounded(people / parcel))
        ),
        fleets=tuple(
            Fleet(
                id=f"vessel-{k}",
                depot=f"start-{k}",
                count=1,
                seats=(-(-vessel.seats // parcel) if generous else vessel.seats // parcel),
                available=START + timedelta(minutes=floor(vessel.available * STEPS)),
                max_driving_hours=10_000.0,
                avoids_level=None if network.rank[k] == 0 else 6 - network.rank[k],
                access=frozenset(area(instance, a) for a in instance.locations if instance.docks(vessel, a)),
            )
            for k, vessel in enumerate(instance.vessels)
        ),
        threats=(*network.threats(), *(_growing_hazard(horizon, doubling) if doubling else ())),
        entry_rules=(EntryRule(country="*", nationality="*", papers="*", admitted=True),),
    )


def moment_of(minutes: float) -> datetime:
    """The moment of the case that is so many minutes after the start."""
    return START + timedelta(minutes=minutes * STEPS)


def minutes_of(moment: datetime) -> float:
    """Minutes from the start to a moment of the case."""
    return (moment - START) / timedelta(minutes=STEPS)


def groups_at(instance: Instance, location: str, begin: int, count: int) -> Iterator[Group]:
    """Parcels of a location, numbered from ``begin``."""
    place = area(instance, location)
    for number in range(begin, begin + count):
        yield Group(
            id=f"{place}-{number}", place=place, size=1, category="all", ready=START, needs=frozenset({place})
        )


def _location(instance: Instance, location: str, doubling: int | None) -> Place:
    """A place whose hazard is ahead by the time of its crossings: people count only as long as they wait."""
    ways = [
        min(instance.crossing(vessel, b, c) for b in docks for c in instance.havens(vessel, b))
        for vessel in instance.vessels
        if (docks := instance.docks(vessel, location))
    ]
    place = _place(area(instance, location), Role.ASSEMBLY)
    return replace(place, hazard=2.0 ** (mean(ways) / doubling)) if doubling else place


def _place(key: str, role: Role, latitude: float = LATITUDE, longitude: float = LONGITUDE) -> Place:
    return Place(id=key, name=key, latitude=latitude, longitude=longitude, roles=frozenset({role}))


def _crossing(key: str) -> Crossing:
    return Crossing(id=key, name=key, country="PL", latitude=LATITUDE, longitude=LONGITUDE, reception="all")


def _mode(key: str) -> CrossingMode:
    return CrossingMode(
        crossing=key, mode=Mode.BUS, rate_per_hour=10.0**6, wait_hours=0.0, turnaround_hours=0.0
    )


def _square(latitude: float, longitude: float, half: float) -> tuple[tuple[float, float], ...]:
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    return tuple((longitude + east, latitude + north) for east, north in corners)


def _growing_hazard(horizon: int, doubling: int) -> Iterator[Threat]:
    for minute in range(0, horizon + 60, HAZARD_STEP):  # the last hour of the case may end later
        yield Threat(
            id=f"hazard-{minute}",
            name="hazard",
            level=1,
            hazard=2.0 ** (minute / doubling),
            closes_roads=False,
            start=moment_of(minute),
            end=moment_of(minute + HAZARD_STEP),
            rings=(_square(LATITUDE, LONGITUDE, 0.01),),
        )


class _Network:
    """Ways of all ranks; all places lie at one point, and the gates on a circle around it."""

    def __init__(self, instance: Instance, generous: bool) -> None:
        self._instance, self._generous = instance, generous
        self.rank = ranks_of(instance.vessels)
        self._gated: dict[tuple[int, str, str], float] = {}  # rank, from, to
        self._free: Legs = {}
        above: dict[tuple[str, str], float] = {}
        for rank in range(max(self.rank) + 1):
            mine = [
                legs_of(instance, v, generous) for k, v in enumerate(instance.vessels) if self.rank[k] == rank
            ]
            for leg in dict.fromkeys(leg for legs in mine for leg in legs):
                times = [legs[leg] for legs in mine if leg in legs]
                self._add(rank, leg, min(times) if generous else max(*times, above.get(leg, 0.0), 0.0))
                above[leg] = max(*times, above.get(leg, 0.0))
        for k, vessel in enumerate(instance.vessels):
            for a in instance.locations:
                firsts = [instance.first(vessel, b) for b in docks_of(instance, vessel, a, generous)]
                if minutes := [first for first in firsts if first is not None]:
                    since = floor(vessel.available * STEPS) / STEPS
                    self._free[f"start-{k}", area(instance, a)] = self._rounded(min(minutes) - since)
        self.crossings = sorted({end for _, _, end in self._gated if end.startswith("haven")})

    def _add(self, rank: int, leg: tuple[str, str], minutes: float) -> None:
        start, end = (f"{node}-{rank}" if node.startswith("haven") else node for node in leg)
        if start.startswith("haven"):
            self._free[start, end] = self._rounded(minutes)
        else:
            self._gated[rank, start, end] = self._rounded(minutes)

    def _rounded(self, minutes: float) -> float:
        """Whole steps; a way takes one at least (so what is generous needs ways of half a minute)."""
        steps = minutes * STEPS
        return float(max(1, floor(steps + 1e-9) if self._generous else ceil(steps - 1e-9)))

    def gates(self) -> Iterator[Place]:
        for key, _ in self._gate_points():
            yield key

    def _gate_points(self) -> Iterator[tuple[Place, int]]:
        for number, (rank, start, end) in enumerate(self._gated):
            angle = 2 * pi * number / len(self._gated)
            latitude, longitude = LATITUDE + sin(angle), LONGITUDE + cos(angle)
            yield _place(_gate(rank, start, end), Role.JUNCTION, latitude, longitude), rank

    def threats(self) -> Iterator[Threat]:
        """Those that keep each rank but the last to itself, and those above."""
        gates = sorted(self._gate_points(), key=lambda gate: gate[1])
        for rank, found in groupby(gates, key=lambda gate: gate[1]):
            if rank < RANKS - 1:
                yield Threat(
                    id=f"rank-{rank}",
                    name="not for slower vessels",
                    level=5 - rank,
                    hazard=1.0,
                    closes_roads=False,
                    start=START,
                    end=None,
                    rings=tuple(_square(p.latitude, p.longitude, 1e-4) for p, _ in found),
                )

    def roads(self) -> tuple[Road, ...]:
        found = [_road(*leg, minutes) for leg, minutes in self._free.items()]
        for (rank, start, end), minutes in self._gated.items():
            gate = _gate(rank, start, end)
            found += [_road(start, gate, minutes / 2), _road(gate, end, minutes / 2)]
        return tuple(found)


def _gate(rank: int, start: str, end: str) -> str:
    return f"gate-{rank}-{start}-{end}"


def _road(start: str, end: str, minutes: float) -> Road:
    return Road(id=f"{start}-{end}", start=start, end=end, km=minutes, road_class="M", one_way=True)
