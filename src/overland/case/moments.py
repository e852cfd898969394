"""Moments and days in words, as all pages and sentences have them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def moment_in_words(value: datetime, zone: ZoneInfo) -> str:
    """A moment in local time: ``Thu 17 Feb, 14:30``."""
    local = value.astimezone(zone)
    return f"{day_in_words(local)}, {local:%H:%M}"


def day_in_words(local: date) -> str:
    """A day of the local calendar: ``Thu 17 Feb``."""
    return f"{local:%a} {local.day} {local:%b}"
