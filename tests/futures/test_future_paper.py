"""A future that is written down, read and replayed is the same; an edited one does what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from overland.errors import PlanError
from overland.futures.future import Future, RoadClosed, read_future, write_future
from overland.futures.future_paper import drawn_of, future_of
from overland.futures.play import OUT, UNDER_WAY
from overland.futures.sampling import Drawn, Sampler
from tests.builders import hours
from tests.futures.staging import Staged, random_happenings
from tests.futures.test_execution import one_way_out
from tests.futures.test_sampling import bundled, same


@pytest.mark.parametrize("number", range(3))
def test_a_future_of_the_bundled_case_survives_paper(number: int, tmp_path: Path) -> None:
    scene, may = bundled()
    before = Sampler(scene, may).draw(7, number)
    write_future(future_of(scene, before), tmp_path / "future.json")
    after = drawn_of(scene, read_future(tmp_path / "future.json"))
    assert (after.seed, after.number, after.war) == (before.seed, before.number, before.war)
    assert same(before.happenings, after.happenings)


@pytest.mark.parametrize("seed", range(10))
def test_so_does_anything_that_may_happen(seed: int) -> None:
    staged = Staged(one_way_out())
    happenings = random_happenings(staged, np.random.default_rng(seed))
    future = future_of(staged.scene, Drawn(0, 0, None, happenings))
    read = drawn_of(staged.scene, Future.model_validate_json(future.model_dump_json()))
    assert (staged.play(happenings).person == staged.play(read.happenings).person).all()


def test_an_edited_future_does_what_it_says() -> None:
    staged = Staged(one_way_out())
    future = future_of(staged.scene, Drawn(0, 0, None, staged.nothing()))
    closed = RoadClosed(road="hub-west", start=hours(0), end=None)
    edited = future.model_copy(update={"closures": [closed]})
    assert staged.people(staged.play(drawn_of(staged.scene, future).happenings), OUT) == 10
    assert staged.people(staged.play(drawn_of(staged.scene, edited).happenings), UNDER_WAY) == 10


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"case": "other"}, "of the case 'other', not of 'small'"),
        ({"cancelled": ["d715@2022-02-18"]}, "a run that the case does not have: d715"),
        ({"closures": [{"road": "m99", "start": hours(0), "end": None}]}, "does not have: m99"),
        ({"travel": [{"of": "", "factors": [1.0]}]}, "has 1 factors; there are 96 periods"),
    ],
)
def test_what_it_cannot_mean_is_said(changes: dict[str, object], said: str) -> None:
    staged = Staged(one_way_out())
    future = future_of(staged.scene, Drawn(0, 0, None, staged.nothing()))
    wrong = Future.model_validate(future.model_dump() | changes)
    with pytest.raises(PlanError, match=said):
        drawn_of(staged.scene, wrong)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"war": "2022-02-18T06:00:00"}, "Input should have timezone info"),
        ({"travel": [{"of": "", "factors": [0.0]}]}, "greater than 0"),
        ({"travel": [{"of": "", "factors": [float("nan")]}]}, "Input should be"),
        ({"gates": [{"of": "west/bus", "rate": -1}]}, "greater than or equal to 0"),
        ({"newcomers": [{"place": "capital", "size": 0}]}, "greater than or equal to 1"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_read(changes: dict[str, object], said: str) -> None:
    future = {"case": "small", "seed": 0, "number": 0, "period_hours": 1.0}
    with pytest.raises(ValidationError, match=said):
        Future.model_validate(future | changes)


def test_a_file_that_is_no_future_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "future.json").write_text('{"case": "small"}')
    with pytest.raises(PlanError, match="seed: Field required"):
        read_future(tmp_path / "future.json")
