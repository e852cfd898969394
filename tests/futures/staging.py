"""Small cases staged for the execution: a plan, and futures in which one thing happens."""

from __future__ import annotations

import numpy as np

from overland.case.model import Case
from overland.futures.closures import flat
from overland.futures.driving import DETOUR, KEEP
from overland.futures.execution import carry_out
from overland.futures.happenings import Happenings, nothing_happens
from overland.futures.order_reading import Reading
from overland.futures.play import Play
from overland.futures.scene import Scene
from overland.plan import solve
from overland.plan.document import Plan
from overland.roads.search.graph import NOWHERE

POLICIES = (KEEP, DETOUR)


class Staged:
    """A case with a plan, ready to be carried out."""

    def __init__(self, case: Case, plan: Plan | None = None) -> None:
        self.case = case
        self.plan = plan or planned(case)
        self.scene = Scene.of(case)
        self.reading = Reading(self.scene, self.plan)

    def nothing(self) -> Happenings:
        """A future to which something may be done; its periods are steps."""
        return nothing_happens(self.scene, self.case.steps, 1)

    def play(self, happenings: Happenings | None = None, policy: int = KEEP) -> Play:
        """Carry the plan out."""
        return carry_out(self.reading.world, happenings or self.nothing(), policy)

    def closing(self, *roads: str, start_hours: float = 0.0, end_hours: float | None = None) -> Happenings:
        """A future in which some roads close."""
        nothing = self.nothing()
        end = NOWHERE if end_hours is None else round(end_hours * 3_600_000)
        rows = [(s, round(start_hours * 3_600_000), end) for r in roads for s in self.scene.segments_of(r)]
        first, closed = flat(rows, len(self.scene.layers.km))
        return nothing._replace(conditions=nothing.conditions._replace(closed_first=first, closed=closed))

    def out(self, play: Play) -> dict[str, int]:
        """Step at which each group is across; -1 if it is not."""
        return dict(zip(self.scene.groups, play.person["out"].tolist(), strict=False))

    def people(self, play: Play, fate: int) -> int:
        """People of whom that became."""
        return int(play.person["size"][play.person["fate"] == fate].sum())


def planned(case: Case) -> Plan:
    """A plan of a case, the same each time."""
    return solve(case, work=2, time_limit=600)


def random_happenings(staged: Staged, random: np.random.Generator) -> Happenings:
    """A future in which anything happens, with far more of it than life has."""
    scene, case = staged.scene, staged.case
    steps = case.steps
    roads = [r.id for r in case.roads if random.random() < 0.3]
    hours = sorted(random.random(2) * case.horizon_hours)
    happenings = staged.closing(
        *roads, start_hours=hours[0], end_hours=hours[1] if random.random() < 0.7 else None
    )
    conditions = happenings.conditions
    conditions.travel[:] = np.exp(0.4 * random.standard_normal(conditions.travel.shape))
    conditions.wait[:] = np.exp(0.8 * random.standard_normal(conditions.wait.shape))
    conditions.gate["rate"] = np.exp(0.5 * random.standard_normal(len(conditions.gate)))
    shut = random.random(len(conditions.gate)) < 0.2
    conditions.gate["shut"][shut] = random.integers(0, steps, len(shut))[shut]
    conditions.run_cancelled[:] = random.random(len(conditions.run_cancelled)) < 0.3
    conditions.silent[:] = np.sort(random.integers(0, steps, conditions.silent.shape), axis=1)
    for rows, late in ((happenings.group, "gone"), (happenings.vehicle, "ends")):
        rows["late"] = np.where(random.random(len(rows)) < 0.3, random.integers(0, 5, len(rows)), 0)
        goes = random.random(len(rows)) < 0.2
        rows[late][goes] = random.integers(0, steps, len(rows))[goes]
    away = happenings.group["gone"] < steps
    happenings.group["fate"][away] = random.integers(1, 3, len(away))[away]
    new = np.zeros(int(random.integers(0, 4)), dtype=happenings.newcomer.dtype)
    new["node"] = np.sort(random.integers(0, len(case.places), len(new)))
    new["size"] = random.integers(1, 5, len(new))
    new["ready"] = random.integers(0, steps, len(new))
    new = new[np.lexsort((new["ready"], new["node"]))]
    new["weight"], new["admits"] = 1.0, (1 << len(scene.gates.countries)) - 1
    return happenings._replace(newcomer=new)
