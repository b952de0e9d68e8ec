# SPDX-License-Identifier: Apache-2.0
"""One row of the table of targets."""

from dataclasses import dataclass, field

from .statistics import median, spread


@dataclass
class Target:
    """One number that is to be at least, or at most, something."""

    work: str
    against: str
    unit: str
    numbers: list = field(default_factory=list)
    must: float | None = None
    goal: float | None = None
    is_ceiling: bool = False

    @property
    def value(self):
        return median(self.numbers)

    @property
    def spread(self):
        return spread(self.numbers)

    def meets(self, limit):
        if limit is None or self.value is None:
            return None
        return self.value <= limit if self.is_ceiling else self.value >= limit

    def gap(self, limit):
        """How far the value is from the limit, in words."""
        if not self.is_ceiling:
            return percent(1 - self.value / limit)
        factor = self.value / limit
        return f"a factor of {factor:.2g}" if factor >= 2 else percent(factor - 1)

    @property
    def verdict(self):
        """One or two words a reader looks for first, and by how much."""
        if self.value is None:
            return "not measured"
        if self.must is not None and not self.meets(self.must):
            return f"**must missed** by {self.gap(self.must)}"
        if self.goal is not None and not self.meets(self.goal):
            met = "must met, " if self.must is not None else ""
            return f"{met}goal missed by {self.gap(self.goal)}"
        return "must met" if self.goal is None else "goal met"


def percent(share):
    """A share that is above 0 as whole percents, or as tenths when it is small."""
    return f"{share * 100:.0f} %" if share >= 0.02 else f"{share * 100:.1f} %"
