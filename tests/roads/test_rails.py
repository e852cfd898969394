"""Services run along real railways where a case has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from overland.case.model import Case, NetworkFile, Service, ServiceStop
from overland.errors import NetworkError
from overland.roads.network_file import write_network
from overland.roads.rails import Rails
from tests.builders import small_case
from tests.report.conftest import show
from tests.roads.networks import network_of


@pytest.fixture
def by_rail(tmp_path: Path) -> Case:
    """A train from the capital to the town, along a railway with a junction off the straight line."""
    case = small_case()
    places = tuple(replace(place, longitude=30.0 + i) for i, place in enumerate(case.places))
    write_network(
        network_of([(30.0, 50.0), (30.5, 50.5), (31.0, 50.0)], [(0, 1, 9, 9), (1, 2, 9, 9)]),
        tmp_path / "rails.parquet",
    )
    service = Service(
        id="t", name="T", seats=9, departs=time(20), first_day=date(2022, 2, 17), last_day=date(2022, 2, 18)
    )
    stops = tuple(
        ServiceStop(service="t", sequence=i + 1, stop=places[i].id, minutes=60 * i) for i in range(2)
    )
    railways = NetworkFile(tmp_path / "rails.parquet", "0" * 64)
    return replace(case, places=places, services=(service,), service_stops=stops, railways=railways)


def test_a_train_runs_along_its_rails(by_rail: Case) -> None:
    rails = Rails.of(by_rail)
    way = rails.way(by_rail.places[0].id, by_rail.places[1].id)
    assert (way[0], way[-1]) == (by_rail.places[0].id, by_rail.places[1].id)
    assert (30.5, 50.5) in [rails.position(node) for node in way[1:-1]]


def test_the_report_draws_them(by_rail: Case) -> None:
    drawn = replace(by_rail, railways=None)
    assert len(show(by_rail).scene["nodes"]) > len(show(drawn).scene["nodes"])


def test_a_stop_far_from_every_railway_is_named(by_rail: Case) -> None:
    far = replace(by_rail, places=(replace(by_rail.places[0], latitude=60.0), *by_rail.places[1:]))
    with pytest.raises(NetworkError, match=r"capital is [\d.,]+ km"):
        Rails.of(far)
