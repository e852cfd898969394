"""Where the nodes of an OpenStreetMap extract lie, decoded from its blocks by a compiled kernel.

Most nodes of a map lie on no road. pyosmium hands each of them to Python, which takes 2 s a million, or keeps
them all; here a block of 8,000 is decoded at once and only what is wanted is taken from it: 0.1 s a million.
The format: https://wiki.openstreetmap.org/wiki/PBF_Format (fileformat.proto, osmformat.proto).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LARGEST_HEADER, LARGEST_BLOB = 64 * 1024, 32 * 1024 * 1024  # bytes; the format allows no more
USUAL_BLOCK = 256 * 1024  # bytes, unpacked
RAW, ZLIB = 1, 3  # fields of a Blob
NANODEGREES = 1e-9


class UnreadableBlockError(ValueError):
    """A block of the file is not whole, or packed in a way this module does not know."""


def node_blocks(path: Path) -> Iterator[tuple[float, Ints, Floats, Floats]]:
    """Nodes block by block: part of the file read so far, identifiers, longitudes, latitudes.

    Raises
    ------
    UnreadableBlockError
        If a block cannot be decoded; pyosmium may then still know how.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        while header := file.read(4):
            kind, length = _blob_header(_exactly(file, int.from_bytes(header, "big"), LARGEST_HEADER))
            blob = _exactly(file, length, LARGEST_BLOB)
            if kind == b"OSMData":
                identifier, longitude, latitude = _nodes(np.frombuffer(_unpacked(blob), dtype=np.uint8))
                yield file.tell() / size, identifier, longitude, latitude


def _exactly(file: BinaryIO, length: int, most: int) -> bytes:
    data = file.read(length) if 0 <= length <= most else b""
    if not data or len(data) < length:
        raise UnreadableBlockError("a block ends early")
    return data


def _blob_header(data: bytes) -> tuple[bytes, int]:
    """Kind and length of a blob."""
    fields = _fields(data)
    kind, length = fields.get(1), fields.get(3)
    if not isinstance(kind, bytes) or not isinstance(length, int):
        raise UnreadableBlockError("a block without a header")
    return kind, length


def _unpacked(blob: bytes) -> bytes:
    fields = _fields(blob)
    raw, packed = fields.get(RAW), fields.get(ZLIB)
    if isinstance(raw, bytes):
        return raw
    if not isinstance(packed, bytes):
        raise UnreadableBlockError("a block packed neither plainly nor with zlib")
    try:
        return zlib.decompress(packed, bufsize=USUAL_BLOCK)
    except zlib.error as error:
        raise UnreadableBlockError(f"a block does not unpack: {error}") from error


def _fields(data: bytes) -> dict[int, int | bytes]:
    """Fields of a small message: numbers and bytes by number of the field."""
    fields: dict[int, int | bytes] = {}
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        value, at = _number(data, at)
        if key & 7 == 2:
            fields[key >> 3] = data[at : at + value]
            at += value
        elif key & 7 == 0:
            fields[key >> 3] = value
        else:
            raise UnreadableBlockError("a field of a kind that is not used here")
    return fields


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where the next begins."""
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise UnreadableBlockError("a number that does not end")


def _nodes(block: Bytes) -> tuple[Ints, Floats, Floats]:
    """Identifiers, longitudes and latitudes of the nodes in an unpacked block."""
    count = _count(block)
    if count < 0:
        raise UnreadableBlockError("a block that does not follow the format")
    identifier, x, y = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    units = np.array([100, 0, 0], dtype=np.int64)
    if count and not _decode(block, identifier, x, y, units):
        raise UnreadableBlockError("a block that does not follow the format")
    granularity, north, east = units
    longitude, latitude = east + granularity * x, north + granularity * y
    return identifier, longitude * NANODEGREES, latitude * NANODEGREES


@njit(cache=True, nogil=True)
def _varint(block: Bytes, at: int, end: int) -> Any:
    """A number of variable length, and where the next begins; -1 if it does not end."""
    value = np.uint64(0)
    shift = np.uint64(0)
    while at < end and shift < np.uint64(64):
        byte = np.uint64(block[at])
        at += 1
        value |= (byte & np.uint64(0x7F)) << shift
        if byte < np.uint64(0x80):
            return np.int64(value), at
        shift += np.uint64(7)
    return 0, -1


@njit(cache=True, nogil=True)
def _signed(value: int) -> Any:
    """Undo the zigzag of a signed number."""
    bits = np.uint64(value)
    return np.int64(bits >> np.uint64(1)) ^ -np.int64(bits & np.uint64(1))


@njit(cache=True, nogil=True)
def _field(block: Bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """A field: number, value or length, where its content begins and ends; number -1 if it is broken."""
    key, at = _varint(block, at, end)
    if at < 0:
        return -1, 0, 0, 0
    wire = key & 7
    if wire == 0:
        value, at = _varint(block, at, end)
        return (key >> 3 if at >= 0 else -1), value, at, at
    if wire == 2:
        length, at = _varint(block, at, end)
        if at < 0 or length < 0 or length > end - at:
            return -1, 0, 0, 0
        return key >> 3, length, at, at + length
    skipped = 8 if wire == 1 else 4
    if wire not in (1, 5) or end - at < skipped:
        return -1, 0, 0, 0
    return key >> 3, 0, at, at + skipped


@njit(cache=True, nogil=True)
def _count(block: Bytes) -> int:
    """Number of nodes in a block; -1 if it is broken."""
    count, at = 0, 0
    while at < len(block):
        number, _, begin, at = _field(block, at, len(block))
        if number < 0:
            return -1
        if number != 2:  # a primitive group
            continue
        inner = begin
        while inner < at:
            kind, _, first, inner = _field(block, inner, at)
            if kind < 0:
                return -1
            if kind == 1:  # a node by itself
                count += 1
            if kind != 2:  # nodes packed densely
                continue
            dense = first
            while dense < inner:
                column, _, low, dense = _field(block, dense, inner)
                if column < 0:
                    return -1
                if column == 1:
                    for i in range(low, dense):  # the last byte of a number is below 128
                        count += block[i] < 0x80
    return count


@njit(cache=True, nogil=True)
def _column(block: Bytes, at: int, end: int, values: Ints, place: int) -> int:
    """Numbers given as differences; returns where the next column's go, -1 if they are broken or too many."""
    value = 0
    while at < end:
        step, at = _varint(block, at, end)
        if at < 0 or place >= len(values):
            return -1
        value += _signed(step)
        values[place] = value
        place += 1
    return place


@njit(cache=True, nogil=True)
def _decode(block: Bytes, identifier: Ints, x: Ints, y: Ints, units: Ints) -> bool:
    """Fill in the nodes of a block, and its units: granularity, latitude and longitude of its origin."""
    place, at = 0, 0
    while at < len(block):
        number, value, begin, at = _field(block, at, len(block))
        if number == 17:
            units[0] = value
        elif number == 19:
            units[1] = value
        elif number == 20:
            units[2] = value
        if number != 2:
            continue
        inner = begin
        while inner < at:
            kind, _, first, inner = _field(block, inner, at)
            if kind == 1:
                one = first
                while one < inner:
                    column, value, _, one = _field(block, one, inner)
                    if column == 1:
                        identifier[place] = _signed(value)
                    elif column == 8:
                        y[place] = _signed(value)
                    elif column == 9:
                        x[place] = _signed(value)
                    elif column < 0:
                        return False
                place += 1
            elif kind == 2:
                after = np.array([place, place, place])
                dense = first
                while dense < inner:
                    column, _, low, dense = _field(block, dense, inner)
                    if column == 1:
                        after[0] = _column(block, low, dense, identifier, place)
                    elif column == 8:
                        after[1] = _column(block, low, dense, y, place)
                    elif column == 9:
                        after[2] = _column(block, low, dense, x, place)
                    elif column < 0:
                        return False
                if after[0] < 0 or after[0] != after[1] or after[0] != after[2]:
                    return False
                place = after[0]
    return place == len(identifier)
