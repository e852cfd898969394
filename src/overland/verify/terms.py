"""The terms of ``docs/problem.md`` as numbers of one case."""

from __future__ import annotations

from datetime import timedelta

from overland.case.model import Case, Convoy, CorridorStatus, Fleet, Group, Mode, Role
from overland.roads import RoadTimes
from overland.verify.borders import Borders
from overland.verify.hazards import Hazards
from overland.verify.lines import Lines
from overland.verify.rounding import whole
from overland.verify.timetable import Timetable
from overland.verify.ways import Ways


class Terms:
    """A case read with the eyes of the verifier; all durations in steps."""

    def __init__(self, case: Case, times: RoadTimes | None = None) -> None:
        self.case = case
        self.times = times or RoadTimes.of(case)
        self.horizon = case.steps
        self.first = 0  # step from which on the plan decides, and below: who left before it for a hub
        self.at_hubs: dict[str, tuple[str, int]] = {}  # group → hub and step of arrival
        policy = case.policy
        self.loading = case.steps_of_hours(policy.loading_minutes / 60)
        self.unloading = case.steps_of_hours(policy.unloading_minutes / 60)
        self.change = case.steps_of_hours(policy.hub_change_minutes / 60)
        self.groups = {group.id: group for group in case.groups}
        self.places = {place.id: place for place in case.places}
        self.crossings = {crossing.id: crossing for crossing in case.crossings}
        self.fleets = {fleet.id: fleet for fleet in case.fleets}
        self.usable = {fleet.id: case.vehicles_of(fleet) for fleet in case.fleets}
        self.lost = {f"{row.fleet}-{row.number:02d}" for row in case.vehicles if row.lost}
        self.intake = {centre.id: centre.intake_per_day for centre in case.reception}
        self.people = sum(group.size for group in case.groups)
        self.borders = Borders(case)
        self.window_steps = self.borders.window_steps
        self.hazards = Hazards(case)
        self.timetable = Timetable(case)
        agreed = {c.id for c in case.corridors if c.escorted and c.status is CorridorStatus.ACCEPTED}
        self.convoys = {convoy.id: convoy for convoy in case.convoys if convoy.corridor in agreed}
        self.lines = Lines(case, self.times, self.borders, self)
        self._ways = Ways(
            case, self.times, self.borders, self.timetable, tuple(self.convoys.values()), self.lines
        )
        self._countries = frozenset(crossing.country for crossing in case.crossings)
        self._admitting: dict[tuple[str, ...], frozenset[str]] = {}
        self._notice = case.start + timedelta(hours=policy.notice_hours)

    # what people are told

    def at(self, step: int) -> str:
        """The moment of a step, to be read by people."""
        return f"{self.case.time_of(step):%Y-%m-%d %H:%M} UTC"

    def span(self, steps: int) -> str:
        """A duration, to be read by people."""
        hours, minutes = divmod(abs(steps) * self.case.step_minutes, 60)
        parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
        return " ".join(parts) or "0 min"

    # groups

    def ready(self, group: Group) -> int:
        """Step from which a group can leave."""
        return self.case.step_of(max(group.ready, self._notice), up=True)

    def weight(self, group: Group) -> float:
        """Weight of one person-hour of a group."""
        return self.case.policy.weights[group.category]

    def admitting(self, group: Group) -> frozenset[str]:
        """Countries (of the crossings of the case) that admit each person of a group."""
        nationals = [self.case.sponsor] if group.size > group.kin else []
        others = [group.kin_nationality] if group.kin > 0 else []
        key = (group.papers.value, *nationals, *others)
        if key not in self._admitting:
            self._admitting[key] = frozenset(
                country
                for country in self._countries
                if all(self._admits(country, who, group.papers.value) for who in nationals + others)
            )
        return self._admitting[key]

    def _admits(self, country: str, nationality: str, papers: str) -> bool:
        for rule in self.case.entry_rules:
            if (
                rule.country in ("*", country)
                and rule.nationality in ("*", nationality)
                and rule.papers in ("*", papers)
            ):
                return rule.admitted
        return False

    def drives(self, group: Group) -> bool:
        """Whether a group can leave in its own car (then it does so or not at all)."""
        if not group.own_car or group.id in self.at_hubs:
            return False
        return max(self.ready(group), self.first) <= self._ways.last_by_car(
            group.place, self.admitting(group)
        )

    def stranded(self, group: Group) -> bool:
        """Whether no way out exists for a group, even with every limit dropped."""
        if self.drives(group):
            return False
        countries = self.admitting(group)
        if group.id in self.at_hubs:
            hub, arrival = self.at_hubs[group.id]
            last = self._ways.last_direct(hub, countries, walks=group.can_walk, needs=group.needs)
            return max(arrival + self.change, self.first) > last
        return max(self.ready(group), self.first) > self._ways.last_ride(
            group.place, countries, walks=group.can_walk, needs=group.needs
        )

    def gets_out_from(self, hub: str, group: Group, arrival: int) -> bool:
        """Whether a group that arrives at a hub at a step can still leave it, with every limit dropped."""
        last = self._ways.last_direct(hub, self.admitting(group), walks=group.can_walk, needs=group.needs)
        return arrival + self.change <= last

    # places

    def is_hub(self, node: str) -> bool:
        """Whether a node is a hub."""
        return node in self.places and Role.HUB in self.places[node].roles

    def boarding_limit(self, place: str) -> int | None:
        """Persons who can board at a place in a window; None if there is no limit."""
        rate = self.places[place].boarding_per_hour
        return None if rate is None else whole(rate * self.case.step_hours * self.window_steps)

    def country_limit(self, country: str) -> int | None:
        """Persons who may go to a country; None if there is no limit."""
        share = self.case.policy.country_share.get(country)
        return None if share is None else whole(share * self.people)

    # vehicles

    def leaves(self, convoy: Convoy) -> int:
        """Step at which a convoy leaves."""
        return self.case.step_of(convoy.departs, up=True)

    def trip_profile(self, fleet: Fleet, convoy: Convoy | None) -> str:
        """The profile by which a fleet's vehicles drive alone, or in a convoy."""
        return (
            self.times.profile_of(fleet)
            if convoy is None
            else self.times.convoy_profile(fleet, convoy.corridor)
        )

    def available(self, fleet: Fleet, vehicle: str) -> int:
        """Step from which a vehicle of a fleet can leave the depot."""
        moment = self.usable[fleet.id].get(vehicle, fleet.available)
        return max(0, self.case.step_of(moment, up=True))

    def longest_drive(self, fleet: Fleet) -> int:
        """Road steps that a crew may drive between two rests."""
        return max(1, whole(fleet.max_driving_hours * 60 / self.case.step_minutes))

    def longest_duty(self, fleet: Fleet) -> int | None:
        """Steps that a duty of a crew may last; None if there is no limit."""
        hours = fleet.max_duty_hours
        return None if hours is None else max(1, whole(hours * 60 / self.case.step_minutes))

    def rest(self, fleet: Fleet) -> int:
        """Steps of standstill that count as a rest."""
        return self.case.steps_of_hours(fleet.rest_hours)

    def turnaround(self, crossing: str) -> int:
        """Steps from the passing of a bus until it is back on this side."""
        mode = self.borders.modes.get((crossing, Mode.BUS))
        return self.case.steps_of_hours(mode.turnaround_hours) if mode else 0

    def release(self, node: str, mode: Mode | None, arrive: int, passed: int | None) -> int:
        """Step at which a vehicle is free that ends its trip at a node.

        It has unloaded there, or is back on this side when it has passed the crossing itself.
        """
        if mode is Mode.BUS and passed is not None:
            return passed + self.turnaround(node)
        return arrive + self.unloading
