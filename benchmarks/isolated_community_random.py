"""Random instances of the isolated community evacuation problem, and their folders."""

from __future__ import annotations

import csv
import random
from math import hypot, sqrt
from pathlib import Path

from instance_files import reason
from isolated_community_instances import Instance, Vessel

from overland.errors import UsageError

SPREADS, INTERVALS, RATIOS = (0.2, 0.4, 0.6), (15, 30, 60), (2, 3, 4)  # of the published experiments


def random_instances(count: int, seed: int) -> list[Instance]:
    """Instances in the manner of the published experiments.

    2 to 4 locations with one or two docks each and 2 or 3 docks on the mainland lie in a square of 12
    nautical miles; 3 to 6 vessels have 12 to 300 seats, 11 to 25 knots, 3 to 10 minutes of loading, are
    available within an hour, and each can use nine docks of ten. The people are 2, 3 or 4 times what all
    vessels carry at once, shared out at random (Dirichlet). Each forecast but the last is drawn by itself for
    each location: skew-normal (shape −2) around the truth with a scale of 0.2, 0.4 or 0.6 of it; so many of
    them that the truth is known after 2, 3 or 4 hours.
    """
    draw = random.Random(seed)
    return [_random_instance(draw, f"random-{seed}-{number:02d}") for number in range(1, count + 1)]


def _random_instance(draw: random.Random, name: str) -> Instance:
    location = {
        f"dock {i}{j}": f"location {i}" for i in range(draw.randint(2, 4)) for j in range(draw.randint(1, 2))
    }
    safe = tuple(f"haven {j}" for j in range(draw.randint(2, 3)))
    at = {dock: (draw.uniform(0, 12), draw.uniform(0, 12)) for dock in (*location, *safe)}

    def miles(starts: tuple[str, ...], ends: tuple[str, ...]) -> dict[tuple[str, str], float]:
        return {(a, b): round(0.5 + hypot(*(p - q for p, q in zip(at[a], at[b], strict=True))), 2)
                for a in starts for b in ends}  # fmt: skip

    vessels = tuple(_random_vessel(draw, f"vessel {k}", safe) for k in range(1, draw.randint(3, 6) + 1))
    usable = {(v.name, dock) for v in vessels for dock in at if draw.random() < 0.9}
    usable |= {(v.name, v.origin) for v in vessels} | {(vessels[0].name, dock) for dock in at}
    spread, interval, ratio = draw.choice(SPREADS), draw.choice(INTERVALS), draw.choice(RATIOS)
    parts = {a: draw.expovariate(1.0) for a in dict.fromkeys(location.values())}
    people = ratio * sum(vessel.seats for vessel in vessels)
    truth = {a: max(1, round(people * part / sum(parts.values()))) for a, part in parts.items()}
    forecasts = [
        {a: max(0, round(number * (1 + spread * _skew_normal(draw)))) for a, number in truth.items()}
        for _ in range(60 * ratio // interval)
    ]
    docks = tuple(location)
    return Instance(
        f"{name}_update_interval_{interval}", vessels, location, safe, frozenset(usable), miles(safe, docks),
        miles(docks, safe), miles(safe, docks), (*forecasts, truth), interval,
    )  # fmt: skip


def _random_vessel(draw: random.Random, name: str, safe: tuple[str, ...]) -> Vessel:
    speed = float(draw.randint(11, 25))
    seats, loading = draw.choice((12, 12, 40, 120, 250, 300)), float(draw.randint(3, 10))
    return Vessel(name, draw.choice(safe), seats, speed, speed, loading, round(draw.uniform(5, 60), 1))


def _skew_normal(draw: random.Random, shape: float = -2.0) -> float:
    lean = shape / sqrt(1 + shape * shape)
    return lean * abs(draw.gauss(0, 1)) + sqrt(1 - lean * lean) * draw.gauss(0, 1)


def write_instance(instance: Instance, folder: Path) -> None:
    """Write an instance as it is read.

    Raises
    ------
    UsageError
        If its folder cannot be written.
    """
    tables: dict[str, list[tuple]] = {
        "input/vessels.csv": [
            ("Vessel_name", "Regular_origin", "max_cap", "vmax", "v_loaded", "loading time",
             "time to availability"),
            *((v.name, v.origin, v.seats, v.speed, v.loaded_speed, v.loading, v.available)
              for v in instance.vessels),
        ],
        "input/island docks.csv": [("Dock", "Location"), *instance.location.items()],
        "input/mainland docks.csv": [("Dock",), *((dock,) for dock in instance.safe)],
        "input/vessel compatibility.csv": [
            ("Dock", "Resource", "Compatibility"),
            *((dock, v.name, int((v.name, dock) in instance.usable))
              for v in instance.vessels for dock in (*instance.location, *instance.safe)),
        ],
        "input/scenarios.csv": [
            ("Location", "private_evac", *(f"Demand_{i}" for i in range(len(instance.forecasts)))),
            *((a, 0, *(forecast[a] for forecast in instance.forecasts)) for a in instance.truth),
        ],
    }  # fmt: skip
    for name, miles in (("zeta", instance.start), ("gamma", instance.out), ("delta", instance.back)):
        rows = [(*pair, number) for pair, number in miles.items()]
        tables[f"incidences/{name}.csv"] = [("Origin", "Destination", "Distance"), *rows]
    for name, lines in tables.items():
        path = folder / instance.name / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {reason(error)}; give another folder") from None
