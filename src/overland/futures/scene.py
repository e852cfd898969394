"""A case as futures see it, whatever the plan: its roads, gates and people, all numbered."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case.model import Case, way_number
from overland.futures.gates import Gates, gates_of
from overland.futures.layers import Layers
from overland.plan.options import run_calls
from overland.plan.riders import admissions
from overland.roads import RoadTimes
from overland.roads.closings import Closing, closed_intervals


@dataclass(frozen=True, slots=True)
class Scene:
    """A case with everything numbered.

    Attributes
    ----------
    groups, vehicles, runs : tuple of str
        Groups; vehicles that can be used; runs of services.
    admits : tuple of int
        Countries that let each group in (bit ``c``).
    fleets : tuple of str
        Fleet of each vehicle.
    """

    case: Case
    times: RoadTimes
    gates: Gates
    layers: Layers
    groups: tuple[str, ...]
    admits: tuple[int, ...]
    vehicles: tuple[str, ...]
    fleets: tuple[str, ...]
    runs: tuple[str, ...]

    @classmethod
    def of(cls, case: Case, times: RoadTimes | None = None) -> Scene:
        """Number what there is in a case."""
        times = times or RoadTimes.of(case)
        usable = [(name, fleet.id) for fleet in case.fleets for name in case.vehicles_of(fleet)]
        gates = gates_of(case, times)
        return cls(
            case=case,
            times=times,
            gates=gates,
            layers=Layers.of(case, times),
            groups=tuple(group.id for group in case.groups),
            admits=admissions(case, gates.countries),
            vehicles=tuple(name for name, _ in usable),
            fleets=tuple(fleet for _, fleet in usable),
            runs=tuple(run_calls(case)),
        )

    def segments_of(self, road: str) -> list[int]:
        """The segments of a road by its name in the tables: of a network, all with a piece of the way."""
        if self.times.ground is None:
            return [self.layers.names.index(road)] if road in self.layers.names else []
        way = way_number(road)
        closing = Closing(road, ((0.0, 1.0),), ways=frozenset() if way is None else frozenset({way}))
        return sorted(closed_intervals(self.times.ground.network, [closing]))
