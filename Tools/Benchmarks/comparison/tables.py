# SPDX-License-Identifier: Apache-2.0
"""Tables in Markdown, and the one that all kinds of commits share."""

from .chart import NAMES
from .statistics import spread


def thousands(number):
    return f"{number:,.0f}"


def cell(number, pattern="{:,.0f}"):
    return "" if number is None else pattern.format(number)


def plus_minus(share):
    return "" if share is None else f"±{share * 50:.0f} %"


def table(head, rows, alignment=None):
    """A table in Markdown; all but the first column to the right unless told otherwise."""
    alignment = alignment or ["---"] + ["---:"] * (len(head) - 1)
    lines = [head, alignment, *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def commit_table(results, workload, callers):
    """All who did one kind of commits, fastest first."""
    rows, seen = [], []
    for line in results.select(workload=workload, callers=callers):
        key = (line["peer"], line["mode"], line.get("sync_interval_ms"))
        if key not in seen:
            seen.append(key)
    wanted = [
        {
            "workload": workload,
            "callers": callers,
            "peer": peer,
            "mode": mode,
            "sync_interval_ms": every,
        }
        for peer, mode, every in seen
    ]
    wanted.sort(key=lambda selection: -results.median("ops_per_s", **selection))
    for selection in wanted:
        name = NAMES.get(selection["peer"], "**Cairn**")
        if selection["peer"] in ("cairn", "cairn-log", "cairn-container", "cairn-encrypted") and callers > 1:
            name += f", {selection['mode']}"
        if results.select(**selection, is_durable=False):
            name += " (no durable commit: written, and synced every 50 ms)"
        if selection["sync_interval_ms"]:
            name += f", synced every {selection['sync_interval_ms']} ms"
        values = results.values("ops_per_s", **selection)
        rows.append(
            [
                name,
                thousands(results.median("ops_per_s", **selection)),
                plus_minus(spread(values)),
                *(
                    cell(results.median(field, **selection), "{:,.1f}")
                    for field in ("p50_us", "p99_us", "max_us", "commits_per_sync")
                ),
            ]
        )
    return table(["", "commits/s", "", "p50 µs", "p99 µs", "max µs", "commits per sync"], rows)
