# SPDX-License-Identifier: Apache-2.0
"""The chart: for each system the share of its risky cuts in which it lost acknowledged commits, on all file systems."""

from .judge import Tally

ROWS = [
    ("Cairn", lambda name: name.startswith("cairn/") and name != "cairn/control", "ours"),
    ("RocksDB", lambda name: name == "rocksdb", "peer"),
    ("LevelDB", lambda name: name == "leveldb", "peer"),
    ("LMDB", lambda name: name == "lmdb", "peer"),
    ("SQLite FULL", lambda name: name == "sqlite-full", "peer"),
    ("SQLite NORMAL", lambda name: name == "sqlite-normal", "peer"),
    ("LoraDB", lambda name: name == "loradb", "peer"),
    ("control", lambda name: name == "cairn/control", "control"),
]
WIDTH, LABEL, RIGHT, ROW, TOP = 800, 120, 340, 26, 56
STYLE = """
.page{fill:#ffffff}text{fill:#1f2328;font:13px system-ui,sans-serif}.title{font-weight:600}.note{font-size:11.5px;fill:#57606a}
.back{fill:#eaeef2}.ours{fill:#2f6fb3}.peer{fill:#a8b1bb}.control{fill:#b35900}
@media (prefers-color-scheme: dark){.page{fill:#0d1117}text{fill:#e6edf3}.note{fill:#9aa4af}.back{fill:#262c36}
.ours{fill:#5b9bdd}.peer{fill:#5a646f}.control{fill:#d9822b}}
"""


def draw(tallies):
    """The SVG, as text."""
    lines, y = [], TOP
    full = WIDTH - LABEL - RIGHT
    for label, belongs, kind in ROWS:
        total = Tally()
        for of_system in tallies.values():
            for name, tally in of_system.items():
                if belongs(name):
                    total.add(tally)
        if not total.cuts:
            continue
        share = total.losing_cuts / total.risky_cuts if total.risky_cuts else 0.0
        width = full * share
        text = f"{total.losing_cuts:,} of {total.risky_cuts:,} cuts; {total.lost:,} of {total.acknowledged:,} lost"
        lines += [
            f'<text x="{LABEL - 10}" y="{y + 14}" text-anchor="end">{label}</text>',
            f'<rect class="back" x="{LABEL}" y="{y}" width="{full}" height="18" rx="2"/>',
            f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{width:.1f}" height="18" rx="2"/>',
            f'<text class="note" x="{LABEL + full + 10}" y="{y + 13}">{text}</text>',
        ]
        y += ROW
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 8}" role="img">',
        "<title>Power cuts in which acknowledged commits were lost</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" x="0" y="0" width="{WIDTH}" height="{y + 8}"/>',
        f'<text class="title" x="{LABEL}" y="22">Power cuts in which acknowledged commits were lost</text>',
        f'<text class="note" x="{LABEL}" y="42">of those with something acknowledged since the last check; '
        "ext4, xfs and btrfs together</text>",
    ]
    return "\n".join([*head, *lines, "</svg>"]) + "\n"
