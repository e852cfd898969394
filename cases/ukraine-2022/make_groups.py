"""Makes ``groups.csv`` of this case: invented travel groups that add up to ``headcounts.csv``.

Run ``python make_groups.py`` in any directory; it rewrites the table beside it. The same seed and the same
head-counts give the same table on every machine, for only ``random()`` is used of the random generator. The
people are invented; every share below is an assumption (note A-groups).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent
SEED = 20220217
ORDER = datetime(2022, 2, 17, 6, 0)  # local time at which people are told
COLUMNS = [
    "id",
    "place",
    "size",
    "category",
    "ready",
    "kin",
    "kin_nationality",
    "papers",
    "own_car",
    "can_walk",
    "needs",
    "source",
]

Shares = dict[str, float]


@dataclass(frozen=True)
class Kind:
    """How the groups of one category are drawn.

    Attributes
    ----------
    sizes
        Shares of the sizes 1, 2, 3 …
    told
        Hours from the order until most of them stand ready.
    car, walk
        Shares that leave in their own car (groups of up to five), that can cross a border on foot.
    """

    sizes: tuple[float, ...]
    told: float
    car: float
    walk: float


KINDS = {
    "vulnerable": Kind(sizes=(0.30, 0.45, 0.15, 0.10), told=9, car=0.22, walk=0.40),
    "dependants": Kind(sizes=(0, 0.08, 0.27, 0.30, 0.18, 0.11, 0.06), told=7, car=0.34, walk=0.90),
    "students": Kind(sizes=(0.42, 0.26, 0.16, 0.10, 0.04, 0.02), told=12, car=0.06, walk=1.0),
    "kin": Kind(sizes=(0, 0.34, 0.28, 0.22, 0.10, 0.04, 0.02), told=17, car=0.34, walk=0.93),
    "citizens": Kind(sizes=(0.30, 0.28, 0.17, 0.13, 0.07, 0.03, 0.02), told=20, car=0.28, walk=0.95),
    "essential_staff": Kind(sizes=(0.5, 0.5), told=54, car=0.5, walk=1.0),
}

USUAL: Shares = {"vulnerable": 0.13, "dependants": 0.16, "kin": 0.14, "citizens": 0.50, "students": 0.07}
STUDENT_TOWNS: Shares = {
    "vulnerable": 0.09,
    "dependants": 0.10,
    "kin": 0.11,
    "citizens": 0.38,
    "students": 0.32,
}
PILGRIM_TOWNS: Shares = {"vulnerable": 0.10, "dependants": 0.30, "kin": 0.03, "citizens": 0.57}
BY_PLACE = {
    **dict.fromkeys(("kharkiv", "dnipro", "odesa", "vinnytsia", "chernivtsi", "uzhhorod"), STUDENT_TOWNS),
    **dict.fromkeys(("ivano-frankivsk", "zaporizhzhia", "ternopil", "poltava", "sumy"), STUDENT_TOWNS),
    **dict.fromkeys(
        ("uman", "medzhybizh", "berdychiv", "bratslav", "hadiach", "belz", "hannopil"), PILGRIM_TOWNS
    ),
}
STAFF = {"kyiv": 24, "lviv": 16, "odesa": 6, "dnipro": 4}  # people of the mission who stay to the last

WEST = frozenset(
    ["Lviv", "Zakarpattia", "Ivano-Frankivsk", "Chernivtsi", "Ternopil", "Volyn", "Rivne", "Khmelnytskyi"]
)
MIDDLE = frozenset(["Vinnytsia", "Zhytomyr", "Cherkasy", "Kirovohrad", "Odesa", "Poltava"])

NATIONALITIES: Shares = {"UA": 0.82, "RU": 0.06, "BY": 0.04, "GE": 0.04, "MD": 0.04}
PAPERS: Shares = {"valid": 0.955, "expired": 0.031, "none": 0.014}

WHEELCHAIR = 0.25  # of the groups that cannot walk across a border: about one person in a hundred


def drawn(shares: Shares, random: Random) -> str:
    """One of the keys, each as often as its share."""
    rest = random.random() * sum(shares.values())
    for key, share in shares.items():
        rest -= share
        if rest < 0:
            return key
    return next(reversed(shares))


def size_of(kind: Kind, at_most: int, random: Random) -> int:
    """Size of a group, not above the people left to assign."""
    shares = {str(size): share for size, share in enumerate(kind.sizes, start=1)}
    return min(int(drawn(shares, random)), at_most)


def ready(kind: Kind, region: str, random: Random) -> datetime:
    """When a group stands ready: most as told, some hours late, a few up to 60 hours after the order."""
    told = kind.told + (8 if region in WEST else 4 if region in MIDDLE else 0)
    chance = random.random()
    if chance < 0.60:
        late = 0.0
    elif chance < 0.88:
        late = random.random() * 8
    else:
        late = random.random() * max(0.0, 60 - told)
    half_hours = round(min(60.0, told + late) * 2)
    return ORDER + timedelta(minutes=30 * half_hours)


def group(category: str, size: int, region: str, random: Random) -> list[str]:
    """The cells of a group after its id and place."""
    kind = KINDS[category]
    # Always the same number of draws, so that a change of one share leaves the other columns as they were.
    moment, kin_draw, nationality = ready(kind, region, random), random.random(), drawn(NATIONALITIES, random)
    papers, car_draw, walk_draw = drawn(PAPERS, random), random.random(), random.random()
    kin = 1 + int(kin_draw * (size - 1)) if category == "kin" and size > 1 else 0
    own_car = size <= 5 and car_draw < kind.car
    return [
        str(size),
        category,
        f"{moment:%Y-%m-%d %H:%M}",
        str(kin),
        nationality if kin else "",
        "valid" if category == "essential_staff" else papers,
        "yes" if own_car else "no",
        "yes" if walk_draw < kind.walk else "no",
        "A-groups",
    ]


def with_needs(rows: list[list[str]]) -> list[list[str]]:
    """The groups with what they need; drawn by itself, so that the other columns stay as they are."""
    random, walk = Random(SEED + 1), COLUMNS.index("can_walk") - 1
    needs = ["wheelchair" if random.random() < WHEELCHAIR else "" for _ in rows]
    return [
        [*row[:-1], need if row[walk] == "no" else "", row[-1]] for row, need in zip(rows, needs, strict=True)
    ]


def groups_at(place: str, people: int, region: str, random: Random) -> list[list[str]]:
    """All groups of a place."""
    groups = []
    for category, left in (("essential_staff", STAFF.get(place, 0)), ("", people - STAFF.get(place, 0))):
        while left > 0:
            chosen = category or drawn(BY_PLACE.get(place, USUAL), random)
            size = size_of(KINDS[chosen], left, random)
            if chosen == "kin" and size == 1:
                chosen = "citizens"  # kin travel with a national
            groups.append([place, *group(chosen, size, region, random)])
            left -= size
    return groups


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of this case."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def groups_csv() -> str:
    """The whole of ``groups.csv``."""
    random = Random(SEED)
    regions = {row["id"]: row["region"] for row in table("places.csv")}
    rows: list[list[str]] = []
    for row in table("headcounts.csv"):
        rows += groups_at(row["place"], int(row["likely"]), regions[row["place"]], random)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([f"G{number:04d}", *cells] for number, cells in enumerate(with_needs(rows), start=1))
    return text.getvalue()


if __name__ == "__main__":
    (FOLDER / "groups.csv").write_text(groups_csv(), encoding="utf-8", newline="\n")
