"""Numbers, moments and countries in words, the same everywhere on the page."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from overland.case.countries import country as country
from overland.case.moments import day_in_words, moment_in_words

MODES = {"car": "own car", "bus": "bus", "foot": "on foot", "rail": "train"}


def number(value: float) -> str:
    """A whole number with separators: ``12,345``."""
    return f"{round(value):,}".replace("-", "−")


def percent(share: float) -> str:
    """A share of one as a percentage, never rounded to none or all of it: ``< 0.1 %``, ``97 %``."""
    value = 100 * share
    if 0 < value < 0.1:
        return "< 0.1 %"
    if 99.9 < value < 100:
        return "> 99.9 %"
    decimals = 1 if 0 < abs(value) < 9.95 or 99 <= value < 100 else 0
    return f"{value:.{decimals}f} %".replace("-", "−")


def at_most(share: float) -> str:
    """A share of one as a percentage with one decimal, rounded up: what is proven stays true."""
    return f"{ceil(1000 * share - 1e-9) / 10:.1f} %"


def count(value: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 bus``, ``1,200 buses``."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def span(hours: float) -> str:
    """A time span: ``45 min``, ``17.5 h``, ``4 d 6 h``, ``7 days``."""
    minutes = round(hours * 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes / 60:.1f}".removesuffix(".0") + " h"
    days, rest = divmod(round(minutes / 60), 24)
    return f"{days} d {rest} h" if rest else f"{days} days"


def moment(value: datetime, zone: ZoneInfo) -> str:
    """A moment in local time: ``Thu 17 Feb, 14:30``."""
    return moment_in_words(value, zone)


def moment_in_year(value: datetime, zone: ZoneInfo) -> str:
    """A moment in local time with the year: ``Thu 17 February 2022, 14:30``."""
    local = value.astimezone(zone)
    return f"{local:%a} {local.day} {local:%B %Y}, {local:%H:%M}"


def day(value: datetime, zone: ZoneInfo) -> str:
    """A local day: ``Thu 17 Feb``."""
    return day_in_words(value.astimezone(zone))
