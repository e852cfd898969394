"""The bus evacuation problem as a case: bounds and plans, ours and the solver's, around brute force."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from bus_evacuation import case_of, main, solve_by_overland
from bus_evacuation_instances import (
    Instance,
    random_instances,
    read_best_known,
    read_folder,
    read_instance,
)
from bus_evacuation_peer import keeps, min_tour, solve_by_highs
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.errors import CaseError, UsageError
from overland.roads import RoadTimes

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "bus_evacuation.py"

# One bus for two pick-ups: the near shelter has room for one load, and who comes second has to go far.
ONE_BUS = """1 1
1 1
2 3 2 1
2 3 1 2

1 2 1

1 1 4
2 3 5
"""
# Two buses at two depots, three pick-ups; no distance says what another one is.
TWO_DEPOTS = """2 1
2 1 1
3 5 2 1 2
2 7 3 4

1 1 9 2
2 4 3 0

1 5 2
2 1 9
3 6 3
"""
# Buses of 30 seats and people by the ten: a bus need not be full.
BY_THE_TEN = """2 30
1 2
2 100 70 30
2 120 40 80

1 3 2

1 2 6
2 4 1
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "instance.txt"
    path.write_text(text)
    return path


def optimum(instance: Instance) -> int:
    """Longest tour of the best plan: every order of trips, each with every load that is not empty."""
    back = tuple(zip(*instance.distance, strict=True))
    buses = tuple(k for k, count in enumerate(instance.buses) for _ in range(count))

    @cache
    def best(free: tuple[tuple[int, int, int], ...], waiting: tuple[int, ...], room: tuple[int, ...]) -> int:
        """Least longest tour from here; a bus is (step, 0 at a depot or 1 at a shelter, its number)."""
        if not any(waiting):
            return max(step for step, _, _ in free)
        found = 10**9
        for bus in set(free):
            step, abroad, where = bus
            others = list(free)
            others.remove(bus)
            ways = back[where] if abroad else instance.start[where]
            for i, people in enumerate(waiting):
                for j, places in enumerate(room):
                    end = step + ways[i] + instance.distance[i][j]
                    for load in range(1, min(people, places, instance.capacity) + 1):
                        then = tuple(sorted([*others, (end, 1, j)]))
                        rest = (*waiting[:i], people - load, *waiting[i + 1 :])
                        left = (*room[:j], places - load, *room[j + 1 :])
                        found = min(found, best(then, rest, left))
        return found

    return best(tuple(sorted((0, 0, k) for k in buses)), instance.demand, instance.room)


@pytest.mark.parametrize("text", [ONE_BUS, TWO_DEPOTS, BY_THE_TEN])
def test_the_best_plan_lies_between_what_is_proven_and_the_plan(tmp_path: Path, text: str) -> None:
    instance = read_instance(written(tmp_path, text))
    best = optimum(instance.in_loads())
    ours = solve_by_overland(instance, 600, work=12)
    peer = solve_by_highs(instance.in_loads(), 60)
    assert ours.faults == 0
    assert ours.tour is not None
    assert ours.bound <= best <= ours.tour
    assert (peer.bound, peer.tour) == (best, best)
    assert peer.relaxed is not None
    assert peer.relaxed <= best


def test_one_bus_by_hand(tmp_path: Path) -> None:
    """From 2 to the far shelter, then 1 to the near one, then 1 to the far one: 1 + 5, 4 + 1, 1 + 4."""
    instance = read_instance(written(tmp_path, ONE_BUS))
    assert instance.start == ((2, 1),)
    assert optimum(instance) == solve_by_overland(instance, 600, work=12).tour == 16


@st.composite
def tiny_instances(draw: st.DrawFn) -> Instance:
    demand = tuple(draw(st.lists(st.integers(1, 2), min_size=1, max_size=3)))
    near = draw(st.integers(1, sum(demand)))
    room = (near, sum(demand) - near + draw(st.integers(0, 1)))
    buses = tuple(draw(st.lists(st.integers(1, 2), min_size=1, max_size=2)))
    start = tuple(tuple(draw(st.integers(0, 6)) for _ in demand) for _ in buses)
    distance = tuple(tuple(draw(st.integers(1, 6)) for _ in room) for _ in demand)
    return Instance("tiny", draw(st.integers(1, 2)), buses, demand, room, start, distance)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tiny_instances())
def test_the_solver_finds_the_least_longest_tour(instance: Instance) -> None:
    best = optimum(instance)
    assert min_tour(instance) <= best <= instance.greedy()
    assert keeps(instance, best, 60)
    assert not keeps(instance, best - 1, 60)
    assert keeps(instance, best, 60, relaxed=True)


def test_roads_lead_from_pick_up_to_shelter_and_back_only(tmp_path: Path) -> None:
    """Steps are the distances of the file, even where a way round would be shorter."""
    instance = read_instance(written(tmp_path, TWO_DEPOTS))
    times = RoadTimes.of(case_of(instance))
    for i in range(3):
        for k in range(2):
            assert times.steps("bus", f"depot-{k + 1}", f"pick-up-{i + 1}", 0) == instance.start[k][i]
            assert times.steps("bus", f"pick-up-{i + 1}", f"depot-{k + 1}", 0) == -1
        for j in range(2):
            there = times.steps("bus", f"pick-up-{i + 1}", f"shelter-{j + 1}", 5)
            back = times.steps("bus", f"shelter-{j + 1}", f"pick-up-{i + 1}", 5)
            assert there == back == instance.distance[i][j]
        assert times.steps("bus", "pick-up-1", f"pick-up-{i + 1}", 0) == (0 if i == 0 else -1)


def test_people_are_counted_in_the_largest_parcels(tmp_path: Path) -> None:
    loads = read_instance(written(tmp_path, BY_THE_TEN)).in_loads()
    assert (loads.capacity, loads.demand, loads.room) == (3, (7, 3), (4, 8))
    case = case_of(loads)
    assert len(case.groups) == 10
    assert {fleet.seats for fleet in case.fleets} == {3}


def test_a_greater_unit_rounds_distances_up(tmp_path: Path) -> None:
    instance = read_instance(written(tmp_path, TWO_DEPOTS), unit=4)
    assert instance.distance == ((2, 1), (1, 3), (2, 1))
    assert instance.start == ((1, 3, 1), (1, 1, 0))


def test_tours_longer_than_a_day_are_refused(tmp_path: Path) -> None:
    text = ONE_BUS.replace("1 1 4", "1 1 900").replace("2 3 5", "2 3 900")
    with pytest.raises(UsageError, match="greater --unit"):
        case_of(read_instance(written(tmp_path, text)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2 3 2 1", "2 4 2 1", "instance.txt:3: the demands add up to 3, not to 4"),
        ("2 3 2 1", "2 3 2", "instance.txt:3: .*4 numbers are due, not 3"),
        ("2 3 1 2", "2 3 1 x", "instance.txt:4: .*only whole numbers"),
        ("2 3 1 2", "2 2 1 1", "instance.txt:4: 3 people have only room for 2"),
        ("2 3 1 2", "2 4 1 2", "instance.txt:4: the capacities add up to 3, not to 4"),
        ("1 2 1\n", "1 2\n", "instance.txt:6: depot 1 and 2 distances: 3 numbers are due, not 2"),
        ("1 1 4", "1 0 4", "instance.txt:8: a shelter at no distance"),
        ("1 1 4", "1 -1 4", "instance.txt:8: .*none below 0"),
        ("2 3 5\n", "", "instance.txt:8: ends before the line with pick-up 2 and 2 distances"),
        ("2 3 5\n", "2 3 5\n\n3 3 5\n", "instance.txt:11: more lines than pick-ups"),
        ("1 1\n1 1\n", "1 0\n1 1\n", "no bus can take anybody"),
        ("1 1\n1 1\n", "1 1\n0\n", "instance.txt:2: .*at least one"),
        ("1 1\n1 1\n", "1 1\n1 2\n", "instance.txt:2: the depots have 2 buses, not 1"),
        ("2 3 2 1", "2 0 0 0", "instance.txt:3: there is nobody to evacuate"),
        ("1 2 1\n", "7 2 1\n", "instance.txt:6: depot 1 is due, not 7"),
        ("2 3 5", "1 3 5", "instance.txt:9: pick-up 2 is due, not 1"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert ONE_BUS.count(old) == 1
    with pytest.raises(CaseError, match=message):
        read_instance(written(tmp_path, ONE_BUS.replace(old, new)))


def test_a_folder_without_instances_or_with_unreadable_ones_ends_the_script(tmp_path: Path) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    empty = run()
    assert (empty.returncode, empty.stdout) == (2, "")
    assert "holds no instances" in empty.stderr
    written(tmp_path, "a b\n")
    unreadable = run()
    assert (unreadable.returncode, unreadable.stdout) == (2, "")
    assert "instance.txt:1: buses and their capacity" in unreadable.stderr


def test_best_known_values_are_read(tmp_path: Path) -> None:
    assert read_best_known(tmp_path) == {}
    path = tmp_path / "best-known.csv"
    path.write_text("instance,value,proven\na,7,1\nb,9,0\n")
    assert read_best_known(tmp_path) == {"a": (7, True), "b": (9, False)}
    for wrong in ("seven,1", "nan,1", "-7,1", "7,2", "7"):
        path.write_text(f"instance,value,proven\na,{wrong}\n")
        with pytest.raises(CaseError, match=r"best-known.csv:2: needs the columns"):
            read_best_known(tmp_path)


def test_a_mark_at_the_beginning_of_a_file_does_not_count(tmp_path: Path) -> None:
    plain = read_instance(written(tmp_path, ONE_BUS))
    (tmp_path / "instance.txt").write_text(ONE_BUS, encoding="utf-8-sig")
    assert read_instance(tmp_path / "instance.txt") == plain


def test_a_file_that_is_not_text_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "instance.txt"
    path.write_bytes(b"\xff\xfe1 1\n")
    with pytest.raises(CaseError, match=r"instance.txt: cannot be read as text: 'utf-8' codec"):
        read_instance(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(CaseError) as caught:
        read_instance(path)
    assert str(caught.value) == f"{path}: cannot be read as text: Is a directory"


def test_random_instances_are_the_same_for_a_seed_and_all_find_room() -> None:
    drawn = random_instances(20, seed=3)
    assert drawn == random_instances(20, seed=3) != random_instances(20, seed=4)
    for instance in drawn:
        assert 5 <= len(instance.demand) <= 20
        assert 3 <= len(instance.room) <= 8
        assert sum(instance.room) >= sum(instance.demand)
        assert len(instance.distance) == len(instance.start[0]) == len(instance.demand)


def test_instances_come_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text(ONE_BUS)
    assert [instance.name for instance in read_folder(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--random -1", "--random: '-1': a whole number is due, not below 1"),
        ("--random 1 --unit 0", "--unit: '0': a whole number is due, not below 1"),
        ("--random 1 --unit -1", "--unit: '-1': a whole number is due, not below 1"),
        ("--random 1 --work 0", "--work: '0': a whole number is due, not below 1"),
        ("--random 1 --seconds nan", "--seconds: 'nan': a number is due, not below 0"),
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
