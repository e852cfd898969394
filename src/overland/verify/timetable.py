"""The runs of the services, in steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from overland.case.model import Case, Service, ServiceStop


@dataclass(frozen=True, slots=True)
class Call:
    """A run at one stop."""

    stop: str
    board: int  # step at which one boards: the call, rounded down
    alight: int  # step at which one has arrived: the call, rounded up


@dataclass(frozen=True, slots=True)
class Run:
    """A service on one day."""

    id: str
    service: Service
    seats: int
    calls: tuple[Call, ...]

    def stretch(self, origin: str, destination: str) -> tuple[int, int] | None:
        """Index of the calls between which one rides; None if the run does not go that way."""
        for i, call in enumerate(self.calls):
            if call.stop == origin:
                for j in range(i + 1, len(self.calls)):
                    if self.calls[j].stop == destination:
                        return i, j
        return None


class Timetable:
    """All runs of a case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._services = {service.id: service for service in case.services}
        self._stops: dict[str, list[ServiceStop]] = defaultdict(list)
        for stop in sorted(case.service_stops, key=lambda s: s.sequence):
            self._stops[stop.service].append(stop)

    def run(self, key: str) -> Run | None:
        """The run of that id (``service@day``); None if there is none."""
        name, _, text = key.rpartition("@")
        service = self._services.get(name)
        if service is None:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        if text != day.isoformat() or not service.first_day <= day <= service.last_day:
            return None
        return self._on(service, day)

    def runs(self) -> Iterator[Run]:
        """Every run with a stop that one could board at within the horizon."""
        last = self._case.time_of(self._case.steps).astimezone(self._case.zone).date()
        for service in self._case.services:
            longest = max((stop.minutes for stop in self._stops[service.id]), default=0)
            first = (self._case.start - timedelta(minutes=longest)).astimezone(self._case.zone).date()
            day = max(service.first_day, first)
            while day <= min(service.last_day, last):
                yield self._on(service, day)
                day += timedelta(days=1)

    def _on(self, service: Service, day: date) -> Run:
        departs = datetime.combine(day, service.departs, tzinfo=self._case.zone).astimezone(UTC)
        calls = []
        for stop in self._stops[service.id]:
            moment = departs + timedelta(minutes=stop.minutes)
            board = self._case.step_of(moment, up=False)
            calls.append(Call(stop.stop, board, self._case.step_of(moment, up=True)))
        seats = self._case.seats_of(service, day)
        return Run(f"{service.id}@{day.isoformat()}", service, seats, tuple(calls))
