# SPDX-License-Identifier: Apache-2.0
"""Medians, spreads and ratios of results of several rounds."""

import statistics


def median(numbers):
    """The middle one; None when there are none."""
    return statistics.median(numbers) if numbers else None


def spread(numbers):
    """How far lowest and highest lie apart, as a share of the median; None for fewer than two."""
    if len(numbers) < 2 or median(numbers) == 0:
        return None
    return (max(numbers) - min(numbers)) / median(numbers)


class Results:
    """Lines of JSON, each with the round it comes from."""

    def __init__(self, lines):
        self.lines = list(lines)

    def select(self, **wanted):
        """The lines that have all these fields; None stands for a field that is not there."""
        return [line for line in self.lines if all(line.get(k) == v for k, v in wanted.items())]

    def values(self, field, **wanted):
        """A field of the lines that have all the others."""
        return [line[field] for line in self.select(**wanted) if line.get(field) is not None]

    def median(self, field, **wanted):
        """The median of a field."""
        return median(self.values(field, **wanted))

    def by_round(self, field, **wanted):
        """A field by the round it comes from."""
        return {line["round"]: line[field] for line in self.select(**wanted) if field in line}

    def ratios(self, field, ours, theirs):
        """Ours divided by the highest of theirs, for each round in which there are both.

        `theirs` is a list of selections; a round without any of them has no ratio.
        """
        mine = self.by_round(field, **ours)
        others = [self.by_round(field, **selection) for selection in theirs]
        ratios = []
        for number, value in sorted(mine.items()):
            best = max((other[number] for other in others if number in other), default=None)
            if best:
                ratios.append(value / best)
        return ratios
