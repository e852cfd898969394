"""The sheets of a plan for those who carry it out: trips, manifests, advice to own cars, and spare seats.

The columns are declared here and nowhere else; ``docs/plan-format.md`` is generated from them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from overland.case.cells import moment_text
from overland.case.model import Case
from overland.plan.advice import car_advice
from overland.plan.document import Plan
from overland.plan.legs import legs_of
from overland.plan.spare_seats import Offer
from overland.roads import RoadTimes


class SheetColumn(NamedTuple):
    """One column of a sheet."""

    name: str
    doc: str


TRIP_COLUMNS = (
    SheetColumn("trip", "Id of the trip, as in `plan.json`."),
    SheetColumn("vehicle", "Fleet id and number."),
    SheetColumn("fleet", "Id of the fleet, as in `fleets.csv`."),
    SheetColumn("kind", "`across`, `foot` (people walk across the border) or `hub` (people change there)."),
    SheetColumn("origin", "Place or hub where everybody aboard boards."),
    SheetColumn("destination", "Crossing, or the hub."),
    SheetColumn("country", "Country it leads to (ISO 3166 alpha-2); empty for a trip to a hub."),
    SheetColumn("depart_local", "Leaves the origin."),
    SheetColumn("arrive_local", "Reaches the crossing or hub."),
    SheetColumn("passed_local", "People are across; empty for a trip to a hub."),
    SheetColumn("seats", "Passenger seats of the vehicle."),
    SheetColumn("people", "Persons aboard."),
    SheetColumn("groups", "Number of groups aboard; `manifests.csv` says which."),
    SheetColumn("convoy", "Convoy that the vehicle is part of; empty where it goes by itself."),
    SheetColumn("line", "Line that the trip is of, whose stops are in `stops.csv`; empty for other trips."),
)

STOP_COLUMNS = (
    SheetColumn("trip", "Id of the trip, as in `plan.json`."),
    SheetColumn("vehicle", "Fleet id and number."),
    SheetColumn("line", "Id of the line, as in `lines.csv`."),
    SheetColumn("stop", "Number of the stop, from 1."),
    SheetColumn("node", "Place, hub or crossing."),
    SheetColumn(
        "kind", "`board` (people get on); `hub`, `foot` or `across` (they get off), as in `lines.csv`."
    ),
    SheetColumn("arrive_local", "The vehicle is there; at the first stop, it begins to load."),
    SheetColumn("depart_local", "It leaves; empty at the last stop."),
    SheetColumn("passed_local", "People who get off are across; empty where they do not cross."),
    SheetColumn("on", "Persons who get on."),
    SheetColumn("off", "Persons who get off."),
    SheetColumn("aboard", "Persons aboard when it leaves."),
    SheetColumn("seats", "Passenger seats of the vehicle."),
    SheetColumn("groups", "Ids of the groups that get on or off, separated by spaces."),
)

MANIFEST_COLUMNS = (
    SheetColumn("departure", "Id of the trip, the run of a service, or `car`."),
    SheetColumn("mode", "`bus` (a vehicle of ours), `service` (a timetabled one) or `car` (their own)."),
    SheetColumn("vehicle_or_run", "Vehicle of the trip, or run of the service; empty for `car`."),
    SheetColumn("origin", "Where the group boards, or its own car leaves."),
    SheetColumn("destination", "Crossing, or the hub where the group changes."),
    SheetColumn("depart_local", "Leaves the origin."),
    SheetColumn("group", "Id of the group; never a name."),
    SheetColumn("size", "Persons in the group."),
    SheetColumn("category", "Priority class of the group."),
    SheetColumn("can_walk", "`yes` if the group can cross a border on foot, else `no`."),
    SheetColumn(
        "needs", "What must be taken for somebody in the group, such as `wheelchair`, separated by spaces."
    ),
)

CAR_ADVICE_COLUMNS = (
    SheetColumn("place", "Where the cars leave."),
    SheetColumn("leave_from_local", "They leave from this moment …"),
    SheetColumn("leave_until_local", "… until this one, both included; within one hour of the clock."),
    SheetColumn("crossing", "Crossing they are advised to take."),
    SheetColumn("country", "Country it leads to (ISO 3166 alpha-2)."),
    SheetColumn("cars", "Number of cars, one for each group."),
    SheetColumn("people", "Persons in them."),
    SheetColumn("expected_from_local", "The first is at the crossing."),
    SheetColumn("expected_until_local", "The last is at the crossing."),
    SheetColumn("across_from_local", "The first is across."),
    SheetColumn("across_until_local", "The last is across."),
)

SPARE_SEAT_COLUMNS = (
    SheetColumn("departure", "Id of the trip, or the run of a service."),
    SheetColumn("mode", "`bus` (a vehicle of ours) or `service` (a timetabled one)."),
    SheetColumn("vehicle_or_run", "Vehicle of the trip, or run of the service."),
    SheetColumn("origin", "Where people board."),
    SheetColumn("destination", "Crossing, or a hub from where people have to see to themselves."),
    SheetColumn("country", "Country it leads to (ISO 3166 alpha-2); empty for a hub."),
    SheetColumn("on_foot", "`yes` if people walk across the border."),
    SheetColumn("depart_local", "Leaves the origin."),
    SheetColumn("arrive_local", "Reaches the crossing or hub."),
    SheetColumn("passed_local", "People are across; empty for a hub."),
    SheetColumn("seats", "Seats that may be offered, all rows at once."),
    SheetColumn("access", "What it can take, such as `wheelchair`, separated by spaces."),
)


class _Departure(NamedTuple):
    depart: datetime
    id: str
    mode: str
    vehicle_or_run: str
    origin: str
    destination: str
    groups: list[str]


def write_sheets(
    case: Case, plan: Plan, times: RoadTimes, offers: Iterable[Offer], folder: Path
) -> list[Path]:
    """Write all sheets of a plan.

    Parameters
    ----------
    case, plan, times : Case, Plan, RoadTimes
        The plan, the case that it is for, and the road times of the case.
    offers : iterable of Offer
        From :func:`overland.plan.spare_seats.spare_seats`.
    folder : Path
        A folder that is there; sheets in it are replaced, and ``stops.csv`` is removed where no trip is of a
        line.

    Returns
    -------
    list of Path
        The sheets that were written.

    Raises
    ------
    OSError
        If one cannot be written.
    """
    trips, stops, manifests, advice, seats = (
        folder / name
        for name in ("trips.csv", "stops.csv", "manifests.csv", "car-advice.csv", "spare-seats.csv")
    )
    write_trips(case, plan, trips)
    write_stops(case, plan, stops)
    write_manifests(case, plan, manifests)
    write_car_advice(case, plan, times, advice)
    write_spare_seats(case, offers, seats)
    return [trips, *([stops] if _has_lines(plan) else []), manifests, advice, seats]


def write_trips(case: Case, plan: Plan, path: Path) -> None:
    """Write ``trips.csv``: one row for each loaded trip of a vehicle, by departure.

    Parameters
    ----------
    case : Case
        The case that the plan is for.
    plan : Plan
        The plan.
    path : Path
        The file, replaced if it is there; a reader never sees half of it.
    """
    write_sheet(path, TRIP_COLUMNS, _trip_rows(case, plan))


def write_stops(case: Case, plan: Plan, path: Path) -> None:
    """Write ``stops.csv``: one row for each stop of each trip of a line, in the order of the vehicle.

    Parameters
    ----------
    case, plan : Case, Plan
        The plan and its case.
    path : Path
        The file, replaced if it is there; a reader never sees half of it. Where no trip is of a line it is
        removed.
    """
    if _has_lines(plan):
        write_sheet(path, STOP_COLUMNS, _stop_rows(case, plan))
    else:
        path.unlink(missing_ok=True)


def write_manifests(case: Case, plan: Plan, path: Path) -> None:
    """Write ``manifests.csv``: one row for each group on each departure, by departure.

    A group that changes at a hub is on two departures. Groups that are left are on none.

    Parameters
    ----------
    case : Case
        The case that the plan is for.
    plan : Plan
        The plan.
    path : Path
        The file, replaced if it is there; a reader never sees half of it.
    """
    write_sheet(path, MANIFEST_COLUMNS, _manifest_rows(case, plan))


def write_car_advice(case: Case, plan: Plan, times: RoadTimes, path: Path) -> None:
    """Write ``car-advice.csv``: how many cars should leave each place for which crossing, hour by hour.

    Parameters
    ----------
    case, plan, times : Case, Plan, RoadTimes
        The plan, the case that it is for, and the road times of the case.
    path : Path
        The file, replaced if it is there; a reader never sees half of it.
    """
    country = {crossing.id: crossing.country for crossing in case.crossings}
    rows = (
        (
            one.place,
            moment_text(one.leave_from, case.zone),
            moment_text(one.leave_until, case.zone),
            one.crossing,
            country[one.crossing],
            one.cars,
            one.people,
            moment_text(one.expected_from, case.zone),
            moment_text(one.expected_until, case.zone),
            moment_text(one.across_from, case.zone),
            moment_text(one.across_until, case.zone),
        )
        for one in car_advice(case, plan, times)
    )
    write_sheet(path, CAR_ADVICE_COLUMNS, rows)


def write_spare_seats(case: Case, offers: Iterable[Offer], path: Path) -> None:
    """Write ``spare-seats.csv``: what partners may be offered.

    Parameters
    ----------
    case : Case
        The case.
    offers : iterable of Offer
        From :func:`overland.plan.spare_seats.spare_seats`.
    path : Path
        The file, replaced if it is there; a reader never sees half of it.
    """
    country = {crossing.id: crossing.country for crossing in case.crossings}
    rows = (
        (
            offer.departure,
            offer.mode,
            offer.vehicle_or_run,
            offer.origin,
            offer.destination,
            country.get(offer.destination, ""),
            "yes" if offer.on_foot else "no",
            moment_text(offer.depart, case.zone),
            moment_text(offer.arrive, case.zone),
            "" if offer.passed is None else moment_text(offer.passed, case.zone),
            offer.seats,
            " ".join(sorted(offer.access)),
        )
        for offer in offers
    )
    write_sheet(path, SPARE_SEAT_COLUMNS, rows)


def _has_lines(plan: Plan) -> bool:
    return any(trip.line is not None for trip in plan.trips)


def _trip_rows(case: Case, plan: Plan) -> Iterator[tuple[object, ...]]:
    size = {group.id: group.size for group in case.groups}
    seats = {fleet.id: fleet.seats for fleet in case.fleets}
    country = {crossing.id: crossing.country for crossing in case.crossings}
    for trip in sorted(plan.trips, key=lambda trip: (trip.depart, trip.id)):
        fleet = trip.vehicle.rpartition("-")[0]
        yield (
            trip.id,
            trip.vehicle,
            fleet,
            trip.kind,
            trip.origin,
            trip.destination,
            country.get(trip.destination, ""),
            moment_text(trip.depart, case.zone),
            moment_text(trip.arrive, case.zone),
            "" if trip.passed is None else moment_text(trip.passed, case.zone),
            seats[fleet],
            sum(size[group] for group in trip.groups),
            len(trip.groups),
            trip.convoy or "",
            trip.line or "",
        )


def _stop_rows(case: Case, plan: Plan) -> Iterator[tuple[object, ...]]:
    size = {group.id: group.size for group in case.groups}
    seats = {fleet.id: fleet.seats for fleet in case.fleets}
    loading = timedelta(minutes=case.policy.loading_minutes)
    for trip in sorted(plan.trips, key=lambda trip: (trip.depart, trip.id)):
        aboard = 0
        for number, stop in enumerate(trip.stops, 1):
            on, off = (sum(size[group] for group in groups) for groups in (stop.on, stop.off))
            aboard += on - off
            moments = stop.arrive or trip.depart - loading, stop.depart, stop.passed
            yield (
                trip.id,
                trip.vehicle,
                trip.line,
                number,
                stop.node,
                stop.kind,
                *("" if moment is None else moment_text(moment, case.zone) for moment in moments),
                on,
                off,
                aboard,
                seats[trip.vehicle.rpartition("-")[0]],
                " ".join(sorted([*stop.on, *stop.off])),
            )


def _manifest_rows(case: Case, plan: Plan) -> Iterator[tuple[object, ...]]:
    known = {group.id: group for group in case.groups}
    for departure in sorted(_departures(plan)):
        for name in departure.groups:
            group = known[name]
            yield (
                departure.id,
                departure.mode,
                departure.vehicle_or_run,
                departure.origin,
                departure.destination,
                moment_text(departure.depart, case.zone),
                group.id,
                group.size,
                group.category,
                "yes" if group.can_walk else "no",
                " ".join(sorted(group.needs)),
            )


def _departures(plan: Plan) -> Iterator[_Departure]:
    for trip in legs_of(plan.trips):
        yield _Departure(
            trip.depart, trip.id, "bus", trip.vehicle, trip.origin, trip.destination, sorted(trip.groups)
        )
    for ride in plan.rides:
        yield _Departure(
            ride.depart, ride.run, "service", ride.run, ride.origin, ride.destination, sorted(ride.groups)
        )
    for drive in plan.drives:
        yield _Departure(drive.depart, "car", "car", "", drive.origin, drive.destination, [drive.group])


def write_sheet(path: Path, columns: Iterable[SheetColumn], rows: Iterable[tuple[object, ...]]) -> None:
    """Write a sheet, replaced if it is there; a reader never sees half of it."""
    draft = path.with_suffix(path.suffix + ".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(column.name for column in columns)
        sheet.writerows(rows)
    draft.replace(path)
