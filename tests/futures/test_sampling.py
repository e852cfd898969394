"""Futures are drawn as futures.toml says, each from its seed and number alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from overland.case import read_case
from overland.case.model import Case, Corridor, CorridorStatus, Headcount
from overland.errors import CaseError
from overland.futures.border_queue import BorderQueue
from overland.futures.flight import read_flight
from overland.futures.front import reached_after_hours
from overland.futures.happenings import LEAVES_ALONE, STAYS, Happenings
from overland.futures.orders import NEVER
from overland.futures.sampling import Sampler
from overland.futures.scene import Scene
from overland.futures.toml_file import read_toml
from overland.futures.uncertainty import Front, Uncertainty
from overland.futures.unregistered import triangular
from overland.roads.search.graph import NOWHERE
from tests.builders import fleet, group, hours, small_case

BUNDLED = Path(__file__).parents[2] / "cases" / "ukraine-2022"


@cache
def bundled() -> tuple[Scene, Uncertainty]:
    """The bundled case and what may go otherwise in it."""
    return Scene.of(read_case(BUNDLED)), read_toml(BUNDLED / "futures.toml", Uncertainty)


def drawn(case: Case, may: dict[str, object], numbers: int = 200) -> list[Happenings]:
    """Futures of a case."""
    sampler = Sampler(Scene.of(case), Uncertainty.model_validate(may))
    return [sampler.draw(0, number).happenings for number in range(numbers)]


def same(a: Happenings, b: Happenings) -> bool:
    """Whether two futures are alike in all."""
    arrays = zip((*a.conditions, *a[1:]), (*b.conditions, *b[1:]), strict=True)
    return all(np.array_equal(x, y) for x, y in arrays)


def test_a_future_depends_on_its_seed_and_number_alone() -> None:
    scene, may = bundled()
    one, other = Sampler(scene, may), Sampler(scene, may)
    for number in range(5):
        other.draw(9, number)
    assert same(one.draw(1, 3).happenings, other.draw(1, 3).happenings)
    assert not same(one.draw(1, 3).happenings, one.draw(1, 4).happenings)
    assert not same(one.draw(1, 3).happenings, one.draw(2, 3).happenings)


def test_a_change_in_one_section_leaves_what_the_others_bring() -> None:
    scene, may = bundled()
    crews = may.crews.model_copy(update={"absent": 0.9})
    before = Sampler(scene, may).draw(0, 1).happenings
    after = Sampler(scene, may.model_copy(update={"crews": crews})).draw(0, 1).happenings
    assert (after.vehicle["ends"] == 0).sum() > (before.vehicle["ends"] == 0).sum()
    assert same(before._replace(vehicle=after.vehicle), after)


def test_without_sections_nothing_happens() -> None:
    (happenings,) = drawn(small_case(), {}, 1)
    assert (happenings.conditions.travel == 1).all()
    assert (happenings.conditions.wait == 1).all()
    assert not len(happenings.conditions.closed)
    assert not len(happenings.newcomer)
    assert (happenings.group["gone"] == NEVER).all()
    assert (happenings.vehicle["ends"] == NEVER).all()


def test_chances_are_met_and_who_is_alike_goes_together() -> None:
    case = small_case(fleets=(fleet("a", "capital", count=40), fleet("b", "capital", count=40)))
    for alike, together in ((0.0, False), (1.0, True)):
        may = {"general": {"alike": 0}, "crews": {"absent": 0.3, "alike": alike}}
        absent = np.array([h.vehicle["ends"] == 0 for h in drawn(case, may, 400)])
        assert absent.mean() == pytest.approx(0.3, abs=0.06)
        of_a = absent[:, :40].mean(axis=1)
        assert set(of_a.tolist()) <= {0.0, 1.0} if together else of_a.std() < 0.12


def test_people_stay_or_leave_alone_but_not_both() -> None:
    case = small_case(groups=tuple(group(f"G{i}", "capital", ready=hours(10)) for i in range(50)))
    may = {"people": {"stay": 0.2, "alone": 0.25, "late": 0.5, "late_hours": 3, "alike": 0}}
    futures = drawn(case, may | {"general": {"alike": 0}})
    fates = np.concatenate([h.group["fate"] for h in futures])
    assert (fates == STAYS).mean() == pytest.approx(0.2, abs=0.02)
    assert (fates == LEAVES_ALONE).mean() == pytest.approx(0.8 * 0.25, abs=0.02)
    late = np.concatenate([h.group["late"] for h in futures])
    assert (late > 0).mean() == pytest.approx(0.5, abs=0.02)
    assert late[late > 0].mean() * 0.5 == pytest.approx(3, abs=0.5)  # steps of half an hour, rounded up


def test_more_people_appear_where_headcounts_have_more_than_are_registered() -> None:
    counts = (Headcount(place="capital", low=10, likely=40, high=70, as_of=hours(0)),)
    may = {"people": {"unregistered": True, "appear_hours": 5}}
    futures = drawn(small_case(headcounts=counts), may, 300)
    extra = np.array([h.newcomer["size"].sum() for h in futures])
    assert extra.min() >= 0
    assert extra.mean() == pytest.approx(40 - 10 - 2, abs=3)  # 10 are registered; parties do not fill it up
    assert all(h.newcomer["node"].tolist() == [0] * len(h.newcomer) for h in futures)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_triangular_share_is_below_what_it_says(share: float) -> None:
    value = triangular(share, 2, 3, 7)
    below = (value - 2) ** 2 / 5 if value <= 3 else 1 - (7 - value) ** 2 / 20
    assert below == pytest.approx(share)
    assert triangular(share, 4, 4, 4) == 4


def test_the_attack_comes_within_its_moments_and_the_front_after_it() -> None:
    scene, may = bundled()
    sampler = Sampler(scene, may)
    futures = [sampler.draw(5, number) for number in range(200)]
    war = [one.war for one in futures if one.war is not None]
    assert len(war) == pytest.approx(100, abs=20)
    earliest, latest = (
        scene.case.step_of(moment.replace(tzinfo=scene.case.zone), up=True)
        for moment in (may.war.earliest or datetime.max, may.war.latest or datetime.max)
    )
    assert earliest <= min(war) <= max(war) <= latest
    for one in futures[:20]:
        conditions = one.happenings.conditions
        for_good = conditions.closed[conditions.closed[:, 1] == NOWHERE, 0]
        assert one.war is not None or not len(for_good)
        if one.war is not None:
            assert (conditions.place["threatened"] >= one.war).all()
            assert (for_good >= one.war * scene.case.step_minutes * 60_000).all()


def test_once_the_attack_has_begun_the_waits_are_those_of_everybody_elses_queues() -> None:
    scene, may = bundled()
    assert may.border.flight
    queue = BorderQueue.of(scene.case, scene.times, read_flight(BUNDLED, scene.case))
    with_queue, without = Sampler(scene, may, queue), Sampler(scene, may)
    krakivets = scene.gates.number["krakivets", "car"]
    at_war = 0
    for number in range(12):
        ours, theirs = with_queue.draw(2, number), without.draw(2, number)
        ratio = ours.happenings.conditions.wait / theirs.happenings.conditions.wait
        if ours.war is None:
            assert (ratio == 1).all()
            continue
        begins = -(-ours.war // ours.happenings.conditions.period)
        assert ratio[:, : begins - 1] == pytest.approx(1)
        assert (ratio >= 1 - 1e-9).all()
        if begins + 8 < ratio.shape[1]:
            at_war += 1
            assert ratio[krakivets, begins + 8] > 1.5, "a day later, cars wait longer than was forecast"
    assert at_war >= 3


def test_a_front_is_later_where_it_is_farther() -> None:
    axis = [(50.0, 30.0), (50.0, 31.0)]
    points = np.array([[30.5, 50.0], [30.5, 50.5], [30.5, 51.0], [32.0, 50.0], [30.5, 55.0]])
    (when,) = reached_after_hours(points, [axis], Front(km_per_day=55.6, reach_km=200))
    assert when[:3] == pytest.approx([0, 24, 48], rel=0.01)
    assert 0 < when[3] < 48
    assert np.isinf(when[4]), "out of reach"


def test_a_refused_corridor_is_closed_in_its_windows_and_no_other() -> None:
    corridor = Corridor(
        id="c", name="C", roads=("hub-west",), start=hours(2), end=hours(5), status=CorridorStatus.ACCEPTED
    )
    asked = replace(corridor, id="d", status=CorridorStatus.REQUESTED)
    case = small_case(corridors=(corridor, asked))
    (happenings,) = drawn(case, {"corridors": {"refused": 1}}, 1)
    assert happenings.conditions.closed.tolist() == [[2 * 3_600_000, 5 * 3_600_000]]


def test_roads_close_as_often_as_is_said() -> None:
    case = small_case()
    km, days = sum(road.km for road in case.roads), case.horizon_hours / 24
    futures = drawn(case, {"roads": {"closures_per_1000_km_day": 5, "hours": 2, "spread": 0}}, 400)
    number = np.array([len(h.conditions.closed) for h in futures])
    assert number.mean() == pytest.approx(5 * km / 1000 * days, rel=0.1)
    assert {int(end - start) for h in futures for start, end in h.conditions.closed} == {2 * 3_600_000}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[crews]\nabsent = 1.2\n",
            "futures.toml:2: [crews] absent: Input should be less than",
        ),
        ("[crew]\n", "futures.toml:1: [crew]: is not known here; did you mean 'crews'?"),
        ("[war]\nchance = 0.5\n", "futures.toml:1: [war]: needs earliest, likely and latest"),
        (
            "[front_axes]\nnorth = []\n",
            "futures.toml:2: [front_axes] north: List should have",
        ),
        ("[front_axes]\nnorth = [[95.0, 30.0]]\n", "Input should be less than or equal to 90"),
        ("[travel]\nspread = nan\n", "futures.toml:2: [travel] spread: Input should be"),
        ('[travel_hours]\n"24" = 1.1\n', "'24' is no hour of the day"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "futures.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_toml(tmp_path / "futures.toml", Uncertainty)
    assert said in str(caught.value)
