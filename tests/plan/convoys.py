"""A case whose only road out is a corridor, for tests of convoys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from overland.case.model import Case, Convoy, Corridor, CorridorStatus, Mode, Role, Threat
from tests.builders import START, crossing, fleet, group, hours, mode, place, road, small_case


def besieged(*, escorted: bool = True, vehicles: int = 1, **overrides: Any) -> Case:
    """Three groups of four in a town under siege; buses of eight seats; two hours of road to the border.

    From the third hour to the seventh a corridor is open, under escort unless told otherwise; a convoy
    gathers in the town and leaves at the fourth. The threat closes the road otherwise; steps are half hours.
    """
    corridor = Corridor(
        id="way",
        name="The way out",
        roads=("town-west",),
        start=hours(3),
        end=hours(7),
        status=CorridorStatus.ACCEPTED,
        escorted=escorted,
    )
    siege = Threat(
        id="siege",
        name="Siege",
        level=5,
        hazard=2.0,
        closes_roads=True,
        start=START,
        end=None,
        rings=(((29.0, 49.5), (31.0, 49.5), (31.0, 50.5), (29.0, 50.5), (29.0, 49.5)),),
    )
    convoy = Convoy(id="first", corridor="way", place="town", departs=hours(4), vehicles=vehicles)
    values: dict[str, Any] = {
        "horizon_hours": 12,
        "places": (place("town", Role.ASSEMBLY, Role.DEPOT),),
        "roads": (road("town", "west", 120),),
        "crossings": (crossing("west", "PL"),),
        "crossing_modes": (mode("west", Mode.BUS, 60, 0.5),),
        "groups": tuple(group(f"G{i}", "town", 4) for i in range(1, 4)),
        "fleets": (fleet("buses", "town", 2, 8),),
        "corridors": (corridor,),
        "convoys": (convoy,) if escorted else (),
        "threats": (siege,),
    }
    case = small_case(**values)
    return replace(case, **overrides)
