# SPDX-License-Identifier: Apache-2.0
"""Power cuts: boot, check what the last cut left, write, and cut again at a random moment, on the same image."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import images
from .judge import Judge
from .machine import Machine

GUEST = Path(__file__).resolve().parent / "guest"
WORKLOADS = ["single", "group", "rotation", "checkpoint", "torn", "graph", "archive", "control"]
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
    """The cuts of one image: everything follows from the seed but what a machine is doing when it is cut."""

    file_system: images.FileSystem
    programs: Programs
    cuts: int
    seed: int
    with_bugs: bool = True
    keep: Path | None = None
    deadline: float | None = None  # in time.monotonic: no cut begins after it


@dataclass
class Moment:
    """When a cut comes: so long after everything was checked, or so long after the mount, whatever is going on."""

    seconds: float
    is_during_recovery: bool

    @classmethod
    def draw(cls, generator):
        if generator.random() < 0.2:
            return cls(generator.uniform(0.0, 0.6), True)
        return cls(generator.choice([0.05, 0.3, 0.8]) * generator.random() + 0.01, False)


@dataclass
class Campaign:
    """Runs a plan."""

    plan: Plan
    directory: Path
    report: callable = print
    judge: Judge = field(default_factory=Judge)
    during_recovery: int = 0
    stuck: int = 0

    def run(self):
        plan, image = self.plan, self.directory / f"{self.plan.file_system.name}.img"
        generator = random.Random(f"{plan.seed}/{plan.file_system.name}")
        renewal = generation = 0
        for cut in range(1, plan.cuts + 1):
            if plan.deadline and time.monotonic() > plan.deadline:
                break
            if cut > renewal:
                plan.file_system.format(image)
                self.judge.forget()
                renewal = cut + generator.randrange(8, 25)
                generation += 1
            # Every second image has a store with a bug on it, each time another one.
            bug = BUGS[generation // 2 % len(BUGS)] if generation % 2 == 0 else None
            if not self._boot(image, cut, bug if plan.with_bugs else None, generator):
                renewal = cut
        image.unlink(missing_ok=True)
        return self

    def _roles(self, cut, bug):
        """The processes of a boot; LoraDB's is the slowest to start, so it takes part in every fourth."""
        names = {"cairn"}
        if self.plan.programs.peers:
            names.add("peers")
        if bug:
            names.add("bug")
        if self.plan.programs.lora and cut % 4 == 1:
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
            "POWER_WORKLOADS": ",".join(WORKLOADS),
        }
        if "peers" in roles:
            settings |= {"POWER_PEERS": programs.peers, "POWER_SYSTEMS": ",".join(PEERS)}
        if bug:
            settings["POWER_BUG"] = bug
        if "lora" in roles:
            settings |= {"POWER_LORA": programs.lora, "POWER_LORA_SCRIPT": GUEST / "lora.py"}
        return settings

    def _boot(self, image, cut, bug, generator):
        """One boot and its cut; false when the image must not be used again."""
        before = self.directory / f"{image.name}.before"
        if self.plan.keep:
            images.copy(image, before)
        roles = self._roles(cut, bug)
        moment = Moment.draw(generator)
        self.judge.new_complaints.clear()
        machine = Machine(GUEST / "cut", [image], self._settings(cut, roles, bug))
        try:
            is_checked = self._wait(machine, cut, set(roles), moment)
        finally:
            for line in machine.cut():
                self.judge.read(line, cut)
        self.during_recovery += moment.is_during_recovery
        if not is_checked:
            self.stuck += 1
            self.report(f"{self._name(cut)}: stuck\n" + "\n".join(machine.output[-40:]))
        self._tell(cut, before)
        return is_checked and not any("refused" in text for _, text in self.judge.new_complaints)

    def _wait(self, machine, cut, missing, moment):
        """Until the moment of the cut; false when it never comes."""
        end = time.monotonic() + STUCK_SECONDS
        goes = False
        for line in machine.lines(end):
            self.judge.read(line, cut)
            if line.startswith("X"):
                return False
            missing -= {line[2:]} if line.startswith("C ") else set()
            goes = line.startswith("M ") if moment.is_during_recovery else not missing
            if goes:
                break
        if not goes:
            return False
        for line in machine.lines(time.monotonic() + moment.seconds):
            self.judge.read(line, cut)
        return not machine.has_ended()

    def _name(self, cut):
        return f"{self.plan.file_system.name} seed {self.plan.seed} cut {cut}"

    def _tell(self, cut, before):
        """Reports what concerns the store itself, and keeps the image that it was found on."""
        ours = [
            text
            for system, text in self.judge.new_complaints
            if system.startswith("cairn/") and system != "cairn/control"
        ]
        for text in ours:
            self.report(f"{self._name(cut)}: {text}")
        if ours and self.plan.keep:
            images.copy(before, self.plan.keep / f"{before.stem}-{self.plan.seed}-{cut}")
