"""A flow and its proof as files, checked from the files alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from overland.errors import FlowError
from overland.plan.massflow.earliest_arrival import earliest_arrival
from overland.plan.massflow.flow_network import FlowNetwork
from overland.plan.massflow.records import write_records
from overland.plan.massflow.verification import verify_records
from tests.plan.massflow.networks import TWO_ROADS, small_networks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_records(earliest_arrival(TWO_ROADS), tmp_path)
    return tmp_path


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(small_networks())
def test_what_is_written_verifies(tmp_path: Path, network: FlowNetwork) -> None:
    for limit in (60.0, 0.0):
        flow = earliest_arrival(network, limit)
        write_records(flow, tmp_path)
        figures, wrong = verify_records(network, tmp_path)
        assert wrong == []
        assert (figures["total"], figures["bound"]) == (flow.total, flow.bound)


@pytest.mark.parametrize(
    ("name", "line", "old", "new", "said"),
    [
        ("flow.csv", 1, "0,a,z,0,1", "0,a,z,0,2", "takes 1 persons a step; 2 enter at step 0"),
        ("flow.csv", 1, "0,a,z,1,1", "0,a,z,0,1", "is twice in the pattern"),
        ("departures.csv", 1, "a,0,1,z,2", "a,0,1,z,1", "9 persons set out from a; 10 are there"),
        ("cuts.csv", 1, "z,0,", "z,1,", "an arrival at the sink on the wrong side"),
    ],
)
def test_a_spoilt_flow_or_proof_is_caught(
    folder: Path, name: str, line: int, old: str, new: str, said: str
) -> None:
    rows = (folder / name).read_text().split("\n")
    found = next(i for i, row in enumerate(rows) if row.startswith(old) and i >= line)
    rows[found] = rows[found].replace(old, new, 1)
    (folder / name).write_text("\n".join(rows))
    _, wrong = verify_records(TWO_ROADS, folder)
    assert said in "\n".join(wrong)


@pytest.mark.parametrize("name", ["total", "bound", "clearance", "people", "gap"])
def test_a_figure_that_is_not_so_is_caught(folder: Path, name: str) -> None:
    about = json.loads((folder / "summary.json").read_text())
    about[name] -= 1
    (folder / "summary.json").write_text(json.dumps(about))
    _, wrong = verify_records(TWO_ROADS, folder)
    assert len(wrong) == 1
    assert f"{name}: says" in wrong[0]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("flow.csv", "", "flow.csv:1: the first row must be: arc,from,to,step,persons"),
        ("flow.csv", "arc,from,to,step,persons\n0,a,q,0,1\n", "flow.csv:2: the network has no node 'q'"),
        ("flow.csv", "arc,from,to,step,persons\n0,z,a,0,1\n", "arc 0 does not lead from and to these nodes"),
        ("flow.csv", "arc,from,to,step,persons\n0,a,z\n", "flow.csv:2: 3 cells; there must be 5"),
        ("flow.csv", "arc,from,to,step,persons\n0,a,z,0,1.5\n", "flow.csv:2: a whole number is expected"),
        ("cuts.csv", "node,first,last,after\nz,0,99,0\n", "cuts.csv:2: steps beyond the last cut"),
        ("summary.json", "{}", "summary.json: this is not the summary of a mass flow"),
        ("summary.json", '{"cuts_until": 1, "format": "x"}', "another version"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_message(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text)
    with pytest.raises(FlowError) as caught:
        verify_records(TWO_ROADS, folder)
    assert said in str(caught.value)


def test_a_file_that_is_missing(folder: Path) -> None:
    (folder / "cuts.csv").unlink()
    with pytest.raises(FlowError, match=r"cuts\.csv: cannot be read: No such file"):
        verify_records(TWO_ROADS, folder)
