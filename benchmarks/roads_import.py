"""Importing maps of growing size: time and memory of ``overland roads import`` beside osmnx and pyrosm.

``python benchmarks/roads_import.py EXTRACT.osm.pbf [--copies 1 7 28] [--peer PYTHON] [--osmnx-up-to COPIES]``

Larger maps are copies of the extract joined by roads (``tiling.py``). PYTHON is the interpreter of an
environment that has osmnx and pyrosm, which are not in ours; one that is missing is skipped with a message.
All read roads of all classes; ours also contracts them and writes the file, osmnx contracts them, pyrosm does
neither. osmnx reads XML only: the conversion is not counted. Ratios are to ours, of processor seconds and of
memory: the wall clock depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import osmium
from tiling import tile

PYROSM = "import sys, pyrosm; pyrosm.OSM(sys.argv[1]).get_network('driving', nodes=True)"
OSMNX = "import sys, osmnx; osmnx.graph_from_xml(sys.argv[1], simplify=True)"
OURS = ["-m", "overland.cli", "roads", "import", "--quiet"]
ALL = ["--classes", "motorway..minor"]


class Run(NamedTuple):
    """What one process took."""

    seconds: float
    processor_seconds: float
    megabytes: float


def run(command: list[str]) -> Run | str:
    """Run a command to its end; what it took, or the last line of what went wrong."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        return lines[-1] if lines else f"exit code {process.returncode}"
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def as_xml(extract: Path, output: Path) -> Path:
    """The nodes and ways of an extract as XML."""
    with osmium.SimpleWriter(str(output), overwrite=True) as writer:
        for entity in osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY):
            writer.add(entity)
    return output


def measure(name: str, command: list[str], nodes: int, ours: Run | None) -> Run | None:
    """Print a row of the table."""
    took = run(command)
    if isinstance(took, str):
        print(f"{nodes / 1e6:5.2f} M  {name:<24}  skipped: {took}", flush=True)
        return None
    ratio = ""
    if ours is not None:
        slower, larger = took.processor_seconds / ours.processor_seconds, took.megabytes / ours.megabytes
        ratio = f"{slower:6.2f} × time {larger:6.2f} × memory"
    print(
        f"{nodes / 1e6:5.2f} M  {name:<24} {took.seconds:7.1f} s {took.processor_seconds:7.1f} s "
        f"{took.megabytes:6.0f} MB  {ratio}",
        flush=True,
    )
    return took


def main() -> None:
    """Print a row for each size of map and each program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("extract", type=Path)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 7, 28])
    parser.add_argument("--peer", default=sys.executable)
    parser.add_argument("--osmnx-up-to", type=int, default=1)
    arguments = parser.parse_args()
    print("nodes    program                   wall clock  processor  memory")
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder, "roads.parquet"))
        run([sys.executable, *OURS, str(arguments.extract), "-o", output])  # compiles the kernels
        for copies in arguments.copies:
            path = Path(folder, f"{copies}.osm.pbf")
            nodes = tile(arguments.extract, copies, path)
            ours = measure("overland", [sys.executable, *OURS, str(path), "-o", output, *ALL], nodes, None)
            measure("overland, to tertiary", [sys.executable, *OURS, str(path), "-o", output], nodes, ours)
            measure("pyrosm", [arguments.peer, "-W", "ignore", "-c", PYROSM, str(path)], nodes, ours)
            if copies <= arguments.osmnx_up_to:
                xml = str(as_xml(path, Path(folder, "map.osm")))
                measure("osmnx", [arguments.peer, "-W", "ignore", "-c", OSMNX, xml], nodes, ours)


if __name__ == "__main__":
    main()
