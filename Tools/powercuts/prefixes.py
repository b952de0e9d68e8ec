# SPDX-License-Identifier: Apache-2.0
"""Prefixes of block logs: one machine writes to stores on a disk whose writes are logged, another one makes every
image that the log allows and opens the stores on it."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from . import blocklog, images
from .cuts import GUEST, PEERS, STUCK_SECONDS, Programs
from .judge import Lane, Tally, parse_lanes
from .machine import Machine

# A recording has one or two stores, so that its images are of them and are opened quickly: by the seed.
TURNS = [
    ["single", "control"],
    ["rotation"],
    ["group"],
    ["checkpoint"],
    ["torn", "control"],
    ["graph"],
    ["single", *PEERS],
]
IMAGE_MEGABYTES = 320


@dataclass
class Recording:
    """One recording on one file system, and what its images have."""

    file_system: images.FileSystem
    programs: Programs
    directory: Path
    seed: int
    writes: int  # so many writes to the disk at least
    report: callable = print
    deadline: float | None = None
    images: int = 0
    selections: int = 0
    unmountable: int = 0
    found: list = field(default_factory=list)
    tallies: dict = field(default_factory=dict)

    def run(self):
        base, log = self.directory / "base.img", self.directory / "log.img"
        disk, rest = self.directory / "disk.img", self.directory / "rest.img"
        self.file_system.format(base, IMAGE_MEGABYTES)
        images.copy(base, disk)
        for path, megabytes in ((log, 4096), (rest, IMAGE_MEGABYTES)):
            with open(path, "wb") as file:
                file.truncate(megabytes << 20)
        self._record(disk, log)
        self._check(base, log, rest)
        for path in (base, log, disk, rest):
            path.unlink()
        return self

    def _settings(self, script):
        settings = {
            "POWER_SCRIPT": GUEST / script,
            "POWER_FS": self.file_system.kind,
            "POWER_OPTIONS": self.file_system.options,
            "POWER_CRASHLAB": self.programs.crashlab,
        }
        turn = TURNS[self.seed % len(TURNS)]
        peers = [name for name in turn if name in PEERS]
        settings["POWER_WORKLOADS"] = ",".join(name for name in turn if name not in PEERS)
        if peers:
            settings |= {"POWER_PEERS": self.programs.peers, "POWER_SYSTEMS": ",".join(peers)}
        return settings

    def _record(self, disk, log):
        machine = Machine(GUEST / "python", [disk, log], self._settings("record.py"))
        end = time.monotonic() + STUCK_SECONDS
        try:
            with open(log, "rb", buffering=0) as file:
                while self._write_count(file) < self.writes:
                    for line in machine.lines(time.monotonic() + 0.2):
                        if line.startswith("E"):
                            self._tell(f"while recording: {line}")
                    if time.monotonic() > end or machine.has_ended():
                        self._tell("recording stuck: " + machine.last_words())
                        break
        finally:
            machine.cut()

    @staticmethod
    def _write_count(file):
        """How many writes the log has so far."""
        if blocklog.read_entry_count(file) == 0:
            return 0
        return sum(isinstance(step, blocklog.Write) for step in blocklog.read_steps(file))

    def _check(self, base, log, rest):
        with open(log, "rb") as file:
            expected = list(blocklog.images(blocklog.read_steps(file), str(self.seed)))
        settings = self._settings("prefixes.py")
        settings |= {"POWER_SEED": self.seed, "POWER_FIRST": 0, "POWER_LAST": len(expected)}
        machine = Machine(GUEST / "python", [base, log, rest], settings, memory="512M")
        image, seen = None, set()
        try:
            while True:
                is_silent = True
                for line in machine.lines(time.monotonic() + STUCK_SECONDS):
                    is_silent = False
                    if line == "Z":
                        return
                    if line.startswith("P "):
                        self._require_all(image, seen)
                        image, seen = expected[int(line[2:])], set()
                        self.images += 1
                        self.selections += bool(image.chosen)
                    elif image:
                        self._read(line, image, seen)
                    if self.deadline and time.monotonic() > self.deadline:
                        return
                if is_silent or machine.has_ended():
                    self._tell("checking stuck: " + machine.last_words())
                    return
        finally:
            machine.cut()

    def _tally(self, system):
        return self.tallies.setdefault(system, Tally())

    def _read(self, line, image, seen):
        kind, _, rest = line.partition(" ")
        words = rest.split(" ")
        if kind == "X":
            self.unmountable += 1
            self._tell(f"image {image.name}: {rest}")
        elif kind == "S" and len(words) == 5:
            seen.add(words[0])
            self._judge(words[0], words[1], words[2], words[3], image)
        elif kind == "F":
            self._tally(words[0]).flawed += 1
            self._tell(f"image {image.name}: {line}")
        elif kind == "N" and words[0].startswith("cairn/"):
            self._tell(f"image {image.name}: {line}")
        elif kind == "V" and words[0].startswith("cairn/") and words[1] != "tornTail":
            if not words[1].startswith("tornTail:"):
                self._tell(f"image {image.name}: {line}")

    def _require_all(self, image, seen):
        """A store that was not even looked at has lost what was acknowledged."""
        if image and (missing := {system for system, _ in image.acknowledged} - seen):
            for system in missing:
                self._tally(system).lost += 1
                self._tell(f"image {image.name}: {system} was not checked")

    def _judge(self, system, verdict, outcome, text, image):
        tally = self._tally(system)
        tally.cuts += 1
        tally.torn += verdict == "tornTail"
        tally.unclean += verdict not in ("clean", "tornTail", "absent")
        wanted = {
            lane: entry for (name, lane), entry in image.acknowledged.items() if name == system
        }
        tally.risky_cuts += bool(wanted)
        tally.acknowledged = max(tally.acknowledged, sum(wanted.values()))
        if outcome != "open":
            tally.refused += 1
            return
        lost = 0
        found = parse_lanes(text)
        for number in sorted(wanted.keys() | found.keys()):
            lane = Lane(acknowledged=wanted.get(number, 0))
            of_lane, _, forked = lane.judge(
                found.get(number, []), lambda rest: all(boot == 1 for boot, _ in rest)
            )
            lost += of_lane
            tally.forked += forked
        tally.lost += lost
        tally.losing_cuts += lost > 0
        if lost and system.startswith("cairn/") and system != "cairn/control":
            self._tell(f"image {image.name}: {system} lost {lost} of {wanted}, has {text}")

    def _tell(self, text):
        self.found.append(f"{self.file_system.name} seed {self.seed}: {text}")
        self.report(self.found[-1])
