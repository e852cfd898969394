"""Travel steps from 120 places to 40 crossings over 7 days at 15 minutes: time, and memory that they keep.

``python benchmarks/travel_steps.py [--side NODES]``

On the made-up country of ``routing.py``, smaller: quiet; with a front that comes nearer hour by hour for two
days, across a third of the country; with that and a curfew at night over a tenth of it. Compared with a
search for every departure, and with a table that keeps every departure.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from routing import made

from overland.roads.closings import Closing, closed_intervals
from overland.roads.network import Network
from overland.roads.search.departures import all_departures
from overland.roads.search.earliest import single_departure
from overland.roads.search.graph import RoadGraph
from overland.roads.snapping import graph_with, snap

PLACES, CROSSINGS, STEPS, STEP_MILLIS = 120, 40, 7 * 96, 15 * 60_000
SEARCHED = 24  # departures for which a search is made, to say what all of them would take


def closings(network: Network) -> dict[str, list[Closing]]:
    """What is closed, in three countries."""
    west, south = network.longitude.min(), network.latitude.min()
    wide, high = np.ptp(network.longitude), np.ptp(network.latitude)
    front = [
        Closing(
            "front", ((60.0 * h, 60.0 * (h + 1)),), shapely.box(west + wide * (1 - h / 144), -90, 180, 90)
        )
        for h in range(48)
    ]
    nights = tuple((1440.0 * day + 840, 1440.0 * day + 1260) for day in range(7))
    area = shapely.box(west + 0.4 * wide, south, west + 0.6 * wide, south + 0.5 * high)
    return {"quiet": [], "front": front, "front and curfew": [*front, Closing("curfew", nights, area)]}


def measure(graph: RoadGraph, base: int) -> str:
    """Times and memory for one country."""
    targets = base + np.arange(PLACES + CROSSINGS)
    all_departures(base, 2, STEP_MILLIS, 100, graph, targets)  # compiled before the clock starts
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(
                lambda source: all_departures(source, STEPS, STEP_MILLIS, 100, graph, targets),
                range(base, base + PLACES),
            )
        )
    seconds = time.monotonic() - started
    kept = sum(travel.nbytes + row.nbytes for travel, row in found)
    wanted = np.isin(np.arange(len(graph.terminal)), targets)
    started = time.monotonic()
    for depart in np.linspace(0, STEPS - 1, SEARCHED).astype(int):
        single_departure(base, int(depart) * STEP_MILLIS, graph, wanted)
    one_by_one = (time.monotonic() - started) / SEARCHED * STEPS * PLACES / 2
    whole = PLACES * STEPS * (PLACES + CROSSINGS) * 2
    return (
        f"{seconds:7.1f} s  (a search each: {one_by_one:7.1f} s, {one_by_one / seconds:5.1f} times)   "
        f"{kept / 1e6:6.2f} MB  (all departures: {whole / 1e6:.0f} MB)"
    )


def main() -> None:
    """Print a row for each country."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=220)
    network = made(parser.parse_args().side)
    random = np.random.default_rng(0)
    at = random.integers(len(network), size=PLACES + CROSSINGS)
    points = [(str(i), network.longitude[i], network.latitude[i]) for i in at]
    snaps = snap(network, [(name, float(x), float(y)) for name, x, y in points])
    print(f"{len(network):,} junctions, {len(network.head):,} arcs; two threads")
    for name, closed in closings(network).items():
        ends = range(PLACES, PLACES + CROSSINGS)
        graph = graph_with(network, snaps, closed_intervals(network, closed), terminal=ends)
        print(f"{name:17}{measure(graph, len(network))}", flush=True)


if __name__ == "__main__":
    main()
