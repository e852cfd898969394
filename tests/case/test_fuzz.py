"""However the files of a case are spoilt, reading gives a case or its faults, and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.case import check_case, digest, read_case
from overland.case.starter import new_case
from overland.errors import CaseError

with tempfile.TemporaryDirectory() as made:
    new_case(Path(made) / "case")
    STARTER = {path.name: path.read_bytes() for path in (Path(made) / "case").iterdir()}

FILES = sorted(name for name in STARTER if name != "README.md")
SNIPPETS = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xca\xe8\xbf\xe2",
    b'"',
    b"'",
    b",",
    b";",
    b"\t",
    b"\n",
]
SNIPPETS += [b"\r", b"\r\n", b"[", b"]", b"{", b"}", b"=", b"#", b"-1", b"1e999", b"nan", b"9" * 400, b"null"]
SNIPPETS += [
    b"true",
    b"\\ud800",
    b"\\u0000",
    b"2030-03-31 00:30",
    b"kestrel",
    b"XS",
    b"*",
    b"\xe2\x80\xa8",
    b"[",
]

edits = st.tuples(
    st.integers(0, 10**6), st.integers(0, 12), st.sampled_from(SNIPPETS) | st.binary(max_size=6)
)


def spoil(content: bytes, position: int, removed: int, inserted: bytes) -> bytes:
    position %= len(content) + 1
    return content[:position] + inserted + content[position + removed :]


def read(files: dict[str, bytes]) -> None:
    """Read a folder with these files; a case that is read must also be usable."""
    with tempfile.TemporaryDirectory() as name:
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        faults = check_case(Path(name))
        assert all("\n" not in str(fault) for fault in faults)
        if faults:
            with pytest.raises(CaseError):
                read_case(Path(name))
        else:
            case = read_case(Path(name))
            assert digest(case)
            assert case.zone is not None
            assert case.steps > 0


@given(st.sampled_from(FILES), st.lists(edits, min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_a_few_bytes_changed(file: str, changes: list[tuple[int, int, bytes]]) -> None:
    content = STARTER[file]
    for position, removed, inserted in changes:
        content = spoil(content, position, removed, inserted)
    read({**STARTER, file: content})


@given(st.sampled_from(FILES), st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_a_file_of_arbitrary_bytes(file: str, content: bytes) -> None:
    read({**STARTER, file: content})


@given(st.sampled_from(FILES), st.sampled_from(FILES), st.integers(0, 3000))
@settings(max_examples=100, deadline=None)
def test_a_file_in_place_of_another_or_cut_short(file: str, other: str, length: int) -> None:
    read({**STARTER, file: STARTER[other][:length]})


@given(
    st.sampled_from(FILES), st.sampled_from(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7", "cp037"])
)
@settings(max_examples=60, deadline=None)
def test_a_file_in_another_encoding(file: str, encoding: str) -> None:
    text = STARTER[file].decode()
    read({**STARTER, file: text.encode(encoding, "replace")})
