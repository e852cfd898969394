"""The picture of a network: an SVG that needs nothing else, with what is closed and a route."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from overland.errors import UsageError
from overland.report.roadmap import roadmap, write_roadmap
from overland.roads.network import BRIDGE, BorderPoint
from tests.roads.networks import grid_network, network_of

SVG = "{http://www.w3.org/2000/svg}"


def test_closed_roads_bridges_and_the_route_are_drawn() -> None:
    border = BorderPoint(2, 30.2, 50.0, "A & <B>", 1)
    network = network_of(
        [(30.0, 50.0), (30.1, 50.0), (30.2, 50.0)],
        [(0, 1, 9, 9), (1, 2, 9, 9)],
        marks=[BRIDGE, 0],
        borders=(border,),
    )
    picture = ElementTree.fromstring(roadmap(network, {1}, np.array([[30.0, 50.0], [30.2, 50.0]])))
    classes = [element.get("class") for element in picture.iter(f"{SVG}path")]
    assert {"road primary", "road bridge", "road closed", "route"} <= set(classes)
    assert [title.text for title in picture.iter(f"{SVG}title")][-1] == "A & <B>"
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert words == ["primary road", "bridge", "closed then", "2 km"]


def test_those_who_made_the_map_are_credited() -> None:
    network = grid_network(3, 3, seed=1)
    network.source["attribution"] = "© the <mappers>"
    assert "© the &lt;mappers&gt;" in roadmap(network, (), None)


def test_it_loads_nothing_from_anywhere() -> None:
    picture = roadmap(grid_network(5, 5, seed=1), (), None).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in picture
    assert "<script" not in picture


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_roadmap(grid_network(3, 3, seed=1), tmp_path / "none" / "roads.svg")
