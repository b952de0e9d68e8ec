# SPDX-License-Identifier: Apache-2.0
"""Reads a picture: its texts as librsvg lays them out, its boxes, and its lines as straight pieces.

librsvg is what `rsvg-convert` draws with; Debian installs it with librsvg2-bin. Text is measured in the font that
fontconfig chooses. On Debian that is DejaVu Sans, which is wider than the fonts of browsers.
"""

import ctypes
import ctypes.util
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

SVG = "{http://www.w3.org/2000/svg}"
CURVE_PIECES = 24


@dataclass(frozen=True)
class Area:
    """A rectangle in the units of the viewBox."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other, slack=0.5):
        return (
            self.left - slack <= other.left and other.right <= self.right + slack
            and self.top - slack <= other.top and other.bottom <= self.bottom + slack
        )

    def meets(self, other):
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )

    def inset(self, by):
        return Area(self.left + by, self.top + by, self.right - by, self.bottom - by)


@dataclass
class Picture:
    """Everything that the rules look at."""

    view: Area
    style: str
    title: str
    texts: list = field(default_factory=list)  # (what it says, where its ink is)
    boxes: list = field(default_factory=list)
    segments: list = field(default_factory=list)  # ((x, y), (x, y))


class _Rectangle(ctypes.Structure):
    _fields_ = [(name, ctypes.c_double) for name in ("x", "y", "width", "height")]


class _Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_uint32), ("code", ctypes.c_int), ("message", ctypes.c_char_p)]


def _library():
    name = ctypes.util.find_library("rsvg-2") or "librsvg-2.so.2"
    rsvg = ctypes.CDLL(name)
    rsvg.rsvg_handle_new_from_data.restype = ctypes.c_void_p
    rsvg.rsvg_handle_new_from_data.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.POINTER(_Error))
    ]
    rsvg.rsvg_handle_get_geometry_for_layer.argtypes = [
        ctypes.c_void_p, ctypes.c_char_p, *[ctypes.POINTER(_Rectangle)] * 3,
        ctypes.POINTER(ctypes.POINTER(_Error)),
    ]
    rsvg.g_object_unref.argtypes = [ctypes.c_void_p]
    return rsvg


def _inks(root, view, identities):
    """Where the ink of each named element is."""
    rsvg = _library()
    data = ElementTree.tostring(root)
    error = ctypes.POINTER(_Error)()
    handle = rsvg.rsvg_handle_new_from_data(data, len(data), ctypes.byref(error))
    if not handle:
        raise ValueError(error.contents.message.decode())
    port = _Rectangle(0, 0, view.right - view.left, view.bottom - view.top)
    found = []
    for identity in identities:
        ink, logical = _Rectangle(), _Rectangle()
        if not rsvg.rsvg_handle_get_geometry_for_layer(
            handle, b"#" + identity.encode(), ctypes.byref(port), ctypes.byref(ink),
            ctypes.byref(logical), ctypes.byref(error),
        ):
            raise ValueError(error.contents.message.decode())
        left, top = ink.x + view.left, ink.y + view.top
        found.append(Area(left, top, left + ink.width, top + ink.height))
    rsvg.g_object_unref(handle)
    return found


def _path(commands):
    """The straight pieces of a path of M, L, H, V, C and Z; curves are cut into short pieces."""
    tokens = re.findall(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?", commands)
    at = start = (0.0, 0.0)
    pieces, index, letter = [], 0, ""

    def take(count):
        nonlocal index
        values = [float(token) for token in tokens[index:index + count]]
        index += count
        return values

    while index < len(tokens):
        if tokens[index].isalpha():
            letter = tokens[index]
            index += 1
        if letter == "M":
            at = start = tuple(take(2))
            letter = "L"
        elif letter in "Zz":
            pieces.append((at, start))
            at = start
        elif letter in "LHV":
            values = take(2 if letter == "L" else 1)
            end = {"L": lambda: tuple(values), "H": lambda: (values[0], at[1]), "V": lambda: (at[0], values[0])}
            pieces.append((at, end[letter]()))
            at = pieces[-1][1]
        elif letter == "C":
            x1, y1, x2, y2, x3, y3 = take(6)
            before = at
            for step in range(1, CURVE_PIECES + 1):
                t, u = step / CURVE_PIECES, 1 - step / CURVE_PIECES
                x = u**3 * at[0] + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3
                y = u**3 * at[1] + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3
                pieces.append((before, (x, y)))
                before = (x, y)
            at = (x3, y3)
        else:
            raise ValueError("paths of pictures have only M, L, H, V, C and Z: %r" % letter)
    return pieces


def read(file):
    """The picture in a file.

    Raises ValueError for a picture that is not well-formed, or that uses what is not measured here.
    """
    try:
        root = ElementTree.fromstring(file.read_bytes())
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    for element in root.iter():
        if "transform" in element.attrib or element.tag == SVG + "use":
            raise ValueError("transforms and uses are not measured")
    x, y, width, height = (float(part) for part in root.attrib["viewBox"].split())
    view = Area(x, y, x + width, y + height)
    # Arrow heads are drawn at the ends of lines; their own coordinates mean nothing in the picture.
    drawn = [one for one in root if one.tag != SVG + "defs"]
    drawn = [one for part in drawn for one in part.iter()]
    texts = [one for one in drawn if one.tag == SVG + "text"]
    for number, text in enumerate(texts):
        text.attrib["id"] = "text-%d" % number
    says = ["".join(text.itertext()) for text in texts]
    inks = _inks(root, view, [text.attrib["id"] for text in texts])
    picture = Picture(
        view, "".join(one.text or "" for one in root.iter(SVG + "style")),
        "".join(one.text or "" for one in root.iter(SVG + "title")), list(zip(says, inks)))
    for one in drawn:
        if one.tag == SVG + "rect":
            left, top = float(one.get("x", 0)), float(one.get("y", 0))
            area = Area(left, top, left + float(one.get("width")), top + float(one.get("height")))
            picture.boxes.append(area)
        elif one.tag == SVG + "line":
            ends = [float(one.get(name)) for name in ("x1", "y1", "x2", "y2")]
            picture.segments.append((tuple(ends[:2]), tuple(ends[2:])))
        elif one.tag == SVG + "path":
            picture.segments += _path(one.get("d"))
    return picture
