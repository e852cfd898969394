"""How fast one drives: the table ``speeds.toml``, a user's values over it, what limits on the map mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from overland.errors import NetworkError

BUNDLED = Path(__file__).with_name("speeds.toml")
TABLES = ("free_flow", "surface", "tracktype", "smoothness")
KM_PER_MILE, KM_PER_NAUTICAL_MILE = 1.609344, 1.852
SLOWEST = 1.0  # km/h: so that no typing error on the map makes a road endless

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_ZONE = re.compile(r"([A-Z]{2}):(?:zone:?)?(\w+)$")
_FACTORS = {"mph": KM_PER_MILE, "knots": KM_PER_NAUTICAL_MILE}
_KINDS = {  # what comes after the country in maxspeed=GB:nsl_single and the like
    "expressway": "trunk",
    "nsl_restricted": "urban",
    "nsl_single": "rural",
    "nsl_dual": "trunk",
    "bicycle_road": "urban",
}


@dataclass(frozen=True)
class Speeds:
    """Speeds in km/h, by what the map says of a road.

    Attributes
    ----------
    share_of_limit : float
        Part of a limit that is driven on average.
    free_flow, surface, tracktype, smoothness : mapping of str to float
        Speed by kind of road (a value of ``highway``, ``ferry``, ``rail``); the most on a surface and so on.
    limit : mapping of str to mapping of str to float
        Statutory limits by country (ISO 3166) and kind of road; of ``default`` where a country has none.
    country : str
        The country whose limits hold where the map does not name one; empty for ``default``.
    """

    share_of_limit: float
    free_flow: Mapping[str, float]
    surface: Mapping[str, float]
    tracktype: Mapping[str, float]
    smoothness: Mapping[str, float]
    limit: Mapping[str, Mapping[str, float]]
    country: str = ""

    @cached_property
    def _here(self) -> Mapping[str, float]:
        return {**self.limit["default"], **self.limit.get(self.country, {})}

    def statutory(self, kind: str) -> float:
        """Limit where none is signed, on a kind of road: urban, rural, trunk, motorway, living_street."""
        return self._here[kind]

    def signed(self, value: str) -> float | None:
        """The limit that a value of ``maxspeed`` stands for; None if it says nothing one can use."""
        limits = [limit for part in value.split(";") if (limit := self._one_limit(part.strip())) is not None]
        return min(limits, default=None)

    def _one_limit(self, value: str) -> float | None:
        if number := _NUMBER.match(value):
            limit = float(number[1]) * _FACTORS.get(number[2] or "", 1.0)
            return max(limit, SLOWEST) if limit else None
        if zone := _ZONE.match(value):
            if zone[2].isdigit():
                return max(float(zone[2]), SLOWEST)
            of_country = self.limit.get(zone[1], {})
            kind = _KINDS.get(zone[2], zone[2])
            return of_country.get(kind, self.limit["default"].get(kind))
        return self._here[value] if value in ("none", "walk") else None


def read_speeds(path: Path | None = None, country: str = "") -> Speeds:
    """The bundled speeds, with a user's own values over them.

    Raises
    ------
    NetworkError
        If the file cannot be read, or has something that is no speed, or nothing is known of the country.
    """
    bundled = tomllib.loads(BUNDLED.read_text(encoding="utf-8"))
    if path is not None:
        _lay_over(bundled, _own(path), path)
    if country and country not in bundled["limit"]:
        known = ", ".join(sorted(set(bundled["limit"]) - {"default"}))
        raise NetworkError(
            f"no speed limits are known for the country '{country}'; known are {known}. "
            f"Give its own as [limit.{country}] in a file of --speeds, or leave the country out"
        )
    return Speeds(**bundled, country=country)


def _own(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NetworkError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NetworkError(f"{path}: this is not TOML: {error}") from error


def _lay_over(bundled: dict[str, Any], own: dict[str, Any], path: Path) -> None:
    """Put a user's values over the bundled ones; each must be one that the importer knows, and a speed."""
    for name, value in own.items():
        if name == "share_of_limit":
            bundled[name] = _speed(value, f"{path}: share_of_limit", most=1.0)
        elif name in TABLES and isinstance(value, dict):
            open_ended = name in ("surface", "smoothness")  # the map has more of these than anyone lists
            _update(bundled[name], value, None if open_ended else set(bundled[name]), f"{path}: [{name}]")
        elif name == "limit" and isinstance(value, dict):
            for country, limits in value.items():
                here = f"{path}: [limit.{country}]"
                if not isinstance(limits, dict):
                    raise NetworkError(f"{here}: limits are a table, such as {{ urban = 50, rural = 90 }}")
                kinds = set(bundled["limit"]["default"])
                _update(bundled["limit"].setdefault(country, {}), limits, kinds, here)
        else:
            known = ", ".join(("share_of_limit", *TABLES, "limit.<country>"))
            raise NetworkError(f"{path}: '{name}' is not a table of speeds; there are {known}")


def _update(table: dict[str, float], own: dict[str, Any], known: set[str] | None, where: str) -> None:
    for key, value in own.items():
        if known is not None and key not in known:
            raise NetworkError(f"{where}: '{key}' is not known here; there are {', '.join(sorted(known))}")
        table[key] = _speed(value, f"{where}: {key}", most=400.0)


def _speed(value: object, where: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise NetworkError(f"{where}: {value!r} should be a number above 0 and at most {most:g}")
    return float(value)
