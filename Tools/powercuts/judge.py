# SPDX-License-Identifier: Apache-2.0
"""The judge: what was acknowledged and shown before a cut, against what is there after it.

A lane is what one caller wrote: entries 1, 2, 3, …, of which each names its boot. A check after a cut gives the lane
as runs: [(boot, how many entries), …]. Three things must hold, whatever the moment of the cut:

- every acknowledged entry is there; otherwise entries are *lost*;
- what an earlier check showed is still there; otherwise entries were *taken back*: a program had seen them, though
  no writer had an acknowledgement of them;
- everything else was written in the boot before; otherwise the history is *forked*: something came back that a check
  had shown to be gone, or was never written.
"""

from dataclasses import dataclass, field


def parse_runs(text):
    """`3*17+4*2`, as a list of pairs; empty text is an empty lane."""
    return [tuple(map(int, run.split("*"))) for run in text.split("+")] if text else []


def parse_lanes(text):
    """`0=3*17,1=3*5`, by the number of the lane; `-` stands for none."""
    lanes = {}
    for part in () if text == "-" else text.split(","):
        number, _, runs = part.partition("=")
        lanes[int(number)] = parse_runs(runs)
    return lanes


def total(runs):
    return sum(count for _, count in runs)


def tail(runs, start):
    """The runs behind the first `start` entries."""
    rest = []
    for boot, count in runs:
        skipped = min(start, count)
        start -= skipped
        if count > skipped:
            rest.append((boot, count - skipped))
    return rest


def head(runs, end):
    """The runs of the first `end` entries."""
    first = []
    for boot, count in runs:
        taken = min(end, count)
        end -= taken
        if taken:
            first.append((boot, taken))
    return first


# Lanes that are copies of lane 0 at an earlier moment: a backup.
COPIES = {("cairn/archive", 1)}


@dataclass
class Lane:
    """What is known of a lane before a cut."""

    acknowledged: int = 0
    shown: list = field(default_factory=list)  # the runs that the last check gave

    def judge(self, runs, allowed):
        """Entries lost, entries taken back, and whether the history is forked, where what is new must be one of the
        `allowed` runs: those of the last boot, or those that a copy was made of."""
        there = total(runs)
        lost = max(0, self.acknowledged - there)
        taken_back = max(0, total(self.shown) - max(there, self.acknowledged))
        common = min(there, total(self.shown))
        forked = head(runs, common) != head(self.shown, common)
        forked = forked or not allowed(tail(runs, common))
        return lost, taken_back, forked

    @property
    def is_at_risk(self):
        """Whether something was acknowledged that no check has shown."""
        return self.acknowledged > total(self.shown)

    def settle(self, runs):
        """What is there now must stay: it has been shown."""
        self.shown = runs
        self.acknowledged = min(self.acknowledged, total(runs))


@dataclass
class Tally:
    """Figures of one system on one file system."""

    cuts: int = 0
    risky_cuts: int = 0  # in which something had been acknowledged since the check before
    acknowledged: int = 0
    lost: int = 0
    losing_cuts: int = 0
    taken_back: int = 0
    forked: int = 0
    refused: int = 0
    flawed: int = 0
    torn: int = 0
    unclean: int = 0
    stopped: int = 0

    def add(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def is_sound(self):
        """Whether everything held; what was taken back is reported and was promised by no store."""
        wrong = (self.lost, self.forked, self.refused, self.flawed, self.unclean, self.stopped)
        return not any(wrong)


class Judge:
    """Reads what machines print, and keeps the figures."""

    def __init__(self, complain=lambda text: None):
        self.lanes = {}  # system -> number -> Lane
        self.written = {}  # system -> the last boot in which it was written to
        self.tallies = {}
        self.complain = complain
        self.new_complaints = []

    def tally(self, system):
        return self.tallies.setdefault(system, Tally())

    def forget(self):
        """The image was formatted anew."""
        self.lanes, self.written = {}, {}

    def read(self, line, boot):
        """Takes one line into account; lines of the kernel are passed over."""
        kind, _, rest = line.partition(" ")
        words = rest.split(" ")
        if kind == "A" and len(words) == 3 and words[2].isdigit():
            self._acknowledged(words[0], int(words[1]), int(words[2]))
        elif kind == "S" and len(words) == 5:
            self._state(words[0], words[1], words[2], words[3], boot)
        elif kind == "F" and words[0] != rest:
            self.tally(words[0]).flawed += 1
            self._complain(words[0], f"flaw: {rest}")
        elif kind == "E":
            self.tally(words[0]).stopped += 1
            self._complain(words[0], f"stopped: {rest}")
        elif kind in ("V", "N"):
            self._complain(words[0], f"{kind}: {rest}")

    def _complain(self, system, text):
        self.new_complaints.append((system, text))
        self.complain(f"{system}: {text}")

    def _acknowledged(self, system, number, entry):
        lane = self.lanes.setdefault(system, {}).setdefault(number, Lane())
        self.tally(system).acknowledged += max(0, entry - max(lane.acknowledged, total(lane.shown)))
        lane.acknowledged = max(lane.acknowledged, entry)

    def _state(self, system, verdict, outcome, text, boot):
        known = self.lanes.setdefault(system, {})
        last_boot = self.written.get(system)
        self.written[system] = boot
        if last_boot is None and verdict == "absent":
            return
        tally = self.tally(system)
        tally.cuts += 1
        tally.torn += verdict == "tornTail"
        if verdict not in ("clean", "tornTail", "absent"):
            tally.unclean += 1
        if outcome != "open":
            tally.refused += 1
            self._complain(system, f"refused to open, with {self._sum(known)} acknowledged")
            known.clear()
            return
        self._compare(system, tally, known, parse_lanes(text), last_boot)

    @staticmethod
    def _sum(lanes):
        return sum(lane.acknowledged for lane in lanes.values())

    def _compare(self, system, tally, known, found, last_boot):
        lost = 0
        tally.risky_cuts += any(lane.is_at_risk for lane in known.values())
        for number in sorted(known.keys() | found.keys()):
            lane = known.setdefault(number, Lane())
            runs = found.get(number, [])
            if (system, number) in COPIES:
                is_copy = head(found.get(0, []), total(runs)) == runs
                of_lane, taken_back, forked = lane.judge(runs, lambda _, good=is_copy: good)
            else:
                of_lane, taken_back, forked = lane.judge(
                    runs, lambda rest: all(boot == last_boot for boot, _ in rest)
                )
            lost += of_lane
            tally.taken_back += taken_back
            tally.forked += forked
            if of_lane or forked:
                self._complain(
                    system,
                    f"lane {number}: {of_lane} of {lane.acknowledged} lost"
                    f"{', forked' if forked else ''}: {lane.shown} then {runs}",
                )
            lane.settle(runs)
        tally.lost += lost
        tally.losing_cuts += lost > 0
