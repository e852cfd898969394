"""Lines on a map (routes, roads) as GeoJSON (RFC 7946), GPX 1.1 and KML 2.2."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from overland.errors import UsageError

Value = str | float | int


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line with a name and what is known of it.

    Attributes
    ----------
    points : float64 (points, 2)
        Longitude and latitude (WGS 84).
    about : dict of str to str or number
        Further columns.
    """

    name: str
    points: NDArray[np.float64]
    about: dict[str, Value] = field(default_factory=dict)


def write_lines(lines: Iterable[Line], path: Path, title: str) -> None:
    """Write lines to a file whose ending names the format; it appears whole or not at all.

    Raises
    ------
    UsageError
        If the ending is none of ``.geojson``, ``.gpx`` and ``.kml``, or the file cannot be written.
    """
    texts = _TEXTS.get(path.suffix.lower())
    if texts is None:
        raise UsageError(f"{path}: the ending must be one of {', '.join(_TEXTS)}")
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(texts(lines, title))
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _geojson(lines: Iterable[Line], title: str) -> Iterator[str]:
    yield f'{{"type": "FeatureCollection", "name": {json.dumps(title, ensure_ascii=False)}, "features": [\n'
    for number, line in enumerate(lines):
        feature = {
            "type": "Feature",
            "properties": {"name": line.name, **line.about},
            "geometry": {"type": "LineString", "coordinates": np.round(line.points, 7).tolist()},
        }
        yield (",\n" if number else "") + json.dumps(feature, ensure_ascii=False)
    yield "\n]}\n"


def _gpx(lines: Iterable[Line], title: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gpx version="1.1" creator="Overland" xmlns="http://www.topografix.com/GPX/1/1">\n'
    yield f"<metadata><name>{_text(title)}</name></metadata>\n"
    for line in lines:
        yield f"<trk><name>{_text(line.name)}</name>"
        if line.about:
            told = "; ".join(f"{key}: {value}" for key, value in line.about.items())
            yield f"<desc>{_text(told)}</desc>"
        yield "<trkseg>\n"
        yield "".join(f'<trkpt lat="{y:.7f}" lon="{x:.7f}"/>\n' for x, y in line.points.tolist())
        yield "</trkseg></trk>\n"
    yield "</gpx>\n"


def _kml(lines: Iterable[Line], title: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2">\n'
    yield f"<Document><name>{_text(title)}</name>\n"
    for line in lines:
        yield f"<Placemark><name>{_text(line.name)}</name>"
        if line.about:
            data = "".join(
                f"<Data name={quoteattr(_clean(key))}><value>{_text(str(value))}</value></Data>"
                for key, value in line.about.items()
            )
            yield f"<ExtendedData>{data}</ExtendedData>"
        yield "<LineString><tessellate>1</tessellate><coordinates>\n"
        yield " ".join(f"{x:.7f},{y:.7f}" for x, y in line.points.tolist())
        yield "\n</coordinates></LineString></Placemark>\n"
    yield "</Document></kml>\n"


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """A text without the control characters that XML forbids even as entities."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )


_TEXTS: dict[str, Callable[[Iterable[Line], str], Iterator[str]]] = {
    ".geojson": _geojson,
    ".gpx": _gpx,
    ".kml": _kml,
}
