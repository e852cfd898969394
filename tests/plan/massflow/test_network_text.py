"""Flow networks as text files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from overland.errors import FlowError
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.network_text import read_flow_network, write_flow_network
from tests.plan.massflow.networks import small_networks

GOOD = """% a remark
N 3
TIME 350
V a 4 648073.7 9907591.8
V b 0
S a 4
R a 2
T z 4
E a b 2 1   % a bridge
E b z 2147483647 0
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "town.dat"
    path.write_text(text)
    return path


def test_a_file_with_everything(tmp_path: Path) -> None:
    network = read_flow_network(written(tmp_path, GOOD))
    assert network.names == ("a", "b", "z")
    assert network.supply.tolist() == [4, 0, 0]
    assert network.release.tolist() == [2, 0, 0]
    assert network.capacity.tolist() == [2, 2147483647]
    assert network.transit.tolist() == [1, 0]
    assert network.names[network.sink] == "z"


def test_people_below_zero_are_a_sink(tmp_path: Path) -> None:
    network = read_flow_network(written(tmp_path, "V a 4\nV z -4\nE a z 1 1\n"))
    assert network.names[network.sink] == "z"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("X a 4\n", "town.dat:1: 'X' is not a kind of record; there are V, S, R, T, E, N"),
        ("\nE a z 1\n", "town.dat:2: E: has 3 values; a line is: E from to capacity transit"),
        ("E a z one 1\n", "town.dat:1: capacity: 'one' is not a whole number"),
        ("E a z 1 -1\n", "town.dat:1: transit: -1 is not between 0 and 30,000"),
        ("S a -4\n", "town.dat:1: people: -4 is not between 0 and"),
        ("S a 4\nS a 5\n", "town.dat:2: people: 5 people at 'a', where an earlier line has 4"),
        ("N 7\nS a 4\nT z 4\nE a z 1 1\n", "town.dat:1: N: says 7 nodes; the file has 2"),
        ("S a 4\nT z 3\nE a z 1 1\n", "town.dat:2: people: sink 'z' has room for 3 of 4 people"),
        ("S a 4\nE a z 1 1\n", "town.dat: there is no sink"),
        ("S a 4\nT z 4\nE z a 1 1\n", "town.dat: 4 people have no way to a sink"),
        ("", "town.dat: there is no sink"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FlowError) as caught:
        read_flow_network(written(tmp_path, text))
    assert str(caught.value).startswith(str(tmp_path / said.split(":", maxsplit=1)[0]))
    assert said in str(caught.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(FlowError) as caught:
        read_flow_network(written(tmp_path, "E a z x 1\nE a z 1 y\n"))
    assert str(caught.value).count("town.dat:") == 2


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match="there is no such file"):
        read_flow_network(tmp_path / "none.dat")
    (tmp_path / "town.dat").write_bytes(b"\xff\xfe\x00\x01" * 40)
    with pytest.raises(FlowError, match=r"town\.dat"):
        read_flow_network(tmp_path / "town.dat")


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(small_networks())
def test_what_is_written_is_read_again(tmp_path: Path, network: FlowNetwork) -> None:
    write_flow_network(network, tmp_path / "town.dat")
    again = read_flow_network(tmp_path / "town.dat")
    assert again.names == network.names
    assert again.sink == network.sink
    for name in ("tail", "head", "capacity", "transit", "supply", "release"):
        assert getattr(again, name).tolist() == getattr(network, name).tolist()
