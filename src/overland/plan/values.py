"""What one more of something would save, from the prices of the bound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from overland.plan.bound import Evaluation
from overland.plan.document import Value
from overland.plan.problem import Problem

WORTH_SAYING = 1.0  # weighted person-hours
MODE_WORDS = {"car": "by car", "bus": "by bus", "foot": "on foot", "rail": "by rail"}


def marginal_values(problem: Problem, evaluation: Evaluation) -> list[Value]:
    """Value of one more unit of each limit that binds in the bound, most valuable first.

    The prices are those of the best bound: an estimate, exact only for small changes of the relaxed problem.
    """
    values = _of_limits(problem, evaluation) + _of_fleets(problem, evaluation)
    return sorted((v for v in values if v.saves >= WORTH_SAYING), key=lambda v: -v.saves)


def _of_limits(problem: Problem, evaluation: Evaluation) -> list[Value]:
    case, toll = problem.case, evaluation.prices.toll
    place = {p.id: p.name for p in case.places}
    crossing = {x.id: x.name for x in case.crossings}
    centre = {r.id: r.name for r in case.reception}
    service = {s.id: s.name for s in case.services}
    people = sum(g.size for g in case.groups)
    hourly = {(m.crossing, m.mode.value): m.rate_per_hour for m in case.crossing_modes}
    rate = {p.id: p.boarding_per_hour or 0.0 for p in case.places}
    worth: dict[tuple[str, str, str], float] = defaultdict(float)
    for i in np.flatnonzero(toll > 0):
        row, limit = problem.limits.rows[i], float(problem.limits.limit[i])
        mode = row.detail if row.kind == "crossing" else ""
        if row.kind == "crossing":  # ten more an hour raise each window in proportion to its open hours
            extra = 10 * limit / max(hourly[row.subject, mode], 1e-9)
        elif row.kind == "boarding":
            extra = 10 * limit / max(rate[row.subject], 1e-9)
        else:
            extra = {"reception": 100.0, "country": people / 100, "service": 10.0}[row.kind]
        worth[row.kind, row.subject, mode] += float(toll[i]) * extra
    words: dict[str, Callable[[str, str], tuple[str, str]]] = {
        "crossing": lambda s, m: (f"{crossing[s]} {MODE_WORDS[m]}", "ten more persons an hour"),
        "boarding": lambda s, _: (f"boarding at {place[s]}", "ten more persons an hour"),
        "reception": lambda s, _: (f"reception at {centre[s]}", "a hundred more people a day"),
        "country": lambda s, _: (f"share of {s}", "one more percent of all people"),
        "service": lambda s, _: (f"seats on {service[s]}", "ten more seats on every run"),
    }
    return [
        Value(limit=words[k](s, m)[0], kind=k, subject=s, unit=words[k](s, m)[1], saves=round(v, 1))  # type: ignore[arg-type]
        for (k, s, m), v in worth.items()
    ]


def _of_fleets(problem: Problem, evaluation: Evaluation) -> list[Value]:
    vehicles, names = problem.vehicles, {p.id: p.name for p in problem.case.places}
    worth: dict[tuple[str, int], float] = {}
    for v in range(len(vehicles.name)):
        key = (problem.stations[vehicles.depot[v]], int(vehicles.type_seats[vehicles.type[v]]))
        worth[key] = max(worth.get(key, 0.0), float(evaluation.vehicle_values[v]))
    return [
        Value(
            limit=f"{seats}-seat buses at {names[depot]}",
            kind="fleet",
            subject=depot,
            unit="one more bus",
            saves=round(saves, 1),
        )
        for (depot, seats), saves in worth.items()
    ]
