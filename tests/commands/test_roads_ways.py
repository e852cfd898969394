"""``overland roads route``, ``show`` and ``export``, as their user meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from overland.case import write_case
from overland.case.model import Closure
from overland.cli import main
from overland.roads.network_file import write_network
from tests.builders import hours, small_case
from tests.roads.networks import network_of, off_the_parallel, on_network

HOUR = 3_600_000


@dataclass(frozen=True)
class Done:
    exit_code: int
    output: str  # of both streams


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line as ``main`` does."""

    def call(*arguments: object) -> Done:
        monkeypatch.setattr("sys.argv", ["overland", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), "".join(capfd.readouterr()))

    return call


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "straight.parquet"
    write_network(
        network_of([(30.0 + i / 2, 50.0) for i in range(3)], [(0, 1, HOUR, HOUR), (1, 2, HOUR, HOUR)]), path
    )
    return path


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case on real roads, with one of them closed for the first five hours."""
    drawn = small_case()
    places = tuple(replace(place, longitude=30.0 + i) for i, place in enumerate(drawn.places))
    road = next(road.id for road in drawn.roads if {road.start, road.end} == {"capital", "hub"})
    closure = Closure(road=road, start=hours(0), end=hours(5))
    whole = on_network(off_the_parallel(replace(drawn, places=places, closures=(closure,))), tmp_path)
    write_case(whole, tmp_path / "case")
    return tmp_path / "case"


def test_how_long_from_here_to_there(run: Run, network: Path) -> None:
    done = run("roads", "route", network, "50.0,30.25", "50.0,31.0")
    assert done.exit_code == 0
    assert "1 h 30 min" in done.output
    assert "road 1001" in done.output


def test_other_ways_are_asked_for(run: Run, network: Path, tmp_path: Path) -> None:
    done = run("roads", "route", network, "50.0,30.25", "50.0,31.0", "--alternatives", 2)
    assert "no other way is different enough" in done.output
    ring = tmp_path / "ring.parquet"
    corners = [(30.0, 50.0), (30.5, 50.3), (31.0, 50.0), (30.5, 49.7)]
    sides = [(a, b, HOUR + 60_000 * a, HOUR) for a, b in ((0, 1), (1, 2), (0, 3), (3, 2))]
    write_network(network_of(corners, sides), ring)
    done = run("roads", "route", ring, "50,30", "50,31", "--alternatives", 2, "-o", tmp_path / "ways.geojson")
    assert "Other ways" in done.output
    names = [f["properties"]["name"] for f in json.loads((tmp_path / "ways.geojson").read_text())["features"]]
    assert names == ["Route", "Alternative 1"]


def test_leaving_then_if_this_is_closed(run: Run, case: Path) -> None:
    roads = case / "roads.parquet"
    now = run("roads", "route", roads, "capital", "hub", "--case", case)
    assert "waiting for roads to open" in now.output
    later = run("roads", "route", roads, "capital", "hub", "--case", case, "--leaving", "2022-02-17 20:00")
    assert later.exit_code == 0
    assert "waiting" not in later.output


def test_a_route_is_handed_on(run: Run, network: Path, tmp_path: Path) -> None:
    for ending in ("geojson", "gpx", "kml"):
        output = tmp_path / f"route.{ending}"
        assert run("roads", "route", network, "50,30", "50,31", "-o", output).exit_code == 0
        assert output.stat().st_size > 100
    line = json.loads((tmp_path / "route.geojson").read_text())["features"][0]
    assert line["properties"]["minutes"] == 120


def test_a_network_is_drawn_and_handed_on(run: Run, network: Path, case: Path, tmp_path: Path) -> None:
    done = run("roads", "show", case / "roads.parquet", "--case", case, "-o", tmp_path / "roads.svg")
    assert "1 of them closed then" in done.output
    assert (tmp_path / "roads.svg").read_text().startswith("<svg")
    assert run("roads", "export", network, "-o", tmp_path / "roads.geojson").exit_code == 0
    assert len(json.loads((tmp_path / "roads.geojson").read_text())["features"]) == 2


ON_CASE = ("{real}", "capital", "hub", "--case", "{case}")
WRONG = [
    (("route", "{roads}", "Kyiv", "50,31"), "is not a point such as 49.84,24.03"),
    (("route", "{roads}", "30,50", "50,31"), "km from the nearest road"),
    (("route", "{roads}", "500,50", "50,31"), "is not on the globe"),
    (("route", "{none}", "50,30", "50,31"), "there is no such file"),
    (("route", "{roads}", "50,30", "50,31", "--leaving", "2022-02-17 20:00"), "add --case"),
    (("route", "{roads}", "50,30", "50,31", "-o", "{roads}"), "the ending must be one of"),
    (
        ("route", "{real}", "capital", "hub", "--case", "{case}", "--leaving", "soon"),
        "--leaving: must be a date",
    ),
    (
        ("route", "{real}", "capital", "hub", "--case", "{case}", "--leaving", "2020-01-01 00:00"),
        "before the case",
    ),
    (("route", "{real}", "nowhere", "hub", "--case", "{case}"), "nor a place or crossing of the case"),
    (("show", "{roads}", "--from", "50,30"), "give both --from and --to"),
    (("export", "{roads}", "-o", "{tmp}/roads.shp"), "the ending must be one of"),
    (("show", "{roads}", "-o", "{tmp}/none/roads.svg"), "cannot be written"),
]


@pytest.mark.parametrize(("arguments", "says"), WRONG)
def test_a_wrong_turn_is_a_message(
    run: Run, network: Path, case: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    names = {
        "roads": network,
        "case": case,
        "real": case / "roads.parquet",
        "tmp": tmp_path,
        "none": tmp_path / "no.parquet",
    }
    done = run("roads", *(argument.format(**names) for argument in arguments))
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())


def test_a_latitude_south_of_the_equator_is_no_option(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "south.parquet"
    write_network(network_of([(-70.6, -33.4), (-70.7, -33.5)], [(0, 1, HOUR, HOUR)]), path)
    done = run("roads", "route", path, "-33.4,-70.6", "-33.5,-70.7")
    assert done.exit_code == 0
    assert "1 h 00 min" in done.output


def test_a_case_whose_closures_are_not_on_the_network_is_refused(
    run: Run, network: Path, tmp_path: Path
) -> None:
    drawn = small_case()
    closure = Closure(road=drawn.roads[0].id, start=hours(0), end=hours(5))
    write_case(replace(drawn, closures=(closure,)), tmp_path / "drawn")
    done = run("roads", "route", network, "50,30", "50,31", "--case", tmp_path / "drawn")
    assert done.exit_code == 2
    assert f"the network has no {closure.road}" in done.output


def test_the_maps_of_a_case_are_checked_with_it(run: Run, case: Path) -> None:
    assert run("check", case).exit_code == 0
    (case / "roads.parquet").write_bytes(b"no roads")
    done = run("check", case)
    assert done.exit_code == 2
    assert "case.toml: [case] network: " in done.output
    assert "this is not a road network" in done.output


def test_no_way_at_all_is_an_answer(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "roads.parquet"
    write_network(
        network_of([(30.0, 50.0), (30.5, 50.0), (31.0, 50.0)], [(0, 1, 9, -1), (1, 2, 9, -1)]), path
    )
    done = run("roads", "route", path, "50,31", "50,30")
    assert done.exit_code == 1
    assert "there is no way" in done.output
