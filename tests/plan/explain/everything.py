"""A case in which everything that could be asked for is there to be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from overland.case.model import Case, Closure, Corridor, CorridorStatus, Mode, Threat
from tests.builders import hours, mode
from tests.verify.handmade import rich_case


def everything() -> Case:
    """The handmade case with a front, corridors through it, a road that is closed for a while, hours."""
    case = rich_case()
    front = Threat(
        id="front",
        name="Front",
        level=3,
        hazard=2.0,
        closes_roads=True,
        start=hours(3),
        end=None,
        rings=(((29.9, 49.5), (30.1, 49.5), (30.1, 50.5), (29.9, 50.5), (29.9, 49.5)),),
    )
    accepted = Corridor(
        id="lifeline",
        name="Lifeline",
        roads=("capital-town",),
        start=hours(4),
        end=hours(8),
        status=CorridorStatus.ACCEPTED,
    )
    asked_for = replace(
        accepted, id="wish", name="Wish", roads=("capital-hub",), status=CorridorStatus.REQUESTED
    )
    snow = Closure(road="hub-south", start=hours(1), end=hours(5))
    return replace(
        case,
        threats=(front,),
        corridors=(accepted, asked_for),
        convoys=(),
        closures=(*case.closures, snow),
        crossing_modes=(
            *case.crossing_modes,
            mode("south", Mode.FOOT, opens=time(0), closes=time(23)),
        ),
    )
