"""Reading and writing ``threats.geojson``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from overland.case.cells import CellError, Conventions, moment_text, parser
from overland.case.faults import FaultLog, did_you_mean, shown
from overland.case.model import Threat
from overland.case.schema import DAILY_KEYS, THREAT_KEYS, THREATS_FILE
from overland.case.settings import as_text
from overland.case.textfile import open_text

_LARGEST_FILE = 20_000_000  # bytes
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')

Ring = tuple[tuple[float, float], ...]


class GeometryError(Exception):
    """Numbers or areas are not as GeoJSON wants them; the message is for the user."""


@dataclass(slots=True)
class ThreatData:
    """What was read of the threats."""

    rows: list[Threat] = field(default_factory=list)
    complete: bool = True


def read_threats(
    folder: Path, conventions: Conventions, log: FaultLog, span: tuple[datetime, datetime] | None = None
) -> ThreatData:
    """Read the threats; all faults are recorded.

    Parameters
    ----------
    span : (datetime, datetime), optional
        Start and end of the case, between which a daily threat is repeated; None while they are not known.
    """
    before = log.count(THREATS_FILE)
    data = ThreatData()
    text = _text(folder, log)
    if text is not None:
        features = _load(text, log)
        if features is not None:
            _Features(text, conventions, log, data, span).read(features)
    data.complete = log.count(THREATS_FILE) == before
    return data


def _text(folder: Path, log: FaultLog) -> str | None:
    file = open_text(folder, THREATS_FILE, log, required=False)
    if file is None:
        return None
    size = file.path.stat().st_size
    if size > _LARGEST_FILE:
        message = f"has {size:,} bytes; simplify the areas to less than {_LARGEST_FILE:,}"
        log.add(THREATS_FILE, None, "", "size", message)
        return None
    return file.text()


def _load(text: str, log: FaultLog) -> list[Any] | None:
    def refuse(constant: str) -> NoReturn:
        raise GeometryError(f"is not valid JSON: {constant} is not a number")

    try:
        document = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        message = f"is not valid JSON (column {error.colno}): {error.msg}"
        log.add(THREATS_FILE, error.lineno, "", "JSON", message)
        return None
    except RecursionError:
        log.add(THREATS_FILE, None, "", "JSON", "is nested too deeply to be GeoJSON")
        return None
    except GeometryError as error:
        log.add(THREATS_FILE, _line_of(text, "NaN", "Infinity"), "", "JSON", str(error))
        return None
    except ValueError:  # Python refuses to read whole numbers of thousands of digits
        log.add(THREATS_FILE, None, "", "JSON", "holds a number of thousands of digits; shorten it")
        return None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        message = 'must be a GeoJSON FeatureCollection: {"type": "FeatureCollection", "features": […]}'
        log.add(THREATS_FILE, 1, "", "JSON", message)
        return None
    return features


def _line_of(text: str, *words: str) -> int | None:
    found = [position for word in words if (position := text.find(word)) >= 0]
    return text.count("\n", 0, min(found)) + 1 if found else None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each feature begins and ends in the text."""
    stack: list[str] = []
    last_string, begin, within = "", 0, False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] == '"':
            last_string = token
        elif token in "[{":
            if stack == ["{"]:
                within = token == "[" and last_string == '"features"'
            elif within and len(stack) == 2:
                begin = match.start()
            stack.append(token)
        else:
            if stack:
                stack.pop()
            if within and len(stack) == 2:
                yield begin, match.end()


class _Features:
    """Reads the features one by one."""

    def __init__(
        self,
        text: str,
        conventions: Conventions,
        log: FaultLog,
        data: ThreatData,
        span: tuple[datetime, datetime] | None,
    ) -> None:
        self.text, self.log, self.data, self.span = text, log, data, span
        self.zone = conventions.zone
        self.parsers = [(column, parser(column, conventions)) for column in (*THREAT_KEYS, *DAILY_KEYS)]
        self.first_lines: dict[str, int] = {}
        self.begin, self.end = 0, 0
        self._counted, self._line = 0, 1  # so that lines are counted once only

    def read(self, features: list[Any]) -> None:
        """Read all features."""
        spans = _spans(self.text)
        for feature in features:
            if isinstance(feature, dict):
                self.begin, self.end = next(spans, (self.begin, self.end))
                self._line += self.text.count("\n", self._counted, self.begin)
                self._counted = self.begin
                self._feature(feature)
            else:
                self.fault("", "feature", f"a feature must be an object, not {shown(str(feature))}")

    def fault(self, key: str, kind: str, message: Any) -> None:
        """Record a fault of a property of the present feature, or of the feature."""
        position = self.text.find(f'"{key}"', self.begin, self.end) if key else -1
        line = self._line + (self.text.count("\n", self.begin, position) if position >= 0 else 0)
        self.log.add(THREATS_FILE, line, key, f"{key} {kind}", message)

    def _feature(self, feature: Mapping[str, Any]) -> None:
        properties = feature.get("properties")
        values = self._properties(properties if isinstance(properties, dict) else {})
        if (
            values.keys() >= {"start", "end"}
            and values["end"] is not None
            and values["end"] <= values["start"]
        ):
            self.fault("end", "order", "must be later than start")
            del values["end"]
        try:
            values["rings"] = rings_of(feature.get("geometry"))
        except GeometryError as error:
            self.fault("geometry", "area", str(error))
        hours = [values.pop(column.name, None) for column in DAILY_KEYS]
        if (hours[0] is None) != (hours[1] is None):
            given = DAILY_KEYS[hours[0] is None].name
            self.fault(given, "pair", "daily_from and daily_until belong together; give both or neither")
        if "id" in values and self._is_new(values["id"]) and len(values) == len(THREAT_KEYS) + 1:
            threat = Threat(**values)
            daily = hours[0] is not None and hours[1] is not None
            days = list(self._every_day(threat, *hours)) if daily else [threat]
            self.data.rows += [day for day in days if not daily or self._is_new(day.id)]

    def _every_day(self, threat: Threat, begins: time, ends: time) -> Iterator[Threat]:
        """A threat for each local day of the case on which it holds for some hours."""
        if self.span is None or self.zone is None:
            return
        start = max(threat.start, self.span[0])
        end = self.span[1] if threat.end is None else min(threat.end, self.span[1])
        day = start.astimezone(self.zone).date() - timedelta(days=1)
        while (first := datetime.combine(day, begins, self.zone)) < end:
            last = datetime.combine(day + timedelta(days=ends <= begins), ends, self.zone)
            opens, closes = max(first.astimezone(UTC), start), min(last.astimezone(UTC), end)
            if opens < closes:
                yield replace(threat, id=f"{threat.id}-{day}", start=opens, end=closes)
            day += timedelta(days=1)

    def _properties(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column, parse in self.parsers:
            raw = properties.get(column.name)
            text = "" if raw is None else as_text(raw)
            if text is None:
                self.fault(column.name, "type", "must be a single value, not a list or object")
            elif text != text.encode(errors="replace").decode():
                self.fault(column.name, "type", f"{shown(text)} is not text: it holds half a character")
            elif text:
                try:
                    values[column.name] = parse(text)
                except CellError as error:
                    self.fault(column.name, error.kind, error.message)
            elif column.required:
                self.fault(column.name, "missing", f"the property is missing; {column.doc}")
            else:
                values[column.name] = column.default
        names = [column.name for column, _ in self.parsers]
        for name in properties:
            if name not in names:
                hint = did_you_mean(name, names) or f"; the properties are {', '.join(names)}"
                self.fault(shown(name)[1:-1], "unknown", f"is not a property of a threat{hint}")
        return values

    def _is_new(self, key: str) -> bool:
        if key in self.first_lines:
            first = self.first_lines[key]
            self.fault(
                "id", "duplicate", f"{shown(key)} is already the threat on line {first}; ids must be unique"
            )
            return False
        self.first_lines[key] = self._line
        return True


def rings_of(geometry: Any) -> tuple[Ring, ...]:
    """The rings of a GeoJSON Polygon or MultiPolygon, checked.

    Raises
    ------
    GeometryError
        If it is no simple area.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise GeometryError(f"must be a Polygon or a MultiPolygon, not {shown(str(kind))}")
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if (
        not isinstance(polygons, list)
        or not all(isinstance(one, list) and one for one in polygons)
        or not polygons
    ):
        raise GeometryError("coordinates must be lists of rings, each a list of [longitude, latitude]")
    nested = [[_ring(ring) for ring in polygon] for polygon in polygons]
    _check_shape(nested)
    return tuple(ring for polygon in nested for ring in polygon)


def _ring(positions: Any) -> Ring:
    if not isinstance(positions, list) or len(positions) < 4:
        raise GeometryError("a ring needs at least four positions, the last one the same as the first")
    ring = tuple(_position(position) for position in positions)
    if ring[0] != ring[-1]:
        raise GeometryError(f"a ring is not closed: it begins at {ring[0]} but ends at {ring[-1]}")
    return ring


def _position(position: Any) -> tuple[float, float]:
    numbers = position[:2] if isinstance(position, list) else []
    if len(numbers) != 2 or any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in numbers):
        raise GeometryError(f"a position must be [longitude, latitude], not {shown(str(position))}")
    longitude, latitude = numbers
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise GeometryError(f"{shown(str(position))} is not on the globe; the order is [longitude, latitude]")
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise GeometryError(f"{shown(str(position))} is not a position")
    return float(longitude), float(latitude)


def _check_shape(polygons: list[list[Ring]]) -> None:
    """Refuse overlaps and bow-ties: a point inside two rings would count as outside."""
    from shapely.geometry import MultiPolygon
    from shapely.validation import explain_validity

    reason = explain_validity(MultiPolygon([(rings[0], rings[1:]) for rings in polygons]))
    if reason != "Valid Geometry":
        raise GeometryError(f"the area is not simple: {reason} (longitude latitude); draw it again there")


def threats_text(threats: tuple[Threat, ...], zone: ZoneInfo) -> str:
    """The threats as GeoJSON, one feature per line."""
    features = [json.dumps(_feature(threat, zone), ensure_ascii=False) for threat in threats]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _feature(threat: Threat, zone: ZoneInfo) -> dict[str, Any]:
    properties: dict[str, Any] = {column.name: getattr(threat, column.name) for column in THREAT_KEYS}
    properties["start"] = moment_text(threat.start, zone)
    properties["end"] = None if threat.end is None else moment_text(threat.end, zone)
    polygons = _polygons(threat.rings)
    if len(polygons) == 1:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
    else:
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _polygons(rings: tuple[Ring, ...]) -> list[list[Ring]]:
    """Rings as polygons: a ring that lies inside the one begun last is its hole."""
    from shapely.geometry import Polygon

    polygons: list[list[Ring]] = []
    for ring in rings:
        if polygons and Polygon(polygons[-1][0]).contains(Polygon(ring)):
            polygons[-1].append(ring)
        else:
            polygons.append([ring])
    return polygons
