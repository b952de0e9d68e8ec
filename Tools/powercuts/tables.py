# SPDX-License-Identifier: Apache-2.0
"""The rows of the tables of Docs/PowerCuts.md."""

from .faults import KINDS
from .judge import Tally

# What a system is, for those whose name does not say it.
ABOUT = {
    "cairn/single": "one caller, the defaults",
    "cairn/group": "16 callers that share syncs",
    "cairn/rotation": "small segments, prepared and recycled, checkpoints",
    "cairn/checkpoint": "a checkpoint with truncation every 15 commits, closed and opened in between",
    "cairn/torn": "synced 8 commits at a time, written back anywhere in between: torn ends",
    "cairn/graph": "a graph and its snapshots",
    "cairn/archive": "backups every 40 commits, all checked, the newest restored",
    "rocksdb": "`sync`",
    "leveldb": "`sync`, paranoid",
    "lmdb": "the defaults",
    "sqlite-full": "WAL, `synchronous=FULL`",
    "sqlite-normal": "WAL, `synchronous=NORMAL`: may lose, as its documentation says",
    "loradb": "its one policy: synced every 50 ms, acknowledged before",
    "cairn/control": "acknowledges before it syncs: must lose",
}
NAMES = {
    "rocksdb": "RocksDB",
    "leveldb": "LevelDB",
    "lmdb": "LMDB",
    "sqlite-full": "SQLite FULL",
    "sqlite-normal": "SQLite NORMAL",
    "loradb": "LoraDB",
    "cairn/control": "**control**",
}


def name_of(system):
    if system.startswith("cairn/") and system != "cairn/control":
        return f"Cairn, {system[6:]}"
    if system.startswith("bug/"):
        return f"old bug `{system[4:]}`"
    return NAMES.get(system, system)


def number(value):
    return f"{value:,}"


def cell(value, is_bad=False):
    return f"**{number(value)}**" if value and is_bad else number(value)


def row(words):
    return "| " + " | ".join(str(word) for word in words) + " |"


def table(head, rows):
    return [row(head), row("---" for _ in head), *map(row, rows)]


def order(system):
    known = list(ABOUT)
    return (known.index(system) if system in known else len(known), system)


def is_reported(system):
    return not system.startswith("bug/")


def cut_rows(tallies):
    """A row for each system on each file system."""
    for file_system in ("ext4", "ext4-journal", "xfs", "btrfs"):
        for system in sorted(filter(is_reported, tallies.get(file_system, ())), key=order):
            tally = tallies[file_system][system]
            is_bad = system.startswith("cairn/") and system != "cairn/control"
            yield [
                name_of(system),
                file_system,
                number(tally.cuts),
                number(tally.acknowledged),
                cell(tally.lost, is_bad),
                cell(tally.taken_back + tally.forked + tally.flawed, is_bad),
                cell(tally.refused, is_bad),
                number(tally.torn),
                cell(tally.unclean, is_bad),
            ]


CUT_HEAD = [
    "System",
    "File system",
    "Cuts",
    "Acknowledged",
    "Lost",
    "Forked or flawed",
    "Refused to open",
    "Torn ends, named",
    "Other verdicts",
]


def sums(tallies, systems):
    """One tally of several systems on all file systems."""
    total = Tally()
    for of_system in tallies.values():
        for system, tally in of_system.items():
            if systems(system):
                total.add(tally)
    return total


def is_ours(system):
    return system.startswith("cairn/") and system != "cairn/control"


def bug_rows(tallies):
    """Old bugs: in how many of the cuts in which there was something to lose they lost or broke something."""
    found = {}
    for of_system in tallies.values():
        for system, tally in of_system.items():
            if system.startswith("bug/") or system == "cairn/control":
                found.setdefault(system, Tally()).add(tally)
    for system, tally in sorted(found.items()):
        broken = tally.forked + tally.flawed + tally.refused + tally.unclean + tally.taken_back
        yield [
            name_of(system),
            number(tally.cuts),
            number(tally.risky_cuts),
            number(tally.losing_cuts),
            number(tally.lost),
            number(broken),
        ]


def prefix_rows(tallies):
    for file_system, of_system in tallies.items():
        for system in sorted(of_system, key=order):
            tally = of_system[system]
            is_bad = is_ours(system)
            yield [
                name_of(system),
                file_system,
                number(tally.cuts),
                number(tally.risky_cuts),
                cell(tally.lost, is_bad),
                number(tally.losing_cuts),
                cell(tally.forked + tally.flawed, is_bad),
                cell(tally.refused, is_bad),
                number(tally.torn),
                cell(tally.unclean, is_bad),
            ]


def fault_rows(figures):
    for part in figures.of("faults"):
        for kind, meaning in KINDS.items():
            if kind not in part["done"]:
                continue
            ours, raw = Tally(), Tally()
            for name, values in part["tallies"].items():
                if name.startswith(f"{kind}/"):
                    (raw if "/raw-" in name else ours).add(Tally(**values))
            yield [
                meaning,
                part["file_system"],
                number(part["done"][kind]),
                number(part["told"].get(kind, 0)),
                number(ours.acknowledged),
                cell(ours.lost, True),
                number(raw.lost),
                cell(ours.forked + ours.flawed, True),
                cell(ours.refused, True),
                cell(ours.unclean, True),
            ]
