"""Decoding nodes from the blocks of an extract."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.roads.osm import pbf_nodes
from overland.roads.osm.pbf_nodes import UnreadableBlockError, node_blocks
from tests.roads.maps import write_map

# A block worked out by hand: granularity 1000, origin 1° north and 2° east, one node by itself (7 at 3, 5),
# and two packed densely (10 and 8, at 1, -1 and 2, 0 units north and east of the origin).
ALONE = bytes([0x08, 14, 0x40, 6, 0x48, 10])  # sint64: twice the number
DENSE = bytes([0x0A, 2, 20, 3, 0x42, 2, 2, 2, 0x4A, 2, 1, 2])  # identifiers, then north, then east
GROUP = bytes([0x0A, len(ALONE)]) + ALONE + bytes([0x12, len(DENSE)]) + DENSE
BLOCK = (
    bytes([0x0A, 0, 0x12, len(GROUP)])
    + GROUP
    + bytes([0x88, 0x01, 0xE8, 0x07])  # 17: 1000
    + bytes([0x98, 0x01, 0x80, 0x94, 0xEB, 0xDC, 0x03])  # 19: 1e9
    + bytes([0xA0, 0x01, 0x80, 0xA8, 0xD6, 0xB9, 0x07])  # 20: 2e9
)


def decoded(block: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return pbf_nodes._nodes(np.frombuffer(block, dtype=np.uint8))


def test_a_block_worked_out_by_hand() -> None:
    identifier, longitude, latitude = decoded(BLOCK)
    assert identifier.tolist() == [7, 10, 8]
    assert longitude == pytest.approx([2.000005, 1.999999, 2.0], abs=1e-12)
    assert latitude == pytest.approx([1.000003, 1.000001, 1.000002], abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, len(BLOCK) - 1), st.integers(0, 255)), max_size=4), st.integers(0, 60)
)
@settings(max_examples=500, derandomize=True, deadline=None)
def test_a_spoilt_block_is_decoded_somehow_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    block = bytearray(BLOCK)
    for at, value in changes:
        block[at] = value
    try:
        identifier, longitude, latitude = decoded(bytes(block[: len(block) - cut]))
    except UnreadableBlockError:
        return
    assert len(identifier) == len(longitude) == len(latitude) <= len(BLOCK)


def test_the_blocks_of_a_file_hold_all_its_nodes_and_say_how_far_one_is(tmp_path: Path) -> None:
    places = {i: (i / 1000, -i / 2000) for i in range(1, 20_001)}
    blocks = list(node_blocks(write_map(tmp_path / "m.osm.pbf", places, [])))
    read, identifier, longitude, latitude = zip(*blocks, strict=True)
    assert len(blocks) > 1
    assert list(read) == sorted(read)
    assert read[-1] == 1.0
    assert np.concatenate(identifier).tolist() == list(places)
    assert np.concatenate(longitude) == pytest.approx([place[0] for place in places.values()], abs=1e-9)
    assert np.concatenate(latitude) == pytest.approx([place[1] for place in places.values()], abs=1e-9)


@pytest.mark.parametrize("keep", [3, 10, 200])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = write_map(tmp_path / "m.osm.pbf", {i: (i / 1000, 1.0) for i in range(1, 5000)}, [])
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UnreadableBlockError):
        list(node_blocks(path))
