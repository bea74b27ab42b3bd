"""Makes the basemap: the community areas' outlines and the main streets, small enough to ship.

    python -m actions.healing_map.basemap PATH/TO/Chicago77.shp

The outlines come from the package libpysal 4.8.1 (BSD-3), which holds the City's boundaries as
libpysal/examples/chicago/Chicago77.shp; unpack its wheel to get it. It is no dependency: only
whoever makes the basemap anew needs it. The streets come from data/places/street_grid.csv, the
names and the points from data/places/community_areas.csv. The result, data/map/basemap.json, holds

    areas    number, name, a point inside (the centroid, with one exception: Hegewisch's lies in
             its neighbour), and rings of [longitude, latitude]; a second ring is a hole
    streets  name, rank (1 a main street, 2 a lesser one), and the points of its line
    lake     a polygon that reaches inland under the areas, which are painted over it
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from actions.texts import DATA

Point = tuple[float, float]
Edge = frozenset[Point]

BASEMAP = DATA / "map" / "basemap.json"

SHORE_TOLERANCE_M = 5.0
"""How far a simplified line may stray at the lake and the city's edge."""
BORDER_TOLERANCE_M = 10.0
"""The same between two areas."""
STREET_TOLERANCE_M = 45.0
"""The same for streets, whose table is itself right to about 36 m (its median error)."""

_MAIN_STREETS = """
    Harlem Ave, Narragansett Ave, Austin Ave, Central Ave, Cicero Ave, Pulaski Rd, Kedzie Ave,
    California Ave, Western Ave, Damen Ave, Ashland Ave, Halsted St, State St, Michigan Ave,
    Cottage Grove Ave, Stony Island Ave, Jeffery Blvd, Torrence Ave, Ewing Ave, Lake Shore Dr,
    Clark St, Broadway, Sheridan Rd, Milwaukee Ave, Elston Ave, Lincoln Ave, Ogden Ave,
    Archer Ave, Northwest Hwy, Higgins Rd, Vincennes Ave, South Chicago Ave,
    Dr Martin Luther King Jr Dr, Howard St, Touhy Ave, Devon Ave, Peterson Ave, Foster Ave,
    Lawrence Ave, Irving Park Rd, Belmont Ave, Fullerton Ave, North Ave, Chicago Ave, Madison St,
    Roosevelt Rd, Cermak Rd, 31st St, Pershing Rd, 47th St, 55th St, Garfield Blvd, 63rd St,
    71st St, 79th St, 87th St, 95th St, 103rd St, 111th St, 119th St, 127th St, 130th St
"""
_LESSER_STREETS = """
    Nagle Ave, Laramie Ave, Kostner Ave, Homan Ave, Central Park Ave, Racine Ave, Morgan St,
    Wentworth Ave, Indiana Ave, Woodlawn Ave, Hyde Park Blvd, Lake Park Ave, Yates Blvd,
    Exchange Ave, South Shore Dr, Commercial Ave, Avenue O, Baltimore Ave, Doty Ave, Canal St,
    Blue Island Ave, Clybourn Ave, Grand Ave, Ridge Ave, Wells St, Columbus Dr, Southport Ave,
    Pratt Blvd, Bryn Mawr Ave, Montrose Ave, Addison St, Diversey Ave, Diversey Pkwy, Armitage Ave,
    Division St, Lake St, Jackson Blvd, Harrison St, 18th St, 26th St, 35th St, 43rd St, 51st St,
    59th St, 67th St, Marquette Rd, 75th St, 83rd St, 91st St, 99th St, 107th St, 115th St,
    Loomis Blvd, Loomis St, Drexel Blvd, Calumet Ave
"""
_SHORT_NAMES = {
    "Dr Martin Luther King Jr Dr": "King Dr",
    "Lake Shore Dr": "DuSable Lake Shore Dr",
}

_LAKE: tuple[Point, ...] = (
    # From the city's northern end the shore of Evanston and Wilmette, by eye.
    (-87.6652, 42.0229),
    (-87.6664, 42.0255),
    (-87.6692, 42.0310),
    (-87.6722, 42.0375),
    (-87.6728, 42.0440),
    (-87.6700, 42.0500),
    (-87.6712, 42.0560),
    (-87.6745, 42.0630),
    (-87.6815, 42.0745),
    (-87.7050, 42.1050),
    (-87.7400, 42.1600),
    (-86.8000, 42.1600),
    (-86.8000, 41.6400),
    # To its southern end the shore of Gary, East Chicago and Whiting, by eye.
    (-87.3300, 41.6240),
    (-87.4000, 41.6400),
    (-87.4400, 41.6720),
    (-87.4900, 41.6850),
    (-87.5080, 41.6960),
    (-87.5170, 41.7035),
    (-87.5242, 41.7082),
    # In between any line inland of the shore: the areas hide it.
    (-87.5400, 41.7100),
    (-87.5700, 41.7600),
    (-87.6000, 41.7900),
    (-87.6300, 41.8400),
    (-87.6450, 41.9200),
    (-87.6750, 41.9900),
    (-87.6710, 42.0190),
)

_METRES_PER_DEGREE = 111_320.0
_METRES_PER_US_FOOT = 1200 / 3937


def main() -> None:
    """Make data/map/basemap.json from the shapefile named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shapefile", type=Path, help="libpysal's Chicago77.shp")
    areas = read_areas(parser.parse_args().shapefile)
    basemap = {
        "areas": [
            {**facts, "rings": [_as_json(ring) for ring in rings]}
            for facts, rings in zip(_area_facts(), simplified(areas), strict=True)
        ],
        "streets": [
            {"name": name, "rank": rank, "points": _as_json(line)} for name, rank, line in streets()
        ],
        "lake": _as_json(_LAKE),
    }
    BASEMAP.parent.mkdir(exist_ok=True)
    lines = json.dumps(basemap, ensure_ascii=False, separators=(",", ":"))
    BASEMAP.write_text(lines.replace('{"n', '\n{"n') + "\n", encoding="utf-8")
    sys.stdout.write(f"{BASEMAP}: {BASEMAP.stat().st_size // 1000} kB\n")


def read_areas(shapefile: Path) -> list[list[list[Point]]]:
    """Return the rings of the 77 areas by number, as closed rings of (longitude, latitude).

    Reads ESRI's shapefile (polygons) and the attribute AREA_NUMBE of the .dbf beside it.
    """
    numbers = [int(value) for value in _attribute(shapefile.with_suffix(".dbf"), "AREA_NUMBE")]
    shapes = list(_shapes(shapefile.read_bytes()))
    by_number = dict(zip(numbers, shapes, strict=True))
    return [
        [[degrees_from_feet(x, y) for x, y in ring] for ring in by_number[number]]
        for number in sorted(by_number)
    ]


def _shapes(content: bytes) -> Iterator[list[list[Point]]]:
    position = 100
    while position < len(content):
        _, words = struct.unpack_from(">ii", content, position)
        body = position + 8
        parts, points = struct.unpack_from("<ii", content, body + 36)
        starts = struct.unpack_from(f"<{parts}i", content, body + 44)
        values = struct.unpack_from(f"<{2 * points}d", content, body + 44 + 4 * parts)
        pairs = list(zip(values[::2], values[1::2], strict=True))
        yield [pairs[a:b] for a, b in zip(starts, (*starts[1:], points), strict=True)]
        position = body + 2 * words


def _attribute(dbf: Path, name: str) -> Iterator[str]:
    content = dbf.read_bytes()
    rows, header, width = struct.unpack_from("<IHH", content, 4)
    offset = 1
    for field in range(32, header - 32, 32):
        if content[field : field + 11].rstrip(b"\0") == name.encode():
            break
        offset += content[field + 16]
    size = content[field + 16]
    for row in range(rows):
        start = header + row * width + offset
        yield content[start : start + size].decode("ascii").strip()


def degrees_from_feet(x: float, y: float) -> Point:
    """Return (longitude, latitude) of a point in Illinois East, US survey feet (EPSG:3435).

    The inverse transverse Mercator projection on GRS 80: J. P. Snyder, Map Projections, a Working
    Manual (USGS 1395), equations 3-26 and 8-17 to 8-25; right to a millimetre this near to the
    central meridian. NAD 83 is taken for WGS 84, which differ by about a metre.
    """
    axis, flattening, scale = 6378137.0, 1 / 298.257222101, 0.999975
    origin_latitude, origin_longitude = math.radians(36 + 40 / 60), math.radians(-88 - 20 / 60)
    e2 = flattening * (2 - flattening)
    easting = x * _METRES_PER_US_FOOT - 300_000.0
    arc = _meridian_arc(origin_latitude, axis, e2) + y * _METRES_PER_US_FOOT / scale

    footpoint = _footpoint_latitude(arc, axis, e2)
    sin, cos, tan = math.sin(footpoint), math.cos(footpoint), math.tan(footpoint)
    second = e2 / (1 - e2)
    c, t = second * cos**2, tan**2
    across = axis / math.sqrt(1 - e2 * sin**2)
    along = axis * (1 - e2) / (1 - e2 * sin**2) ** 1.5
    d = easting / (across * scale)
    latitude = footpoint - across * tan / along * (
        d**2 / 2
        - (5 + 3 * t + 10 * c - 4 * c**2 - 9 * second) * d**4 / 24
        + (61 + 90 * t + 298 * c + 45 * t**2 - 252 * second - 3 * c**2) * d**6 / 720
    )
    longitude = (
        origin_longitude
        + (
            d
            - (1 + 2 * t + c) * d**3 / 6
            + (5 - 2 * c + 28 * t - 3 * c**2 + 8 * second + 24 * t**2) * d**5 / 120
        )
        / cos
    )
    return math.degrees(longitude), math.degrees(latitude)


def _meridian_arc(latitude: float, axis: float, e2: float) -> float:
    """Return the metres from the equator to a latitude (Snyder 3-21)."""
    return axis * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * latitude
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * latitude)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * latitude)
        - 35 * e2**3 / 3072 * math.sin(6 * latitude)
    )


def _footpoint_latitude(arc: float, axis: float, e2: float) -> float:
    """Return the latitude that lies so many metres from the equator (Snyder 3-26)."""
    mu = arc / (axis * (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256))
    e1 = (1 - math.sqrt(1 - e2)) / (1 + math.sqrt(1 - e2))
    return (
        mu
        + (3 * e1 / 2 - 27 * e1**3 / 32) * math.sin(2 * mu)
        + (21 * e1**2 / 16 - 55 * e1**4 / 32) * math.sin(4 * mu)
        + 151 * e1**3 / 96 * math.sin(6 * mu)
        + 1097 * e1**4 / 512 * math.sin(8 * mu)
    )


def simplified(areas: Sequence[Sequence[Sequence[Point]]]) -> list[list[list[Point]]]:
    """Simplify the areas' rings so that neighbours keep sharing their borders: no gap, no overlap.

    Rings are cut into arcs where the neighbour changes; each arc is simplified by itself, always
    from the same end, so that both neighbours get the same line.
    """
    owners: defaultdict[Edge, set[int]] = defaultdict(set)
    for number, rings in enumerate(areas):
        for ring in rings:
            for edge in map(frozenset, pairwise(ring)):
                owners[edge].add(number)
    return [[_simplified_ring(ring, owners) for ring in rings] for rings in areas]


def _simplified_ring(ring: Sequence[Point], owners: dict[Edge, set[int]]) -> list[Point]:
    beside = [owners[frozenset(edge)] for edge in pairwise(ring)]
    corners = [i for i in range(len(beside)) if beside[i] != beside[i - 1]]
    if not corners:
        far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
        corners = [0, far]
    around = list(ring[:-1])
    result: list[Point] = []
    for start, end in zip(corners, (*corners[1:], corners[0] + len(around)), strict=True):
        arc = [around[i % len(around)] for i in range(start, end + 1)]
        shared = len(beside[start]) > 1
        tolerance = BORDER_TOLERANCE_M if shared else SHORE_TOLERANCE_M
        backwards = arc[0] > arc[-1]
        line = simplified_line(arc[::-1] if backwards else arc, tolerance)
        result.extend((line[::-1] if backwards else line)[:-1])
    return [*result, result[0]]


def simplified_line(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Leave out the points that the rest of the line passes within so many metres.

    The rule is Douglas and Peucker's; the two ends stay. Points are (longitude, latitude).
    """
    first, last = line[0], line[-1]
    if len(line) < 3:
        return [first, last]
    distances = [_metres_off(point, first, last) for point in line[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [first, last]
    middle = farthest + 1
    head = simplified_line(line[: middle + 1], tolerance)
    return [*head[:-1], *simplified_line(line[middle:], tolerance)]


def _metres_off(point: Point, start: Point, end: Point) -> float:
    """Return how far a point lies from the segment between start and end."""
    across = math.cos(math.radians(start[1]))
    x, y = (point[0] - start[0]) * across, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * across, end[1] - start[1]
    length2 = dx * dx + dy * dy
    part = min(1.0, max(0.0, (x * dx + y * dy) / length2)) if length2 else 0.0
    return math.hypot(x - part * dx, y - part * dy) * _METRES_PER_DEGREE


def streets() -> Iterator[tuple[str, int, list[Point]]]:
    """Yield the name, rank and line of each street that the map shows, from the street table."""
    lines = _street_lines()
    for rank, names in ((1, _MAIN_STREETS), (2, _LESSER_STREETS)):
        for name in re.split(r",\s*", names.strip()):
            for axis in ("NS", "EW"):
                line = lines.get((name, axis), [])
                if len(line) > 1:
                    short = _SHORT_NAMES.get(name, name)
                    yield short, rank, simplified_line(line, STREET_TOLERANCE_M)


def _street_lines() -> dict[tuple[str, str], list[Point]]:
    """Return each street's points in the order of its house numbers, by name and axis."""
    places: defaultdict[tuple[str, str], list[tuple[int, Point]]] = defaultdict(list)
    with (DATA / "places" / "street_grid.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            direction, number = row["direction"], int(row["number"])
            axis = "NS" if direction in "NS" else "EW"
            name = f"{row['name']} {row['suffix']}".strip().title()
            name = re.sub(r"\d(St|Nd|Rd|Th)\b", lambda found: found[0].lower(), name)
            signed = number if direction in "NE" else -number
            point = (float(row["longitude"]), float(row["latitude"]))
            places[name, axis].append((signed, point))
    return {key: [point for _, point in sorted(found)] for key, found in places.items()}


def _area_facts() -> Iterator[dict[str, int | str | float]]:
    with (DATA / "places" / "community_areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "number": int(row["number"]),
                "name": row["name"],
                "latitude": float(row["latitude"]),
                "longitude": float(row["longitude"]),
            }


def _as_json(points: Sequence[Point]) -> list[list[float]]:
    """Round to five decimals, about a metre."""
    return [[round(longitude, 5), round(latitude, 5)] for longitude, latitude in points]


if __name__ == "__main__":
    main()
