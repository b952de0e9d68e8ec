# SPDX-License-Identifier: Apache-2.0
"""A disk that fails or is full, under stores that are written to: what was acknowledged stays, everybody who waits is
told, and when the disk is well again the store opens and goes on."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from . import images
from .cuts import GUEST, STUCK_SECONDS, Programs
from .judge import Judge, Tally
from .machine import Machine

WORKLOADS = ["single", "group", "rotation", "checkpoint", "torn", "graph"]
# After writes that failed, btrfs sometimes refuses to mount its device until the next boot.
BTRFS_IS_STUCK = "File exists"
BOOTS_MAX = 6
KINDS = {
    "always": "every write and flush fails, for good",
    "once": "every write and flush fails for up to 200 ms",
    "full": "full: from nothing left on, 16 KiB more in each trial",
}


@dataclass
class Faults:
    """Trials on one file system: how many of each kind."""

    file_system: images.FileSystem
    programs: Programs
    directory: Path
    trials: dict
    seed: int = 1
    report: callable = print
    done: dict = field(default_factory=dict)  # kind -> trials
    told: dict = field(
        default_factory=dict
    )  # kind -> trials in which every writer stopped with an error
    went_on: int = 0  # stores that took commits when the disk was well again
    reasons: dict = field(default_factory=dict)  # what writers were told -> how often
    found: list = field(default_factory=list)
    tallies: dict = field(default_factory=dict)  # kind/system -> Tally

    def run(self):
        for boot in range(BOOTS_MAX):
            if self.go_on(boot):
                break
        return self

    def go_on(self, boot):
        """Boots a machine with a fresh file system for the trials that are left.

        Returns whether there is nothing to go on with: all are done, or what ended them is no fault of the kernel.
        """
        image = self.directory / "faults.img"
        self.file_system.format(image)
        left = [
            f"{kind}:{self.done.get(kind, 0)}:{count}"
            for kind, count in self.trials.items()
            if self.done.get(kind, 0) < count
        ]
        settings = {
            "POWER_SCRIPT": GUEST / "faults.py",
            "POWER_FS": self.file_system.kind,
            "POWER_OPTIONS": self.file_system.options,
            "POWER_CRASHLAB": self.programs.crashlab,
            "POWER_WORKLOADS": ",".join(WORKLOADS),
            "POWER_TRIALS": ",".join(left),
            "POWER_SEED": self.seed + 1000 * boot,
        }
        if self.programs.peers:
            settings["POWER_PEERS"] = self.programs.peers
        machine = Machine(GUEST / "python", [image], settings, memory="512M")
        trial = Trial(self, "", "")
        try:
            while not trial.is_last:
                is_silent = True
                for line in machine.lines(time.monotonic() + STUCK_SECONDS):
                    is_silent = False
                    trial = trial.read(line)
                    if trial.is_last:
                        break
                if not trial.is_last and (is_silent or machine.has_ended()):
                    words = machine.last_words()
                    self.tell(f"stuck in trial {trial.name}: {words}")
                    return BTRFS_IS_STUCK not in words
        finally:
            machine.cut()
            image.unlink()
        return True

    def tell(self, text):
        self.found.append(f"{self.file_system.name} seed {self.seed}: {text}")
        self.report(self.found[-1])


class Trial:
    """The lines of one trial. Its first run may be refused and stop; of the others that is a finding."""

    def __init__(self, faults, number, kind):
        self.faults, self.kind = faults, kind
        self.name = f"{kind} {number}"
        self.phase, self.is_last = 1, False
        self.judge = Judge()
        self.going = set()
        self.was_told = False

    def read(self, line):
        kind, _, rest = line.partition(" ")
        words = rest.split(" ")
        if kind == "T":
            self._end()
            return Trial(self.faults, *words)
        if kind == "Z":
            self._end()
            self.is_last = True
        elif kind == "W":
            self.was_told = rest == "told"
        elif kind in ("H", "K") and not rest:
            self.phase += 1
        elif self.phase == 1:
            self._read_failing(line, kind, words)
        else:
            if kind == "A":
                self.going.add(words[0])
            if kind in "SFE" and words[0] not in self.judge.written:
                # Whatever was acknowledged must be there, also in a store that is not.
                self.judge.written[words[0]] = 1
            self.judge.read(line, self.phase)
        return self

    def _read_failing(self, line, kind, words):
        if kind == "A":
            self.judge.read(line, 1)
        elif kind in ("E", "N"):
            reason = next(
                (
                    sign
                    for sign in ("No space left", "Input/output error", "read-only")
                    if sign.lower() in line.lower()
                ),
                "another",
            )
            self.faults.reasons[reason] = self.faults.reasons.get(reason, 0) + 1
            if reason == "another":
                self.faults.tell(f"{self.name}: {line}")

    def _end(self):
        if not self.kind:
            return
        # Only now: a trial that ended early is made once more.
        for counts, more in ((self.faults.done, 1), (self.faults.told, self.was_told)):
            counts[self.kind] = counts.get(self.kind, 0) + more
        self.faults.went_on += len(self.going)
        for system, tally in self.judge.tallies.items():
            name = f"{self.kind}/{system}"
            self.faults.tallies.setdefault(name, Tally()).add(tally)
        for system, text in self.judge.new_complaints:
            if not (text.startswith("V:") and "tornTail" in text):
                self.faults.tell(f"{self.name}: {system}: {text}")
