# SPDX-License-Identifier: Apache-2.0
"""The figures of a run: a directory with a JSON file for each part of it."""

import json
from pathlib import Path

from .judge import Tally


def save(directory, name, content):
    """Writes a part; a half-written one never stands under its name."""
    directory.mkdir(parents=True, exist_ok=True)
    new = directory / f"{name}.new"
    new.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.rename(directory / f"{name}.json")


def of_cuts(campaign):
    """What a campaign of power cuts has so far."""
    plan = campaign.plan
    return {
        "kind": "cuts",
        "file_system": plan.file_system.name,
        "seed": plan.seed,
        "boots": campaign.boots,
        "during_recovery": campaign.during_recovery,
        "stuck": campaign.stuck,
        "found": campaign.found,
        "tallies": {name: vars(tally) for name, tally in campaign.judge.tallies.items()},
    }


def of_prefixes(recording):
    """What a recording has so far."""
    return {
        "kind": "prefixes",
        "file_system": recording.file_system.name,
        "seed": recording.seed,
        "images": recording.images,
        "selections": recording.selections,
        "unmountable": recording.unmountable,
        "found": recording.found,
        "tallies": {name: vars(tally) for name, tally in recording.tallies.items()},
    }


def of_faults(faults):
    """What the trials on one file system gave."""
    return {
        "kind": "faults",
        "file_system": faults.file_system.name,
        "seed": faults.seed,
        "planned": faults.trials,
        "done": faults.done,
        "told": faults.told,
        "went_on": faults.went_on,
        "reasons": faults.reasons,
        "found": faults.found,
        "tallies": {name: vars(tally) for name, tally in faults.tallies.items()},
    }


def of_lazyfs(judge, seed):
    """What LazyFS dropped, and what was still there."""
    ours = [f"LazyFS: {system}: {text}" for system, text in judge.new_complaints]
    return {
        "kind": "lazyfs",
        "file_system": "LazyFS",
        "seed": seed,
        "found": [text for text in ours if "cairn/control" not in text and "tornTail" not in text],
        "tallies": {name: vars(tally) for name, tally in judge.tallies.items()},
    }


class Figures:
    """All parts of a run, added up."""

    def __init__(self, directory):
        self.parts = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(Path(directory).glob("*.json"))
        ]

    def of(self, kind):
        return [part for part in self.parts if part["kind"] == kind]

    def tallies(self, kind):
        """file system -> system -> Tally, over all seeds."""
        found = {}
        for part in self.of(kind):
            systems = found.setdefault(part["file_system"], {})
            for name, values in part["tallies"].items():
                systems.setdefault(name, Tally()).add(Tally(**values))
        return found

    def sum(self, kind, name):
        return sum(part.get(name, 0) for part in self.of(kind))
