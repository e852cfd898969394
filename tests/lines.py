"""Random tiny cases with lines: few groups in villages, a bus or two, and an oracle that can try it all."""

from __future__ import annotations

from datetime import time
from typing import Any

from hypothesis import strategies as st

from overland.case.model import Case, EntryRule, LineStop, Mode, Papers, Role, StopKind
from tests.builders import START, centre, crossing, fleet, group, hours, mode, place, policy, road

STOPS = {
    "two villages": [("far", "board"), ("near", "board"), ("north", "across")],
    "two villages on foot": [("far", "board"), ("near", "board"), ("north", "foot")],
    "the other way": [("near", "board"), ("far", "board"), ("south", "across")],
    "to a hub": [("far", "board"), ("near", "board"), ("hub", "hub")],
    "a hub on the way": [("near", "board"), ("hub", "hub"), ("north", "across")],
    "from a hub": [("far", "board"), ("hub", "board"), ("north", "across")],
    "by foot and on": [("near", "board"), ("south", "foot"), ("hub", "hub")],
    "all": [("far", "board"), ("near", "board"), ("hub", "hub"), ("north", "across")],
}


def line(name: str, *stops: tuple[str, str]) -> tuple[LineStop, ...]:
    """The rows of a line: stops and what happens there."""
    return tuple(
        LineStop(line=name, sequence=i, stop=stop, kind=StopKind(kind))
        for i, (stop, kind) in enumerate(stops, 1)
    )


@st.composite
def line_cases(draw: st.DrawFn) -> Case:
    """Up to four groups at two villages and a hub, one or two buses, one or two lines."""
    names = draw(st.lists(st.sampled_from(sorted(STOPS)), min_size=1, max_size=2, unique=True))
    lines = tuple(row for name in names for row in line(name.replace(" ", "-"), *STOPS[name]))
    rate = draw(st.sampled_from([3.0, 60.0]))
    step = draw(st.sampled_from([60, 30]))
    boarding = draw(st.sampled_from([None, None, 4.0]))
    opening: dict[str, Any] = {}
    if draw(st.booleans()):
        opening = {"opens": time(draw(st.integers(8, 12))), "closes": time(draw(st.integers(13, 20)))}
    groups = []
    for i in range(draw(st.sampled_from([2, 3, 3, 4]))):
        kin = draw(st.sampled_from([0, 0, 1]))
        groups.append(
            group(
                f"G{i + 1}",
                ["far", "near"][i] if i < 2 else draw(st.sampled_from(["far", "near", "hub"])),
                draw(st.integers(1, 4)),
                category=draw(st.sampled_from(["vulnerable", "citizens", "kin"])),
                ready=hours(draw(st.sampled_from([0, 0, 0, 1]))),
                kin=kin,
                kin_nationality="UA" if kin else "",
                papers=draw(st.sampled_from([Papers.VALID] * 4 + [Papers.NONE])),
                can_walk=draw(st.sampled_from([True, True, False])),
                needs=draw(st.sampled_from([frozenset()] * 4 + [frozenset({"wheelchair"})])),
            )
        )
    fleets = [
        fleet(
            key,
            draw(st.sampled_from(["far", "near", "hub"])),
            1,
            draw(st.sampled_from([3, 6, 9, 12])),
            max_driving_hours=draw(st.sampled_from([3.0, 9.0])),
            rest_hours=draw(st.sampled_from([1.0, 3.0])),
            max_duty_hours=draw(st.sampled_from([None, None, 9.0])),
            access=frozenset(draw(st.sampled_from([[], ["wheelchair"]]))),
        )
        for key in ("buses", "vans")[: draw(st.sampled_from([1, 1, 1, 2]))]
    ]
    near_by, far_off = st.sampled_from([15.0, 30.0]), st.sampled_from([60.0, 120.0])
    km = [draw(near_by), draw(near_by), draw(far_off), draw(far_off), draw(far_off)]
    return Case(
        id="lines",
        title="Lines",
        sponsor="IL",
        country="UA",
        time_zone="Europe/Kyiv",
        start=START,
        horizon_hours=draw(st.sampled_from([8, 10])) if step == 60 else 6,
        step_minutes=step,
        policy=policy(
            rate_window_minutes=draw(st.sampled_from([60, 120])),
            loading_minutes=draw(st.sampled_from([0, 30])),
            unloading_minutes=draw(st.sampled_from([0, 30])),
            hub_change_minutes=draw(st.sampled_from([0, 30])),
            left_penalty_hours=draw(st.sampled_from([6.0, 48.0, 48.0])),
            vehicle_hour_cost=draw(st.sampled_from([0.1, 3.0])),
        ),
        places=(
            place("far", Role.ASSEMBLY, Role.DEPOT, boarding_per_hour=boarding),
            place("near", Role.ASSEMBLY, Role.DEPOT, hazard=draw(st.sampled_from([1.0, 3.0]))),
            place(
                "hub", Role.HUB, Role.ASSEMBLY, Role.DEPOT, waiting_capacity=draw(st.sampled_from([None, 4]))
            ),
        ),
        roads=(
            road("far", "near", km[0]),
            road("near", "hub", km[1]),
            road("hub", "north", km[2]),
            road("near", "north", km[3]),
            road("near", "south", km[4], one_way=False),
        ),
        crossings=(crossing("north", "PL"), crossing("south", "HU")),
        crossing_modes=(
            mode("north", Mode.BUS, rate, draw(st.sampled_from([0, 1])), turnaround_hours=1.0, **opening),
            mode("north", Mode.FOOT, 6, 0),
            mode("south", Mode.BUS, 60, draw(st.sampled_from([0, 1])), turnaround_hours=0.0),
            mode("south", Mode.FOOT, 60, 0, **opening),
        ),
        reception=(centre("PL", draw(st.sampled_from([6, 100]))), centre("HU")),
        groups=tuple(groups),
        fleets=tuple(fleets),
        entry_rules=(
            EntryRule(country="PL", nationality="*", papers="none", admitted=draw(st.booleans())),
            EntryRule(country="*", nationality="*", papers="*", admitted=True),
        ),
        lines=lines,
    )
