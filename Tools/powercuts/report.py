# SPDX-License-Identifier: Apache-2.0
"""The whole report: every part of it, two machines side by side."""

import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from . import document, faults, figures, images, lazyfs, machine_facts
from .cuts import Campaign, Plan
from .judge import Tally
from .prefixes import TURNS, Recording
from .tables import is_ours, sums

FILE_SYSTEMS = ("ext4", "xfs", "btrfs")
KEPT = Path(__file__).resolve().parents[2] / "Docs/PowerCuts"


@dataclass
class Report:
    """How much is done of everything, and where its figures go."""

    programs: object
    run: Path
    say: callable
    seed: int = 1
    cuts: int = 1000
    writes: int = 1150
    deadline: float | None = None
    keep: Path | None = None

    def tasks(self):
        """Every part, the longest ones first."""
        for name in FILE_SYSTEMS:
            for half in (0, 1):
                yield lambda name=name, half=half: self.cut(name, self.cuts // 2, self.seed + half)
        yield lambda: self.cut("ext4-journal", self.cuts // 4, self.seed)
        for seed in range(len(TURNS)):
            for name in FILE_SYSTEMS:
                yield lambda name=name, seed=seed: self.record(name, seed)
        for name in FILE_SYSTEMS:
            yield lambda name=name: self.fail(name)
        yield self.drop

    def make(self, workers=2):
        """Does all parts. An error in one of them ends the others, too."""
        queue, errors = Queue(), []
        for task in self.tasks():
            queue.put(task)

        def work():
            while not errors:
                try:
                    queue.get_nowait()()
                except Empty:
                    return
                except Exception as error:
                    errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return self.write()

    def write(self):
        """The document, and its figures beside it. Returns what is wrong, in sentences."""
        document.write(self.run, machine_facts.facts(self.programs))
        shutil.rmtree(KEPT, ignore_errors=True)
        shutil.copytree(self.run, KEPT, ignore=shutil.ignore_patterns("*.new"))
        return verdict(figures.Figures(self.run))

    def cut(self, name, count, seed, with_bugs=True):
        plan = Plan(
            images.FILE_SYSTEMS[name], self.programs, count, seed, with_bugs,
            keep=self.keep, deadline=self.deadline,
        )  # fmt: skip

        def save(campaign):
            figures.save(self.run, f"cuts-{name}-{seed}", figures.of_cuts(campaign))

        with images.workshop() as directory:
            campaign = Campaign(plan, directory, self.say, save).run()
        self.say(f"{name}: {campaign.boots} boots, seed {seed}")
        return campaign

    def record(self, name, seed):
        if self.deadline and time.monotonic() > self.deadline:
            return None
        # Every image of a recording with the peers has seven stores.
        writes = self.writes * 2 // 5 if "rocksdb" in TURNS[seed % len(TURNS)] else self.writes
        with images.workshop() as directory:
            recording = Recording(
                images.FILE_SYSTEMS[name], self.programs, directory, seed, writes, self.say,
                self.deadline,
            )  # fmt: skip
            recording.run()
        figures.save(self.run, f"prefixes-{name}-{seed}", figures.of_prefixes(recording))
        self.say(f"{name}: {recording.images} images, seed {seed}")
        return recording

    def fail(self, name, trials=None):
        if self.deadline and time.monotonic() > self.deadline:
            return None
        trials = trials or {"always": 8, "once": 8, "full": 42}
        with images.workshop() as directory:
            done = faults.Faults(
                images.FILE_SYSTEMS[name], self.programs, directory, trials, self.seed, self.say
            ).run()
        figures.save(self.run, f"faults-{name}-{self.seed}", figures.of_faults(done))
        self.say(f"{name}: {sum(done.done.values())} trials with a failing or full disk")
        return done

    def drop(self):
        """The cuts of LazyFS, where its source can be fetched."""
        try:
            judge = lazyfs.run(self.programs.crashlab, self.seed, self.say)
        except (subprocess.CalledProcessError, OSError, SystemExit) as error:
            self.say(f"LazyFS is left out: {error}")
            return None
        figures.save(self.run, f"lazyfs-{self.seed}", figures.of_lazyfs(judge, self.seed))
        return judge


def verdict(results):
    """What must be mended, in sentences; nothing when everything is as it must be."""
    wrong = []
    for kind in ("cuts", "prefixes", "lazyfs"):
        tallies = results.tallies(kind)
        for file_system, of_system in tallies.items():
            for system, tally in of_system.items():
                if is_ours(system) and not tally.is_sound:
                    wrong.append(f"{system} on {file_system}, {kind}: {tally}")
    for must_lose in ("cairn/control", "bug/ack-before-sync"):
        found = sums(results.tallies("cuts"), lambda name, wanted=must_lose: name == wanted)
        is_there = found.risky_cuts or must_lose == "cairn/control"
        if is_there and (found.losing_cuts * 2 < found.risky_cuts or found.losing_cuts == 0):
            wrong.append(
                f"{must_lose} lost in {found.losing_cuts} of {found.risky_cuts} cuts: nothing was tested"
            )
    if results.sum("prefixes", "unmountable"):
        wrong.append("images of block logs could not be mounted")
    for part in results.of("cuts"):
        if part["stuck"]:
            wrong.append(f"machines on {part['file_system']} were stuck")
    for part in results.of("faults"):
        # Figures from before the plan was kept have none.
        if part["done"] != part.get("planned", part["done"]):
            wrong.append(f"the trials on {part['file_system']} ended early: {part['found'][-1:]}")
        for name, values in part["tallies"].items():
            tally = Tally(**values)
            # There a sync of a failing disk may return success: a raw file loses, too.
            if part["file_system"] == "btrfs":
                tally.lost = 0
            if "/raw-" not in name and not tally.is_sound:
                wrong.append(f"{name} on {part['file_system']}: {tally}")
    return wrong
