# SPDX-License-Identifier: Apache-2.0
"""The packages of Debian as a graph beside LoraDB: memory, snapshots as they are and compressed, opening from the log."""

from .questions import DATA
from .runs import Group, cairn, lora
from .tables import cell, table

MEASURED = (
    ("resident growth, MB", "memory", "bytes", "{:,.1f}", 1e6),
    ("recovery from the log, s", "recovery", "seconds", "{:.3f}", 1),
    ("snapshot, save, s", "save", "seconds", "{:.3f}", 1),
    ("snapshot, load, s", "load", "seconds", "{:.3f}", 1),
    ("snapshot, MB", "save", "bytes", "{:,.1f}", 1e6),
    ("compressed: save, s", "save, compressed", "seconds", "{:.3f}", 1),
    ("compressed: load, s", "load, compressed", "seconds", "{:.3f}", 1),
    ("compressed: MB", "save, compressed", "bytes", "{:,.1f}", 1e6),
)


def groups(directory, seconds, rounds):
    data = ("--data", str(directory / DATA), "--seconds", str(seconds))
    runs = tuple(
        side("imported-graph", *data, *flags)
        for flags in ((), ("--compress",))
        for side in (cairn, lora)
    )
    return [Group("imported graph", runs, rounds)]


def sections(results):
    """The table of the page; nothing without results."""
    if not results.select(workload="imported-graph"):
        return []
    rows = []
    for label, what, field, pattern, scale in MEASURED:
        selection = {"workload": "imported-graph", "what": what}
        pair = [results.median(field, peer=peer, **selection) for peer in ("cairn", "loradb")]
        ratio = f"{pair[0] / pair[1]:.2f}" if all(pair) else ""
        rows.append(
            [label, *(cell(None if n is None else n / scale, pattern) for n in pair), ratio]
        )
    note = (
        "63,681 packages and what they depend on; the log is written in transactions of some thousand entities. Compressed is "
        "zlib's fastest level for each chunk here, gzip there.\n"
    )
    return [
        "## The packages of Debian beside LoraDB\n",
        table(["", "Cairn", "LoraDB", "ratio"], rows),
        note,
    ]
