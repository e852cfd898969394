"""The isolated community evacuation problem: bounds and plans, ours and the solver's, around brute force."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from math import inf
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isolated_community import check_parcel, main
from isolated_community_case import START, case_of, minutes_of, moment_of, parcel_of
from isolated_community_exact import exact_clearance, late_by
from isolated_community_instances import Instance, Vessel, read_best_known, read_folder, read_instance
from isolated_community_peer import solve_by_highs
from isolated_community_random import random_instances, write_instance
from isolated_community_rolling import (
    horizon_of,
    left_if_never_changed,
    plan_first,
    plan_known,
    plan_rolling,
)

from overland.errors import CaseError, UsageError
from overland.roads import RoadTimes

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "isolated_community.py"

FERRY = Vessel("ferry", "haven 0", seats=20, speed=12.0, loaded_speed=10.0, loading=4.0, available=10.5)
TAXI = Vessel("taxi", "haven 0", seats=10, speed=20.0, loaded_speed=20.0, loading=2.0, available=0.0)


def instance(**changes: object) -> Instance:
    """A ferry that can use one dock of two locations, and a taxi that can use all."""
    location = {"north": "village", "south": "farm", "beach": "farm"}
    safe = ("haven 0", "haven 1")
    usable = {("taxi", dock) for dock in (*location, *safe)}
    usable |= {("ferry", dock) for dock in ("north", "haven 0")}
    near = {"north": 2.0, "south": 4.0, "beach": 5.0}
    back = {(c, b): miles + (b == "south") for c in safe for b, miles in near.items()}
    made = Instance(
        "two-vessels", (FERRY, TAXI), location, safe, frozenset(usable), back,
        {(b, c): miles for (c, b), miles in back.items()}, back,
        ({"village": 40, "farm": 10}, {"village": 60, "farm": 20}), 15,
    )  # fmt: skip
    return replace(made, **changes)


def optimum(problem: Instance) -> float:
    """Least clearance by trying every order of trips of every vessel, each with all it can take."""
    names = tuple(dict.fromkeys(problem.location.values()))

    @cache
    def best(fleet: tuple[tuple[float, str], ...], waiting: tuple[int, ...]) -> float:
        """From here; a vessel is the minute since when it is free, and the dock it is at."""
        if not any(waiting):
            return max((since for since, where in fleet if where), default=0.0)
        found = inf
        for k, (since, where) in enumerate(fleet):
            vessel = problem.vessels[k]
            for i, a in enumerate(names):
                if not waiting[i]:
                    continue
                for b in (dock for dock, at in problem.location.items() if at == a):
                    if (vessel.name, b) not in problem.usable:
                        continue
                    leave = problem.first(vessel, b) if not where else since + problem.again(vessel, where, b)
                    for c in problem.safe:
                        if (vessel.name, c) in problem.usable:
                            end = leave + problem.crossing(vessel, b, c)
                            then = (*fleet[:k], (end, c), *fleet[k + 1 :])
                            load = min(vessel.seats, waiting[i])
                            rest = (*waiting[:i], waiting[i] - load, *waiting[i + 1 :])
                            found = min(found, best(then, rest))
        return found

    fleet = tuple((0.0, "") for _ in problem.vessels)
    return best(fleet, tuple(problem.truth[a] for a in names))


def test_times_by_hand() -> None:
    made = instance()
    assert made.first(FERRY, "north") == 10.5 + 60 * 2 / 12 + 4
    assert made.crossing(FERRY, "north", "haven 0") == 60 * 2 / 10 + 4
    assert made.again(TAXI, "haven 1", "beach") == 60 * 5 / 20 + 2
    assert made.locations == ("village", "farm")


def test_docks_that_others_are_as_near_as_in_all_ways_are_left_out() -> None:
    made = instance()
    assert made.docks(FERRY, "farm") == []
    assert len(made.docks(TAXI, "farm")) == 1  # south and beach are equally near
    assert len(made.havens(TAXI, "north")) == 1
    nearer = instance(out={**made.out, ("beach", "haven 1"): 1.0})
    assert nearer.docks(TAXI, "farm") == ["beach"]
    assert nearer.havens(TAXI, "beach") == ["haven 1"]


def test_roads_take_the_times_of_the_vessel_and_keep_slower_ones_away() -> None:
    made = instance()
    case = case_of(made, 1, horizon_of(made))
    times = RoadTimes.of(case)
    ferry, taxi = (times.profile_of(fleet) for fleet in case.fleets)
    assert (ferry, taxi) == ("bus-avoid-5", "bus")
    assert times.steps(ferry, "start-0", "area-0", 21) == 28  # 10 minutes and 4, from 10.5 on
    own, better = "haven-0-1", "haven-1-0"  # dock and rank
    assert times.steps(ferry, "area-0", own, 0) == 32  # 12 minutes and 4
    assert times.steps(taxi, "area-0", better, 0) == 16  # 6 minutes and 2
    assert times.steps(ferry, "area-0", better, 0) == -1
    assert times.steps(taxi, better, "area-0", 0) == 16
    assert case.fleets[0].access == {"area-0"}
    assert case.fleets[1].access == {"area-0", "area-1"}


def test_the_best_plan_lies_between_what_is_proven_and_the_plans() -> None:
    made = instance()
    best = optimum(made)
    planned, proven = plan_known(made, 10, work=4)
    _, _, replanned = plan_first(made.known(), 10, seeds=2)
    peer = solve_by_highs(made.known(), 60)
    assert peer.clearance == pytest.approx(best)
    assert proven <= best
    for outcome in (planned, replanned):
        assert outcome.faults == 0
        assert outcome.late <= 0
        assert outcome.clearance is not None
        assert best - 1e-9 <= outcome.exact <= outcome.clearance


@st.composite
def tiny_instances(draw: st.DrawFn) -> Instance:
    location = {"n": "a", "s": "b", "w": "b"}
    safe = ("x", "y")
    miles = st.integers(1, 8).map(float)
    vessels = tuple(
        Vessel(f"v{k}", "x", draw(st.integers(2, 5)), float(draw(st.integers(10, 20))), 10.0, 3.0, 5.0 * k)
        for k in range(draw(st.integers(1, 2)))
    )
    usable = {(v.name, dock) for v in vessels for dock in (*location, *safe) if draw(st.integers(0, 3))}
    usable |= {(vessels[0].name, dock) for dock in ("n", "s", "x")}
    there = {(c, b): draw(miles) for c in safe for b in location}
    out = {(b, c): draw(miles) for c in safe for b in location}
    start = {("x", b): draw(miles) for b in location}
    people = {"a": draw(st.integers(0, 9)), "b": draw(st.integers(1, 9))}
    return Instance("tiny", vessels, location, safe, frozenset(usable), start, out, there, (people,), 15)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(tiny_instances())
def test_the_solver_finds_the_least_clearance(made: Instance) -> None:
    peer, best = solve_by_highs(made, 60), optimum(made)
    assert peer.clearance == pytest.approx(best, rel=1e-4)
    assert peer.bound <= best + 1e-6


def test_a_rolling_plan_serves_the_truth_and_is_never_late() -> None:
    made = instance(
        forecasts=(
            {"village": 40, "farm": 10},
            {"village": 20, "farm": 0},
            {"village": 20, "farm": 0},  # nothing new
            {"village": 60, "farm": 30},
        )
    )
    case, plan, first = plan_first(made, 10, seeds=1)
    assert len(case.groups) == 5
    rolled, outcome = plan_rolling(made, 10, case, plan)
    assert first.faults == outcome.faults == 0
    assert outcome.plans == 3
    assert rolled.totals.out == 9
    assert outcome.late <= 0
    assert outcome.clearance is not None
    assert outcome.clearance >= solve_by_highs(made.known(), 60).bound
    assert rolled.replanned is not None
    assert rolled.replanned.now == moment_of(45)
    _, once = plan_rolling(made, 10, case, plan, only_truth=True)
    assert once.plans == 2
    assert once.clearance is not None


def test_what_is_rolled_is_the_same_each_time() -> None:
    made = instance()
    case, plan, _ = plan_first(made, 5, seeds=1)
    once, again = (plan_rolling(made, 5, case, plan)[0] for _ in range(2))
    assert once.trips == again.trips


def test_a_plan_that_is_never_changed_has_no_seats_for_who_is_more() -> None:
    made = instance()
    _, plan, _ = plan_first(made, 10, seeds=1)
    seats = {"area-0": 0, "area-1": 0}
    for trip in plan.trips:
        seats[trip.origin] += {"vessel-0-01": 20, "vessel-1-01": 10}[trip.vehicle]
    lacking = max(0, 60 - seats["area-0"]) + max(0, 20 - seats["area-1"])
    assert left_if_never_changed(made, plan, 10) == lacking > 0


def test_exact_times_find_a_plan_late_that_is_too_quick() -> None:
    made = instance()
    _, plan, outcome = plan_first(made.known(), 10, seeds=1)
    slower = replace(FERRY, loading=9.0), TAXI
    assert outcome.late <= 0 < late_by(replace(made, vessels=slower), plan)
    assert exact_clearance(replace(made, vessels=slower), plan) > 0


def test_parcels_leave_hardly_a_seat_empty() -> None:
    assert parcel_of(instance()) == 10
    odd = tuple(replace(vessel, seats=seats) for vessel, seats in zip((FERRY, TAXI), (457, 12), strict=True))
    assert parcel_of(instance(vessels=odd)) == 12  # one seat of 469
    assert (
        parcel_of(instance(vessels=tuple(replace(v, seats=n) for v, n in zip(odd, (41, 12), strict=True))))
        == 1
    )


def test_minutes_and_moments_are_each_others_inverse() -> None:
    assert minutes_of(START) == 0
    assert minutes_of(moment_of(12.5)) == 12.5


def test_random_instances_are_the_same_for_a_seed_and_read_as_they_were_written(tmp_path: Path) -> None:
    drawn = random_instances(6, seed=3)
    assert drawn == random_instances(6, seed=3) != random_instances(6, seed=4)
    for made in drawn:
        write_instance(made, tmp_path)
        assert len(made.forecasts) * made.interval in {
            120 + made.interval,
            180 + made.interval,
            240 + made.interval,
        }
        assert horizon_of(made) > 0
    assert read_folder(tmp_path) == drawn
    assert read_folder(tmp_path / drawn[2].name) == [drawn[2]]


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("input/vessels.csv", "haven 0,20", "haven 0,many", "vessels.csv:2: max_cap: 'many' does"),
        ("input/vessels.csv", "vmax", "speed", "vessels.csv:1: vmax: is missing"),
        ("input/vessels.csv", ",20,12.0,", ",20,0,", "vessels.csv:2: vmax: '0' does not fit; .*above 0"),
        ("input/vessels.csv", ",20,12.0,", ",nan,12.0,", "vessels.csv:2: max_cap: 'nan' does not fit"),
        ("input/vessels.csv", ",20,12.0,", ",0,12.0,", "max_cap: '0' does not fit; a whole number is due, 1"),
        ("input/vessels.csv", ",20,12.0,", ",0.5,12.0,", "max_cap: '0.5' does not fit; a whole number"),
        ("input/vessels.csv", ",20,12.0,", ",12.5,12.0,", "max_cap: '12.5' does not fit; a whole number"),
        ("input/vessel compatibility.csv", "taxi,1", "taxi,nan", "Compatibility: 'nan' does not fit"),
        ("input/scenarios.csv", "farm", "castle", "scenarios.csv:3: Location: castle has no dock"),
        ("input/scenarios.csv", "Demand_0,Demand_1", "First,Second", "scenarios.csv:1: Demand_0: needs"),
        ("input/scenarios.csv", ",60", ",-1", "scenarios.csv:2: Demand_1: '-1' does not fit"),
        ("input/vessel compatibility.csv", "taxi,1", "taxi,0", "no vessel can bring anybody from farm"),
        ("incidences/gamma.csv", "Distance", "Miles", "gamma.csv:1: Distance: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said(
    tmp_path: Path, table: str, old: str, new: str, message: str
) -> None:
    write_instance(instance(), tmp_path)
    path = tmp_path / "two-vessels" / table
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CaseError, match=message):
        read_instance(tmp_path / "two-vessels")


def test_a_table_that_is_absent_or_empty_is_named(tmp_path: Path) -> None:
    write_instance(instance(), tmp_path)
    path = tmp_path / "two-vessels" / "incidences" / "delta.csv"
    path.write_text("Origin,Destination,Distance\n")
    with pytest.raises(CaseError, match=r"delta.csv: is empty"):
        read_instance(tmp_path / "two-vessels")
    path.unlink()
    with pytest.raises(CaseError, match=r"delta.csv: cannot be read as a table"):
        read_instance(tmp_path / "two-vessels")


@pytest.mark.parametrize("capital", [False, True])
def test_an_absent_table_is_named_once_in_the_folder_that_is_there(tmp_path: Path, capital: bool) -> None:
    write_instance(instance(), tmp_path)
    folder = tmp_path / "two-vessels" / "input"
    if capital:
        folder = folder.rename(folder.with_name("moved")).rename(folder.with_name("Input"))
    path = folder / "scenarios.csv"
    path.unlink()
    with pytest.raises(CaseError) as caught:
        read_instance(tmp_path / "two-vessels")
    assert str(caught.value) == f"{path}: cannot be read as a table: No such file or directory"


def test_seats_may_be_written_with_a_point(tmp_path: Path) -> None:
    write_instance(instance(), tmp_path)
    path = tmp_path / "two-vessels" / "input" / "vessels.csv"
    path.write_text(path.read_text().replace(",20,12.0,", ",20.0,12.0,"))
    assert read_instance(tmp_path / "two-vessels").vessels == (FERRY, TAXI)


def test_folders_with_capitals_and_the_interval_of_their_name_are_read(tmp_path: Path) -> None:
    write_instance(instance(name="x_update_interval_60_seed_1"), tmp_path)
    folder = tmp_path / "x_update_interval_60_seed_1"
    for name in ("input", "incidences"):
        (folder / name).rename(folder / "moved")
        (folder / "moved").rename(folder / name.capitalize())
    assert read_folder(tmp_path)[0].interval == 60


def test_who_evacuates_privately_needs_no_seat(tmp_path: Path) -> None:
    write_instance(instance(), tmp_path)
    path = tmp_path / "two-vessels" / "input" / "scenarios.csv"
    path.write_text(path.read_text().replace("village,0,", "village,45,"))
    assert [f["village"] for f in read_instance(tmp_path / "two-vessels").forecasts] == [0, 15]


def test_a_folder_without_instances_ends_the_script(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "holds no instances" in ended.stderr


def test_published_minutes_are_read(tmp_path: Path) -> None:
    assert read_best_known(tmp_path) == {}
    path = tmp_path / "best-known.csv"
    path.write_text("instance,perfect,rolling,once\na,10.5,12,\n")
    assert read_best_known(tmp_path) == {"a": (10.5, 12.0, None)}
    path.write_text("instance,perfect,rolling\na,10.5,12\n")
    with pytest.raises(CaseError, match=r"best-known.csv:1: needs the columns"):
        read_best_known(tmp_path)


@pytest.mark.parametrize("minutes", ["nan", "inf", "-1", "many"])
def test_published_minutes_that_are_none_are_refused(tmp_path: Path, minutes: str) -> None:
    (tmp_path / "best-known.csv").write_text(f"instance,perfect,rolling,once\na,1,2,3\nb,1,{minutes},3\n")
    with pytest.raises(CaseError, match=r"best-known.csv:3: needs .*minutes not below 0"):
        read_best_known(tmp_path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--random -1", "--random: '-1': a whole number is due, not below 1"),
        ("--random 1 --seeds 0", "--seeds: '0': a whole number is due, not below 1"),
        ("--random 1 --rolling-seeds 0", "--rolling-seeds: '0': a whole number is due, not below 1"),
        ("--random 1 --work 0", "--work: '0': a whole number is due, not below 1"),
        ("--random 1 --parcel 0", "--parcel: '0': a whole number is due, not below 1"),
        ("--random 1 --parcel 999", "random-0-01_update_interval_30: --parcel 999 is more than vessel"),
        ("--random 1 --seconds -1", "--seconds: '-1': a number is due, not below 0"),
        ("--random 1 --replan-seconds nan", "--replan-seconds: 'nan': a number is due, not below 0"),
        ("--random 1 --change-price -2", "--change-price: '-2': a number is due, not below 0"),
        ("--random 1 --only (", "--only: '(': no regular expression: missing ), unterminated subpattern"),
        ("--random 2 --only island", "--only island: none of 2 instances has this in its name"),
    ],
)
def test_options_that_make_no_sense_end_the_script(
    line: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [str(SCRIPT), *line.split()])
    with pytest.raises(SystemExit) as caught:
        main()
    printed = capsys.readouterr()
    assert (caught.value.code, printed.out) == (2, "")
    assert message in printed.err


def test_a_folder_that_cannot_be_written_ends_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file stands where the folder would be; rights would not keep everybody from writing."""
    (tmp_path / "file").write_text("kept")
    monkeypatch.setattr("sys.argv", [str(SCRIPT), "--random", "1", "--write", str(tmp_path / "file")])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err.count(str(tmp_path / "file")) == 1
    assert (tmp_path / "file").read_text() == "kept"


def test_a_parcel_may_fill_the_smallest_vessel() -> None:
    check_parcel([instance()], 10)
    with pytest.raises(UsageError, match="--parcel 11 is more than taxi takes; give 10 at most"):
        check_parcel([instance()], 11)
