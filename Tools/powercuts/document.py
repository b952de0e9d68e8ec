# SPDX-License-Identifier: Apache-2.0
"""Writes Docs/PowerCuts.md and its chart from the figures of a run."""

from pathlib import Path

from . import chart
from .faults import KINDS
from .figures import Figures
from .judge import Tally

ROOT = Path(__file__).resolve().parents[2]
HEAD = Path(__file__).resolve().parent / "head.md"
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


def cut_section(figures):
    tallies = figures.tallies("cuts")
    ours, control = sums(tallies, is_ours), sums(tallies, lambda name: name == "cairn/control")
    peers = sums(tallies, lambda name: "/" not in name)
    boots, during = figures.sum("cuts", "boots"), figures.sum("cuts", "during_recovery")
    return [
        "## Power cuts",
        "",
        f"{number(boots)} boots that ended in a cut, {number(during)} of them at a moment that was drawn between the "
        "mount and the end of the recovery. A cut counts for a system when its outcome was looked at in the next boot; "
        f"so Cairn's stores had {number(ours.cuts)}, and lost {number(ours.lost)} of {number(ours.acknowledged)} "
        f"acknowledged commits. The peers' stores had {number(peers.cuts)}. The control lost in "
        f"{number(control.losing_cuts)} of the {number(control.risky_cuts)} cuts that it had acknowledged something "
        "before.",
        "",
        "![What was acknowledged and lost](Images/powercuts.svg)",
        "",
        *table(CUT_HEAD, cut_rows(tallies)),
        "",
        "What each of them does:",
        "",
        *table(["System", "Between two cuts"], ([name_of(name), text] for name, text in ABOUT.items())),
        "",
        "### Old bugs in the same cuts",
        "",
        "One of them at a time is on in a store of its own. A cut is risky when something had been acknowledged since the "
        "last check. A bug that shows only where a disk keeps writes in another order shows in the prefixes and on the "
        "simulated disk ([Reliability](Reliability.md)), and hardly here.",
        "",
        *table(["Bug", "Cuts", "Risky", "Losing", "Entries lost", "Otherwise broken"], bug_rows(tallies)),
        "",
    ]


def prefix_section(figures):
    tallies = figures.tallies("prefixes")
    images, selections = figures.sum("prefixes", "images"), figures.sum("prefixes", "selections")
    head = [
        *("System", "File system", "Images", "with acknowledged commits", "Lost", "Losing images"),
        *("Forked or flawed", "Refused to open", "Torn ends, named", "Other verdicts"),
    ]
    return [
        "## Prefixes of the block log",
        "",
        f"{number(images)} images, each mounted and its stores opened: the disk after every single write that reached "
        f"it; {number(selections)} of them have a selection by chance of the writes between two flushes. "
        f"{number(figures.sum('prefixes', 'unmountable'))} could not be mounted. Commits are acknowledged by a mark in the "
        "log itself, so an image must have what was marked before its last write. Losses of the control and of SQLite "
        "with NORMAL are counted anew in every image.",
        "",
        *table(head, prefix_rows(tallies)),
        "",
    ]


def fault_section(figures):
    parts = figures.of("faults")
    reasons = {}
    for part in parts:
        for reason, count in part["reasons"].items():
            reasons[reason] = reasons.get(reason, 0) + count
    told = ", ".join(f"{reason} {number(count)}" for reason, count in sorted(reasons.items()))
    went_on = number(sum(part["went_on"] for part in parts))
    head = [
        *("The disk", "File system", "Trials", "in which all writers were told", "Acknowledged", "Lost"),
        *("Lost by four raw files", "Forked or flawed", "Refused afterwards", "Other verdicts"),
    ]
    return [
        "## A failing and a full disk",
        "",
        f"What writers were told: {told}. When the disk was well again, {went_on} stores were opened and took commits. "
        "Writers that were not told had no write within the time in which the disk failed, or it had room enough.",
        "",
        *table(head, fault_rows(figures)),
        "",
    ]


def lazyfs_section(figures):
    tallies = figures.tallies("lazyfs")
    head = ["System", "Cuts", "Risky", "Acknowledged", "Lost", "Forked or flawed", "Refused", "Other verdicts"]
    rows = [
        [
            name_of(system),
            number(tally.cuts),
            number(tally.risky_cuts),
            number(tally.acknowledged),
            cell(tally.lost, is_ours(system)),
            cell(tally.taken_back + tally.forked + tally.flawed, is_ours(system)),
            cell(tally.refused, is_ours(system)),
            cell(tally.unclean, is_ours(system)),
        ]
        for system, tally in sorted(tallies["LazyFS"].items(), key=lambda item: order(item[0]))
    ]
    return [
        "## LazyFS, an independent judge",
        "",
        "A file system of FUSE, made by others to lose what nobody synced: writers are killed at a random moment, and it "
        "drops every unsynced byte. Its metadata is not held back, so it takes less than a power cut does.",
        "",
        *table(head, rows),
        "",
    ]


def found_section(figures):
    found = [text for part in figures.parts for text in part.get("found", [])]
    lines = ["## Everything that was not clean", ""]
    if not found:
        return [*lines, "Nothing.", ""]
    shown = found[:60]
    lines += ["```text", *shown, "```", ""]
    if len(found) > len(shown):
        lines += [f"And {number(len(found) - len(shown))} more, in `PowerCuts/`.", ""]
    return lines


def write(run, facts):
    """Writes the document and the chart."""
    figures = Figures(run)
    lines = HEAD.read_text(encoding="utf-8").rstrip("\n").split("\n") + [""]
    lines += ["## The machine", "", *table(["", ""], facts.items()), ""]
    lines += cut_section(figures)
    if figures.of("prefixes"):
        lines += prefix_section(figures)
    if figures.of("faults"):
        lines += fault_section(figures)
    if figures.of("lazyfs"):
        lines += lazyfs_section(figures)
    lines += found_section(figures)
    text = "\n".join(lines).rstrip("\n") + "\n"
    (ROOT / "Docs/PowerCuts.md").write_text(text, encoding="utf-8")
    svg = chart.draw(figures.tallies("cuts"))
    (ROOT / "Docs/Images/powercuts.svg").write_text(svg, encoding="utf-8")
