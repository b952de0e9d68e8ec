# SPDX-License-Identifier: Apache-2.0
"""What a picture must keep to. Each rule gives a sentence for each thing that breaks it."""

import re

from geometry import Area

# Letters may come as near as this to the edge of a box, to a line, and to each other.
ROOM = 1.0


def findings(picture):
    """Everything that is wrong with a picture."""
    return [*outside(picture), *across_edges(picture), *crossed(picture), *overlapping(picture), *colours(picture)]


def outside(picture):
    """Text that is cut off at the edge of the picture, and boxes that are."""
    for says, ink in picture.texts:
        if not picture.view.holds(ink, slack=-ROOM):
            yield "%r is cut off at the edge of the picture" % says
    for box in picture.boxes:
        if not picture.view.holds(box):
            yield "the box at %g, %g is cut off at the edge of the picture" % (box.left, box.top)


def across_edges(picture):
    """Text that is neither within a box nor beside it."""
    for says, ink in picture.texts:
        broken = [box for box in picture.boxes if ink.meets(box) and not box.holds(ink, slack=-ROOM)]
        if broken:
            # The box that has most of the text is its own; text that runs from one box into another is told once.
            box = max(broken, key=lambda one: min(one.right, ink.right) - max(one.left, ink.left))
            yield "%r leaves the box at %g, %g" % (says, box.left, box.top)


def crossed(picture):
    """Text that a line or an arrow goes through."""
    for says, ink in picture.texts:
        if any(_meets(ink, *segment) for segment in picture.segments):
            yield "%r is crossed by a line" % says


def overlapping(picture):
    """Text that is drawn over other text."""
    for index, (says, ink) in enumerate(picture.texts):
        for other, area in picture.texts[index + 1:]:
            if ink.meets(area):
                yield "%r and %r overlap" % (says, other)


def colours(picture):
    """A picture without a title, a background or dark colours, and classes that have a colour in light mode only.

    A picture brings its own background, because a page may be dark for a reader whose system is not.
    """
    if not picture.title:
        yield "there is no title for readers that cannot see the picture"
    if not any(box.holds(picture.view) for box in picture.boxes):
        yield "there is no background"
    light, _, dark = picture.style.partition("@media (prefers-color-scheme: dark)")
    if not dark:
        yield "there are no colours for dark mode"
        return
    for name in sorted(_coloured(light) - _coloured(dark)):
        yield "%s has a colour in light mode only" % name


def _coloured(style):
    """The selectors that get a colour."""
    found = set()
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        if re.search(r"(?:fill|stroke)\s*:\s*#", rules):
            found |= {one.strip() for one in selectors.split(",")}
    return found


def _meets(area: Area, start, end):
    """Whether a straight line goes through an area (Liang and Barsky's clipping)."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    first, last = 0.0, 1.0
    for step, room in ((-dx, x - area.left), (dx, area.right - x), (-dy, y - area.top), (dy, area.bottom - y)):
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    return first < last
