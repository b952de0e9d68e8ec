# SPDX-License-Identifier: Apache-2.0
"""Power cuts: boot, check what the last cut left, write, and cut again at a random moment, on the same image."""

import math
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import images
from .judge import Judge
from .machine import Machine

GUEST = Path(__file__).resolve().parent / "guest"
WORKLOADS = ["single", "group", "rotation", "torn", "control"]  # in every boot
TURNS = ["checkpoint", "graph", "archive"]  # when the peers have a rest
PEERS = ["rocksdb", "leveldb", "lmdb", "sqlite-full", "sqlite-normal"]
BUGS = [
    "ack-before-sync",
    "syncCoversLater",
    "old-segment-not-synced",
    "new-segment-not-synced",
    "segment-entry-not-synced",
    "snapshot-not-synced",
    "snapshot-entry-not-synced",
    "truncatesOneTooMany",
    "repairInPlace",
    "torn-end-not-cut",
]
STUCK_SECONDS = 90


@dataclass
class Programs:
    """What runs in the machines."""

    crashlab: Path
    peers: Path | None = None
    lora: Path | None = None  # a Python that has it


@dataclass
class Plan:
    """The cuts of one file system. Everything follows from the seed but what a machine is doing when it is cut."""

    file_system: images.FileSystem
    programs: Programs
    checked_cuts: int  # so many cuts whose outcome was looked at
    seed: int
    with_bugs: bool = True
    keep: Path | None = None  # where images go that something was found on
    deadline: float | None = None  # in time.monotonic: no cut begins after it
    first_cut: int = 1
    last_cut: int | None = None

    def generator(self, *words):
        return random.Random("/".join(map(str, (self.seed, self.file_system.name, *words))))

    def image_of(self, cut):
        """The number of the image that a cut belongs to, and the first cut on it."""
        lengths = self.generator("images")
        number, first = 1, 1
        while (next_first := first + lengths.randrange(8, 25)) <= cut:
            number, first = number + 1, next_first
        return number, first


@dataclass
class Moment:
    """When a cut comes: some milliseconds after so many acknowledgements, or after the mount, whatever is going on."""

    acknowledgements: int
    seconds: float
    is_during_recovery: bool

    @classmethod
    def draw(cls, generator):
        if generator.random() < 0.15:
            return cls(0, generator.uniform(0.0, 0.8), True)
        return cls(int(math.exp(generator.uniform(3.3, 6.2))), generator.uniform(0.0, 0.03), False)


@dataclass
class Campaign:
    """Runs a plan."""

    plan: Plan
    directory: Path
    report: callable = print
    save: callable = lambda campaign: None
    judge: Judge = field(default_factory=Judge)
    boots: int = 0
    during_recovery: int = 0
    stuck: int = 0
    found: list = field(default_factory=list)

    def run(self):
        plan, image = self.plan, self.directory / f"{self.plan.file_system.name}.img"
        cut = plan.image_of(plan.first_cut)[1]
        is_usable = False
        while not self._is_done(cut):
            number, first = plan.image_of(cut)
            if cut == first or not is_usable:
                plan.file_system.format(image)
                self.judge.forget()
            # Every fourth image has a store with a bug on it, each time another one.
            bug = BUGS[number // 4 % len(BUGS)] if plan.with_bugs and number % 4 == 0 else None
            is_usable = self._boot(image, cut, bug)
            if self.boots % 20 == 0:
                self.save(self)
            cut += 1
        image.unlink(missing_ok=True)
        self.save(self)
        return self

    def _is_done(self, cut):
        plan = self.plan
        if plan.last_cut is not None:
            return cut > plan.last_cut
        is_late = plan.deadline is not None and time.monotonic() > plan.deadline
        return is_late or self.judge.tally("cairn/single").cuts >= plan.checked_cuts

    def _roles(self, cut, bug):
        """The processes of a boot. The peers take part in every third, and LoraDB, which starts slowest, in every
        twelfth."""
        names = {"cairn"}
        if self.plan.programs.peers and cut % 3 == 0:
            names.add("peers")
        if bug:
            names.add("bug")
        if self.plan.programs.lora and cut % 12 == 3:
            names.add("lora")
        return names

    def _settings(self, cut, roles, bug):
        programs = self.plan.programs
        settings = {
            "POWER_FS": self.plan.file_system.kind,
            "POWER_OPTIONS": self.plan.file_system.options,
            "POWER_BOOT": cut,
            "POWER_GATE": len(roles),
            "POWER_CRASHLAB": programs.crashlab,
            "POWER_WORKLOADS": ",".join(WORKLOADS if "peers" in roles else WORKLOADS + TURNS),
        }
        if "peers" in roles:
            settings |= {"POWER_PEERS": programs.peers, "POWER_SYSTEMS": ",".join(PEERS)}
        if bug:
            settings["POWER_BUG"] = bug
        if "lora" in roles:
            settings |= {"POWER_LORA": programs.lora, "POWER_LORA_SCRIPT": GUEST / "lora.py"}
        return settings

    def _boot(self, image, cut, bug):
        """One boot and its cut; false when the image must not be used again."""
        before = self.directory / f"{image.name}.before"
        if self.plan.keep:
            images.copy(image, before)
        roles = self._roles(cut, bug)
        moment = Moment.draw(self.plan.generator(cut))
        self.judge.new_complaints.clear()
        machine = Machine(GUEST / "cut", [image], self._settings(cut, roles, bug))
        try:
            is_checked = self._wait(machine, cut, set(roles), moment)
        finally:
            for line in machine.cut():
                self.judge.read(line, cut)
        self.boots += 1
        self.during_recovery += moment.is_during_recovery
        if not is_checked:
            self.stuck += 1
            self.found.append(f"{self._name(cut)}: stuck")
            self.report(f"{self._name(cut)}: stuck: {machine.last_words()}")
        self._tell(cut, before)
        return is_checked and not any("refused" in text for _, text in self.judge.new_complaints)

    def _wait(self, machine, cut, missing, moment):
        """Until the moment of the cut; false when it never comes."""
        end = time.monotonic() + STUCK_SECONDS
        goes, left = False, moment.acknowledgements
        for line in machine.lines(end):
            self.judge.read(line, cut)
            if line.startswith("X"):
                return False
            missing -= {line[2:]} if line.startswith("C ") else set()
            left -= line.startswith("A ")
            goes = line.startswith("M ") if moment.is_during_recovery else not missing and left <= 0
            if goes:
                break
        if not goes:
            return False
        for line in machine.lines(time.monotonic() + moment.seconds):
            self.judge.read(line, cut)
        return not machine.has_ended()

    def _name(self, cut):
        system = self.plan.file_system.name
        return f"Tools/powercut --cuts {system} --seed {self.plan.seed} --cut {cut}"

    @staticmethod
    def _is_news(system, text):
        """Whether a complaint is about the store itself; a torn end is what `torn` is there to leave."""
        is_expected = system == "cairn/torn" and text.startswith("V:") and "tornTail" in text
        return system.startswith("cairn/") and system != "cairn/control" and not is_expected

    def _tell(self, cut, before):
        """Reports what concerns the store itself, and keeps the image that it was found on."""
        ours = [text for system, text in self.judge.new_complaints if self._is_news(system, text)]
        for text in ours:
            self.found.append(f"{self._name(cut)}: {text}")
            self.report(f"{self._name(cut)}: {text}")
        if ours and self.plan.keep:
            images.copy(before, self.plan.keep / f"{before.stem}-{self.plan.seed}-{cut}")
