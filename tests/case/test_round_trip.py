"""A case written and read again is the same case."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.case import check_case, digest, read_case, write_case
from overland.case.model import (
    Basis,
    Case,
    Closure,
    Corridor,
    CorridorStatus,
    EntryRule,
    Headcount,
    Mode,
    Note,
    Papers,
    Post,
    Role,
    Service,
    ServiceStop,
    Threat,
    WaitForecast,
)
from overland.errors import CaseError
from tests.builders import fleet, group, hours, mode, place, policy, small_case

START, END = datetime(2021, 1, 1), datetime(2023, 12, 31)

texts = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
optional_texts = st.just("") | texts
ids = st.from_regex(r"[\w.+=/:-]{1,12}", fullmatch=True)
numbers = st.floats(0, 168)
whole = st.integers(0, 1000)
moments = st.datetimes(START, END, timezones=st.just(UTC)) | st.integers(0, 40).map(hours)
days = st.dates(date(2021, 1, 1), date(2023, 12, 31))
clocks = st.times().filter(lambda clock: clock.tzinfo is None)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """The small case with arbitrary values in every table."""
    case = small_case()
    notes = tuple(
        Note(id=key, basis=draw(st.sampled_from(Basis)), text=draw(texts), source=draw(texts))
        for key in draw(st.lists(ids, max_size=3, unique=True))
    )
    sources = st.sampled_from(["", *(note.id for note in notes)])
    begins = draw(moments)
    ends = begins + timedelta(seconds=draw(st.integers(1, 10**6)))
    first_day = draw(days)
    zones = st.sampled_from(["Europe/Kyiv", "UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
    categories = draw(st.dictionaries(texts, st.floats(0.01, 100), min_size=1, max_size=3))
    return replace(
        case,
        id=draw(ids),
        title=draw(texts),
        description=draw(optional_texts),
        time_zone=draw(zones),
        notes=notes,
        policy=policy(
            weights=case.policy.weights | categories,
            country_share=draw(st.dictionaries(st.sampled_from(["PL", "HU"]), st.floats(0, 1))),
            notice_hours=draw(numbers),
            vehicle_hour_cost=draw(numbers),
        ),
        places=(
            *case.places,
            place(
                "village",
                *draw(st.sets(st.sampled_from([Role.POST, Role.JUNCTION, Role.STATION]), min_size=1)),
                name=draw(texts),
                region=draw(optional_texts),
                latitude=draw(st.floats(-90, 90)),
                hazard=draw(numbers),
                boarding_per_hour=draw(st.none() | st.floats(1e-3, 1e3)),
                source=draw(sources),
            ),
        ),
        crossing_modes=(
            *case.crossing_modes[1:],
            mode("west", Mode.BUS, draw(numbers), opens=draw(clocks), closes=draw(clocks)),
            mode("south", Mode.RAIL),
        ),
        groups=(
            *case.groups,
            group(
                draw(ids.filter(lambda key: not key.startswith("G"))),
                "town",
                ready=draw(st.integers(-2000, 2879).map(lambda minutes: hours(minutes / 60))),
                category=draw(st.sampled_from([*categories])),
                papers=draw(st.sampled_from(Papers)),
                own_car=draw(st.booleans()),
                source=draw(sources),
            ),
        ),
        entry_rules=(
            EntryRule(
                country="PL", nationality="IL", papers="none", admitted=False, note=draw(optional_texts)
            ),
            *case.entry_rules,
        ),
        closures=(
            Closure(
                road="hub-west", start=begins, end=draw(st.sampled_from([None, ends])), source=draw(sources)
            ),
        ),
        corridors=(
            Corridor(
                id=draw(ids),
                name=draw(texts),
                roads=("hub-west", "capital-hub"),
                start=begins,
                end=ends,
                status=draw(st.sampled_from(CorridorStatus)),
                guarantors=draw(optional_texts),
            ),
        ),
        services=(
            Service(
                id="train",
                name=draw(texts),
                seats=draw(whole),
                departs=draw(clocks),
                first_day=first_day,
                last_day=first_day + timedelta(days=draw(st.integers(0, 9))),
            ),
        ),
        service_stops=(
            ServiceStop(service="train", sequence=1, stop="hub", minutes=0),
            ServiceStop(service="train", sequence=2, stop="south", minutes=1 + draw(whole)),
        ),
        waits=(WaitForecast(crossing="west", mode=Mode.BUS, start=draw(moments), wait_hours=draw(numbers)),),
        headcounts=(
            Headcount(place="hub", low=0, likely=5, high=draw(st.integers(5, 99)), as_of=draw(moments)),
        ),
        posts=(Post(id=draw(ids), name=draw(texts), place="hub", functions=draw(optional_texts)),),
        threats=(
            Threat(
                id=draw(ids),
                name=draw(texts),
                level=draw(st.integers(1, 5)),
                hazard=draw(numbers),
                closes_roads=draw(st.booleans()),
                start=begins,
                end=draw(st.sampled_from([None, ends])),
                rings=draw(st.lists(squares(), min_size=1, max_size=2).map(_side_by_side)),
                source=draw(sources),
            ),
        ),
    )


@st.composite
def squares(draw: st.DrawFn) -> float:
    """The size of a square area."""
    return draw(st.floats(0.01, 1))


def _side_by_side(sizes: list[float]) -> Any:
    return tuple(
        ((w, 0.0), (w + size, 0.0), (w + size, size), (w, size), (w, 0.0))
        for w, size in ((2.0 * position, size) for position, size in enumerate(sizes))
    )


@given(cases())
@settings(max_examples=100, deadline=None)
def test_any_case_is_read_as_it_was_written(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_case(case, Path(folder))
        assert [str(fault) for fault in check_case(Path(folder))] == []
        again = read_case(Path(folder))
    assert again == case
    assert digest(again) == digest(case)


def test_needs_are_words_in_any_order(tmp_path: Path) -> None:
    both = frozenset(["wheelchair", "stretcher"])
    case = small_case(
        groups=(group("G1", "capital", needs=both),), fleets=(fleet("buses", "capital", access=both),)
    )
    write_case(case, tmp_path)
    assert read_case(tmp_path) == case
    text = (tmp_path / "fleets.csv").read_text()
    assert "stretcher wheelchair" in text
    (tmp_path / "fleets.csv").write_text(text.replace("stretcher wheelchair", "wheelchair  stretcher"))
    assert read_case(tmp_path) == case
    assert digest(read_case(tmp_path)) == digest(case) != digest(small_case(groups=case.groups))


def test_tables_the_case_has_no_more_are_removed(tmp_path: Path) -> None:
    case = small_case(closures=(Closure(road="hub-west", start=hours(1)),))
    write_case(case, tmp_path)
    write_case(small_case(), tmp_path)
    assert not (tmp_path / "closures.csv").exists()
    assert read_case(tmp_path) == small_case()


def test_what_would_not_be_read_as_it_is_cannot_be_written(tmp_path: Path) -> None:
    case = small_case(places=(*small_case().places, place("village", name=" Village ")))
    with pytest.raises(CaseError, match=r"places\.csv:5: name: ' Village ' cannot be written"):
        write_case(case, tmp_path / "case")
    assert not (tmp_path / "case").exists()


def test_hours_when_the_clocks_change_keep_their_moment(tmp_path: Path) -> None:
    night = datetime(2022, 10, 29, 22, tzinfo=UTC)
    closures = tuple(
        Closure(road="hub-west", start=night + timedelta(minutes=30 * number)) for number in range(8)
    )
    case = small_case(closures=closures)
    write_case(case, tmp_path)
    assert read_case(tmp_path) == case


def test_a_clock_keeps_its_seconds(tmp_path: Path) -> None:
    case = small_case(
        crossing_modes=tuple(
            replace(row, opens=time(6, 0, 30), closes=time(22)) for row in small_case().crossing_modes
        )
    )
    write_case(case, tmp_path)
    assert read_case(tmp_path) == case
