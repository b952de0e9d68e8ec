# SPDX-License-Identifier: Apache-2.0
"""The chart: a panel for each kind of work, a bar for each who did it, in light and in dark."""

from dataclasses import dataclass
from html import escape

from .statistics import median

NAMES = {
    "rocksdb": "RocksDB",
    "leveldb": "LevelDB",
    "lmdb": "LMDB",
    "sqlite-wal": "SQLite",
    "raw-floor": "raw floor",
    "raw-read+crc32c": "raw read + CRC",
    "loradb": "LoraDB",
    "ladybug": "LadybugDB",
    "graphqlite": "GraphQLite",
    "cairn-log": "the log alone",
    "cairn-container": "Cairn, one file",
    "cairn-encrypted": "Cairn, encrypted",
}
WIDTH, MARGIN, GAP = 880, 20, 30
PANEL_WIDTH = (WIDTH - 2 * MARGIN - GAP) // 2
LABEL_WIDTH, VALUE_WIDTH, ROW, TITLE = 112, 76, 22, 44
STYLE = """
.page{fill:#ffffff}text{fill:#1f2328}.title{font-weight:600}.note{font-size:11.5px;fill:#57606a}
.ours{fill:#2f6fb3}.tasks{fill:#1b4d84}.peer{fill:#a8b1bb}
.floor{fill:none;stroke:#57606a;stroke-dasharray:4 3}
.line{stroke:#57606a;stroke-width:1.2;stroke-dasharray:3 3}
@media (prefers-color-scheme: dark){.page{fill:#0d1117}text{fill:#e6edf3}
.note{fill:#9aa4af}.ours{fill:#5b9bdd}
.tasks{fill:#9cc7f5}.peer{fill:#5a646f}.floor{stroke:#9aa4af}.line{stroke:#9aa4af}}
"""


@dataclass
class Bar:
    label: str
    value: float
    kind: str  # "ours", "tasks", "peer" or "floor"
    text: str


@dataclass
class Panel:
    title: str
    note: str
    bars: list
    mark: float | None = None  # where a line stands that bars are compared with

    @property
    def height(self):
        return TITLE + ROW * len(self.bars)


def count(number):
    """A number in few digits: 12.3 k, 1.85 M."""
    for unit, size in ((" M", 1e6), (" k", 1e3)):
        if number >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


def bars(
    results,
    workload,
    callers=None,
    with_tasks=False,
    floor="raw-floor",
    floor_mode="threads",
    payload=128,
):
    """Bars of one workload: ours first, the peers from fast to slow, the floor last."""

    def value(peer, mode):
        wanted = {"workload": workload, "peer": peer, "sync_interval_ms": None}
        if payload is not None:
            wanted["payload"] = payload
        if callers is not None:
            wanted |= {"callers": callers, "mode": mode}
        return results.median("ops_per_s", **wanted)

    found = []
    for label, mode, kind in (("Cairn, tasks", "tasks", "tasks"), ("Cairn", "threads", "ours")):
        number = value("cairn", mode)
        if number and (mode == "threads" or with_tasks):
            found.append(Bar(label, number, kind, count(number)))
    if with_tasks:
        found = [
            Bar("Cairn, threads", b.value, b.kind, b.text) if b.kind == "ours" else b for b in found
        ]
    peers = [
        Bar(NAMES[peer], number, "peer", count(number))
        for peer in ("rocksdb", "leveldb", "lmdb", "sqlite-wal")
        if (number := value(peer, "threads"))
    ]
    found += sorted(peers, key=lambda bar: -bar.value)
    number = value(floor, floor_mode)
    if number:
        found.append(Bar(NAMES[floor], number, "floor", count(number)))
    return found


def lora_bars(results):
    """How ours compares with LoraDB; above 1 is better, for memory and bytes as well."""
    rows = [
        ("recovery", "ops_per_s", "recover-graph", False),
        ("ingest", "ops_per_s", "ingest-graph", False),
        ("snapshot save", "ops_per_s", "snapshot-save", False),
        ("snapshot load", "ops_per_s", "snapshot-load", False),
        ("snapshot bytes", "snapshot_bytes", "snapshot-save", True),
        ("memory", "resident_growth_bytes", "graph-memory", True),
    ]
    found = []
    for label, field, workload, is_smaller_better in rows:
        ratios = results.ratios(
            field,
            {"workload": workload, "peer": "cairn", "policy": None},
            [{"workload": workload, "peer": "loradb"}],
        )
        if ratios:
            ratio = 1 / median(ratios) if is_smaller_better else median(ratios)
            found.append(Bar(label, ratio, "ours", f"{ratio:.2f} ×"))
    return found


def panels(results):
    """All panels for which there are results."""
    everything = [
        Panel(
            "Durable commits, 1 caller",
            "commits a second, 128 bytes each",
            bars(results, "durable", 1),
        ),
        Panel(
            "Durable commits, 8 callers",
            "threads; for Cairn tasks that await, too",
            bars(results, "durable", 8, True),
        ),
        Panel(
            "Durable commits, 64 callers",
            "the floor is a group commit without waiting",
            bars(results, "durable", 64, True),
        ),
        *(
            Panel(
                f"{what}, 64 callers",
                "durable commits a second; the line around is the log alone, tasks",
                bars(results, workload, 64, True, "cairn-log", "tasks", payload=None),
            )
            for workload, what in (
                ("durable-state", "An event of a state"),
                ("graph-write", "A node of a graph"),
            )
        ),
        Panel(
            "Commits written to the system, 1 caller",
            "commits a second, without a sync",
            bars(results, "buffered", 1),
        ),
        Panel(
            "Replay of a log",
            "commits a second, checked and delivered",
            bars(results, "replay", floor="raw-read+crc32c"),
        ),
        Panel(
            "A graph beside LoraDB",
            "times as fast, as small; the line is LoraDB",
            lora_bars(results),
            1.0,
        ),
    ]
    return [panel for panel in everything if panel.bars]


def draw(panel, x, y):
    """The SVG of one panel."""
    room = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH
    highest = max([bar.value for bar in panel.bars] + [panel.mark or 0])
    out = [
        f'<text class="title" x="{x}" y="{y + 14}">{escape(panel.title)}</text>',
        f'<text class="note" x="{x}" y="{y + 31}">{escape(panel.note)}</text>',
    ]
    left = x + LABEL_WIDTH
    for index, bar in enumerate(panel.bars):
        top = y + TITLE + index * ROW
        width = max(1.0, bar.value / highest * room)
        out += [
            f'<text x="{left - 8}" y="{top + 12}" text-anchor="end">{escape(bar.label)}</text>',
            f'<rect class="{bar.kind}" x="{left}" y="{top}" width="{width:.1f}" height="15"/>',
            f'<text x="{left + width + 7:.1f}" y="{top + 12}">{escape(bar.text)}</text>',
        ]
    if panel.mark:
        at = left + panel.mark / highest * room
        end = y + TITLE + len(panel.bars) * ROW - 3
        out.append(f'<path class="line" d="M{at:.1f} {y + TITLE - 4}V{end}"/>')
    return out


def svg(results):
    """The whole chart."""
    everything = panels(results)
    out, y = [], MARGIN
    for start in range(0, len(everything), 2):
        row = everything[start : start + 2]
        for column, panel in enumerate(row):
            out += draw(panel, MARGIN + column * (PANEL_WIDTH + GAP), y)
        y += max(panel.height for panel in row) + 24
    described = "; ".join(
        f"{panel.title}: " + ", ".join(f"{bar.label} {bar.text}" for bar in panel.bars)
        for panel in everything
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" '
        'aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13">'
    )
    return "\n".join(
        [
            head,
            '<title id="t">Cairn beside its peers</title>',
            f'<desc id="d">{escape(described)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="page" x="0" y="0" width="{WIDTH}" height="{y}"/>',
            *out,
            "</svg>",
            "",
        ]
    )
