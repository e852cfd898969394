"""The domain model: what we know of one crisis, as frozen values.

Each class that is a row of a table declares its columns with :func:`~overland.case.columns.column`; the
reader, the checker, the writer and ``docs/case-format.md`` are all driven by these declarations, so they
cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from overland.case.columns import column
from overland.case.linestops import LineStop as LineStop
from overland.case.linestops import StopKind as StopKind


class Role(StrEnum):
    """What a place is used for. A place may have several roles."""

    ASSEMBLY = "assembly"  # pre-announced place where groups gather and board
    HUB = "hub"  # place with shelter where groups may wait or change
    DEPOT = "depot"  # vehicles start here
    STATION = "station"  # trains call here
    POST = "post"  # mission site
    JUNCTION = "junction"  # only a node of the road network


class Mode(StrEnum):
    """How one passes a crossing."""

    CAR = "car"
    BUS = "bus"
    FOOT = "foot"
    RAIL = "rail"


PASSED_BY: dict[StopKind, Mode] = {StopKind.FOOT: Mode.FOOT, StopKind.ACROSS: Mode.BUS}
"""How people who get off at such a stop pass the crossing; of other kinds they pass none."""


class Papers(StrEnum):
    """State of the worst papers in a travel group."""

    VALID = "valid"
    EXPIRED = "expired"
    NONE = "none"


class CorridorStatus(StrEnum):
    """How far a corridor has come. Only an accepted one opens."""

    REQUESTED = "requested"
    ASSURED = "assured"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Basis(StrEnum):
    """Whether something in the case is known or assumed."""

    FACT = "fact"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town, city or other point inside the country at risk (``places.csv``)."""

    id: str = column("Short name used by the other tables.", key=True, example="kyiv")
    name: str = column("Name as shown to people.", example="Kyiv")
    region: str = column("Region (oblast) it lies in.", example="Kyiv City", default="")
    latitude: float = column("WGS 84 latitude.", unit="°", minimum=-90, maximum=90, example="50.45")
    longitude: float = column("WGS 84 longitude.", unit="°", minimum=-180, maximum=180, example="30.52")
    roles: frozenset[Role] = column("What it is used for, separated by spaces.", example="assembly hub depot")
    hazard: float = column(
        "Exposure of one hour of waiting here, against an hour in a quiet place.", minimum=0, default=1.0
    )
    boarding_per_hour: float | None = column(
        "Persons that can be checked and boarded (bus or train) in an hour; empty: no limit.",
        unit="persons/h",
        above=0,
        default=None,
    )
    waiting_capacity: int | None = column(
        "Hub only: people in transit it can shelter at one time; empty: no limit.",
        unit="persons",
        minimum=0,
        default=None,
    )
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A stretch of road between two nodes, passable both ways unless ``one_way`` (``roads.csv``)."""

    id: str = column("Short name of the stretch.", key=True, example="m06-kyiv-zhytomyr")
    start: str = column("Place or crossing at one end.", ref="nodes", example="kyiv")
    end: str = column("Place or crossing at the other end.", ref="nodes", example="zhytomyr")
    km: float = column("Length along the road.", unit="km", above=0, maximum=1000, example="140")
    road_class: str = column("Class with a speed in [speeds] of case.toml.", example="M")
    number: str = column("Road number as signed.", example="M06", default="")
    speed_kmh: float | None = column(
        "Speed of a car here if it is not the class's.", unit="km/h", above=0, maximum=130, default=None
    )
    one_way: bool = column("Passable only from start to end.", default=False)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A time in which a road is impassable (``closures.csv``)."""

    road: str = column("Road that is closed.", key=True, ref="roads")
    start: datetime = column("Closed from.", key=True, example="2022-02-20 06:00")
    end: datetime | None = column("Open again from; empty: closed for good.", default=None)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """Roads that stay open through a closing threat within a window (``corridors.csv``)."""

    id: str = column("Short name.", key=True)
    name: str = column("Name as shown to people.")
    roads: tuple[str, ...] = column("Roads it uses, separated by spaces.", ref="roads")
    start: datetime = column("Open from.", key=True)
    end: datetime = column("Closed again from.")
    status: CorridorStatus = column("Only an accepted corridor opens.")
    beneficiaries: str = column("For whom.", default="")
    guarantors: str = column("Who has assured it.", default="")
    escorted: bool = column("Open to convoys only; those of convoys.csv.", default=False)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Convoy:
    """Vehicles that go together, under escort, by an escorted corridor (``convoys.csv``)."""

    id: str = column("Short name.", key=True, example="east-1")
    corridor: str = column("Escorted corridor that is open to it.", example="east")
    place: str = column("Assembly area or hub where it gathers and people board.", ref="places")
    departs: datetime = column("Leaves there, all vehicles at once.", example="2022-02-20 10:00")
    vehicles: int = column("Vehicles in it at most.", minimum=1, maximum=5000, example="12")
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """An area under threat for a time (a feature of ``threats.geojson``)."""

    id: str
    name: str
    level: int  # 1 watch … 5 fighting; compared with a fleet's `avoids_level`
    hazard: float  # factor on the hazard of the places inside
    closes_roads: bool  # roads that touch the area are impassable
    start: datetime
    end: datetime | None
    rings: tuple[tuple[tuple[float, float], ...], ...]  # closed rings of (longitude, latitude); even-odd
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A border point; a node of the road network on the near side (``crossings.csv``)."""

    id: str = column("Short name used by the other tables.", key=True, example="shehyni")
    name: str = column("Name on this side.", example="Shehyni")
    name_abroad: str = column("Name on the other side.", example="Medyka", default="")
    country: str = column("Country it leads to (ISO 3166 alpha-2).", example="PL")
    latitude: float = column("WGS 84 latitude.", unit="°", minimum=-90, maximum=90)
    longitude: float = column("WGS 84 longitude.", unit="°", minimum=-180, maximum=180)
    reception: str = column("Reception centre that takes people from here.", ref="reception")
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossingMode:
    """One way of passing a crossing (``crossing_modes.csv``)."""

    crossing: str = column("Crossing.", key=True, ref="crossings")
    mode: Mode = column("car, bus, foot or rail.", key=True)
    rate_per_hour: float = column("Persons of ours passed in an open hour.", unit="persons/h", minimum=0)
    wait_hours: float = column("Forecast wait from arrival until passed.", unit="h", minimum=0, maximum=168)
    opens: time | None = column("Local opening time; empty with closes: day and night.", default=None)
    closes: time | None = column("Local closing time; before `opens` means after midnight.", default=None)
    turnaround_hours: float = column(
        "Bus only: from passed until the empty bus is back on this side.", unit="h", minimum=0, default=2.0
    )
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForecast:
    """Forecast wait from a moment on, in place of `wait_hours` (``waits.csv``)."""

    crossing: str = column("Crossing.", key=True, ref="crossings")
    mode: Mode = column("car, bus, foot or rail.", key=True)
    start: datetime = column("Holds for arrivals from this moment until the next row's.", key=True)
    wait_hours: float = column("Forecast wait from arrival until passed.", unit="h", minimum=0, maximum=168)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """A reception centre across the border (``reception.csv``)."""

    id: str = column("Short name.", key=True)
    name: str = column("Name as shown to people.")
    country: str = column("Country (ISO 3166 alpha-2).")
    latitude: float = column("WGS 84 latitude.", unit="°", minimum=-90, maximum=90)
    longitude: float = column("WGS 84 longitude.", unit="°", minimum=-180, maximum=180)
    intake_per_day: int = column("People it can take in on one local day.", unit="persons/day", minimum=0)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A travel group: people who move together and are never split (``groups.csv``)."""

    id: str = column("Number of the group; never a name.", key=True, example="G0001")
    place: str = column("Assembly area where it gathers.", ref="places")
    size: int = column("People in it.", unit="persons", minimum=1, maximum=60)
    category: str = column("Priority class, a key of [weights].", ref="categories")
    ready: datetime = column("Can leave from this moment.", example="2022-02-17 12:00")
    kin: int = column("Of them, non-nationals.", unit="persons", minimum=0, default=0)
    kin_nationality: str = column("Nationality of the non-nationals (ISO alpha-2).", default="")
    papers: Papers = column("Worst papers in the group.", default=Papers.VALID)
    own_car: bool = column("Leaves in its own car.", default=False)
    can_walk: bool = column("Can cross a border on foot.", default=True)
    needs: frozenset[str] = column(
        "What a bus or train must be able to take for somebody in it, words such as wheelchair or stretcher, "
        "separated by spaces; empty: nothing special.",
        default=frozenset(),
        example="wheelchair",
    )
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """How many people are believed to be at a place, with the range (``headcounts.csv``)."""

    place: str = column("Place.", key=True, ref="places")
    low: int = column("At least.", unit="persons", minimum=0)
    likely: int = column("Most likely.", unit="persons", minimum=0)
    high: int = column("At most.", unit="persons", minimum=0)
    as_of: datetime = column("When the estimate was made.", key=True)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Vehicles of one kind at one depot (``fleets.csv``)."""

    id: str = column("Short name; its vehicles are numbered id-01, id-02 …", key=True)
    depot: str = column("Where they start.", ref="places")
    count: int = column("How many.", minimum=0, maximum=5000)
    seats: int = column("Passenger seats in each.", unit="persons", minimum=1, maximum=300)
    available: datetime = column("Ready to leave the depot, with crew, from this moment.")
    crews: int = column(
        "Drivers aboard each; the hours that follow are those of the vehicle with all its drivers.",
        minimum=1,
        maximum=4,
        default=1,
    )
    max_driving_hours: float = column("Driving allowed between two rests.", unit="h", above=0, default=9.0)
    rest_hours: float = column("Standstill that counts as a rest.", unit="h", above=0, default=9.0)
    max_duty_hours: float | None = column(
        "Longest time from the first work after a rest (loading, or an empty move) to the end of the last "
        "before the next, waiting included; empty: no limit.",
        unit="h",
        above=0,
        default=None,
        example="21",
    )
    avoids_level: int | None = column(
        "The crews do not drive where the threat level is this or higher; empty: they drive anywhere.",
        minimum=1,
        default=None,
    )
    access: frozenset[str] = column(
        "Needs of groups that its vehicles can take, separated by spaces.",
        default=frozenset(),
        example="wheelchair stretcher",
    )
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleVehicle:
    """A vehicle that is not as the others of its fleet (``vehicles.csv``)."""

    fleet: str = column("Fleet it is of.", key=True, ref="fleets")
    number: int = column("Its number in the fleet: 7 for kyiv-coaches-07.", key=True, minimum=1)
    available: datetime | None = column("Ready from this moment; empty: as its fleet.", default=None)
    lost: bool = column("It cannot be used, or no longer.", default=False)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A timetabled departure, every day of a period, with seats held for us (``services.csv``)."""

    id: str = column("Short name; a run is id@2022-02-18.", key=True, example="d715")
    name: str = column("Name as shown to people.", example="715K Kyiv – Przemyśl")
    seats: int = column("Seats held for us on each run.", unit="persons", minimum=0)
    departs: time = column("Local time of departure from the first stop.", example="22:10")
    first_day: date = column("First local day it runs.")
    last_day: date = column("Last local day it runs.")
    access: frozenset[str] = column(
        "Needs of groups that it can take, separated by spaces.",
        default=frozenset(),
        example="wheelchair",
    )
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStop:
    """A call of a service (``service_stops.csv``). The last one may be a crossing with mode rail."""

    service: str = column("Service.", key=True, ref="services")
    sequence: int = column("Order of the stop, from 1.", key=True, minimum=1)
    stop: str = column("Place, or as the last stop a crossing.", ref="nodes")
    minutes: int = column("Minutes after the first departure that it calls here.", unit="min", minimum=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeats:
    """A run of a service on which other seats are held than on the rest (``runs.csv``)."""

    service: str = column("Service.", key=True, ref="services")
    day: date = column("Local day of its first departure.", key=True)
    seats: int = column("Seats held for us on this run; 0: it is cancelled.", unit="persons", minimum=0)
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRule:
    """Who may enter (``entry_rules.csv``); the first row that fits decides, ``*`` fits everything."""

    country: str = column("Country (ISO alpha-2) or *.")
    nationality: str = column("Nationality (ISO alpha-2) or *.")
    papers: str = column("valid, expired, none or *.")
    admitted: bool = column("May enter.")
    note: str = column("Condition or remark.", default="")
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A mission site (``posts.csv``)."""

    id: str = column("Short name.", key=True)
    name: str = column("Name as shown to people.")
    place: str = column("Where it is.", ref="places")
    alternate: str = column("Place it moves to.", ref="places", default="")
    functions: str = column("What it does, separated by semicolons.", default="")
    source: str = column("Source or assumption.", ref="notes", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A fact or an assumption with its source (``notes.csv``); other tables refer to it."""

    id: str = column("Short name.", key=True, example="A-border-rates")
    basis: Basis = column("fact or assumption.")
    text: str = column("The statement.")
    source: str = column("Where it comes from, or why it is assumed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the sponsor has decided (tables [policy], [weights], [country_share], [speeds] of case.toml)."""

    weights: dict[str, float]  # category → weight of one person-hour
    country_share: dict[str, float]  # country → largest share of all people, 0–1
    speeds_kmh: dict[str, float]  # road class → speed of a car
    bus_speed_factor: float = 0.85  # a bus's speed against a car's
    notice_hours: float = 0.0  # nobody leaves earlier than this after the start
    rate_window_minutes: int = 120  # crossing and boarding rates hold per window of this length
    loading_minutes: int = 30
    unloading_minutes: int = 30
    hub_change_minutes: int = 30
    left_penalty_hours: float = 336.0  # weighted hours charged per person who is not out by the horizon
    vehicle_hour_cost: float = 0.1  # weighted person-hours that one driven vehicle-hour counts for


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A file of real roads or railways, made from a map: roads are used instead of ``roads.csv``."""

    path: Path = field(compare=False)  # where it was found; what is in it counts, not where it is
    sha256: str  # of its content, in hexadecimal


def way_number(road: str) -> int | None:
    """Number of a way of the map, from ``way/4711``; None if the text is nothing of the kind."""
    number = road.removeprefix("way/")
    return int(number) if road.startswith("way/") and number.isascii() and number.isdigit() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One crisis, as read from its folder.

    Tables are tuples in file order. ``start`` is aware UTC; steps count from it.
    """

    id: str
    title: str
    sponsor: str  # ISO alpha-2 of the state whose nationals these are
    country: str  # ISO alpha-2 of the country at risk
    time_zone: str  # IANA name; local times of the tables are in it
    start: datetime
    horizon_hours: int
    step_minutes: int
    policy: Policy
    places: tuple[Place, ...]
    roads: tuple[Road, ...]
    crossings: tuple[Crossing, ...]
    crossing_modes: tuple[CrossingMode, ...]
    reception: tuple[Reception, ...]
    groups: tuple[Group, ...]
    fleets: tuple[Fleet, ...]
    entry_rules: tuple[EntryRule, ...]
    services: tuple[Service, ...] = ()
    service_stops: tuple[ServiceStop, ...] = ()
    closures: tuple[Closure, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    convoys: tuple[Convoy, ...] = ()
    waits: tuple[WaitForecast, ...] = ()
    headcounts: tuple[Headcount, ...] = ()
    posts: tuple[Post, ...] = ()
    notes: tuple[Note, ...] = ()
    threats: tuple[Threat, ...] = ()
    vehicles: tuple[SingleVehicle, ...] = ()
    runs: tuple[RunSeats, ...] = ()
    lines: tuple[LineStop, ...] = ()
    description: str = ""
    network: NetworkFile | None = None
    railways: NetworkFile | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The local time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def steps(self) -> int:
        """Number of steps in the horizon."""
        return self.horizon_hours * 60 // self.step_minutes

    @property
    def step_hours(self) -> float:
        """Length of a step in hours."""
        return self.step_minutes / 60

    def vehicles_of(self, fleet: Fleet) -> dict[str, datetime]:
        """The vehicles of a fleet that can be used, by name, with the moment from which each is available."""
        single = {row.number: row for row in self.vehicles if row.fleet == fleet.id}
        usable: dict[str, datetime] = {}
        for number in range(1, fleet.count + 1):
            row = single.get(number)
            if row is None or not row.lost:
                usable[f"{fleet.id}-{number:02d}"] = (row and row.available) or fleet.available
        return usable

    def seats_of(self, service: Service, day: date) -> int:
        """Seats held for us on the run of a service on a day."""
        rows = (row.seats for row in self.runs if (row.service, row.day) == (service.id, day))
        return next(rows, service.seats)

    def stops_of_lines(self) -> dict[str, tuple[LineStop, ...]]:
        """The stops of each line, in the order in which a vehicle makes them."""
        stops: dict[str, list[LineStop]] = {}
        for row in sorted(self.lines, key=lambda row: row.sequence):
            stops.setdefault(row.line, []).append(row)
        return {row.line: tuple(stops[row.line]) for row in self.lines}

    def time_of(self, step: int) -> datetime:
        """The moment (UTC) at which a step begins."""
        return self.start + timedelta(minutes=step * self.step_minutes)

    def step_of(self, moment: datetime, *, up: bool) -> int:
        """The step of a moment, rounded up (a group becomes ready) or down (a train leaves)."""
        minutes = (moment - self.start).total_seconds() / 60
        return -int(-minutes // self.step_minutes) if up else int(minutes // self.step_minutes)

    def steps_of_hours(self, hours: float) -> int:
        """A duration in whole steps, rounded up."""
        return -int(-round(hours * 60, 6) // self.step_minutes)
