# SPDX-License-Identifier: Apache-2.0
"""Writes Docs/PowerCuts.md and its chart from the figures of a run."""

from pathlib import Path

from . import chart
from .figures import Figures
from .tables import (
    ABOUT,
    CUT_HEAD,
    bug_rows,
    cell,
    cut_rows,
    fault_rows,
    is_ours,
    name_of,
    number,
    order,
    prefix_rows,
    sums,
    table,
)

ROOT = Path(__file__).resolve().parents[2]
HEAD = Path(__file__).resolve().parent / "head.md"


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
        *table(
            ["System", "Between two cuts"], ([name_of(name), text] for name, text in ABOUT.items())
        ),
        "",
        "### Old bugs in the same cuts",
        "",
        "One of them at a time is on in a store of its own. A cut is risky when something had been acknowledged since the "
        "last check. A bug that shows only where a disk keeps writes in another order shows in the prefixes and on the "
        "simulated disk ([Reliability](Reliability.md)), and hardly here.",
        "",
        *table(
            ["Bug", "Cuts", "Risky", "Losing", "Entries lost", "Otherwise broken"],
            bug_rows(tallies),
        ),
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
        *(
            "The disk",
            "File system",
            "Trials",
            "in which all writers were told",
            "Acknowledged",
            "Lost",
        ),
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
    head = [
        "System",
        "Cuts",
        "Risky",
        "Acknowledged",
        "Lost",
        "Forked or flawed",
        "Refused",
        "Other verdicts",
    ]
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
        "A file system of FUSE, made by others to lose what was not synced: writers are killed at a random moment, and it "
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
