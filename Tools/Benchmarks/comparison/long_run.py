# SPDX-License-Identifier: Apache-2.0
"""Docs/LongRun.md and its picture, from the lines of `cairn-bench --workload long-run --json`."""

import json
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "Docs"
WIDTH, LEFT, RIGHT, HEIGHT, GAP, TOP = 800, 70, 30, 110, 54, 60
STYLE = """
.page{fill:#ffffff}text{fill:#1f2328;font:12px system-ui,sans-serif}.title{font:600 14px system-ui,sans-serif}
.note{font-size:11.5px;fill:#57606a}.axis{stroke:#d0d7de;fill:none}.line{stroke:#2f6fb3;fill:none;stroke-width:1.5}
.second{stroke:#b35900;fill:none;stroke-width:1.2}.dot{fill:#2f6fb3}
@media (prefers-color-scheme: dark){.page{fill:#0d1117}text{fill:#e6edf3}.note{fill:#9aa4af}.axis{stroke:#30363d}
.line{stroke:#5b9bdd}.second{stroke:#d9822b}.dot{fill:#5b9bdd}}
"""


def read(path):
    """The seconds, and the whole."""
    lines = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    seconds = [line for line in lines if line["workload"] == "long-run-second"]
    whole = next(line for line in lines if line["workload"] == "long-run")
    if len(seconds) < 2:
        sys.exit("too short: nothing to draw")
    return seconds, whole


def nice(value):
    """A round number, not below the value."""
    step = 1.0
    while step < value:
        step *= 10
    while step / 10 >= value:
        step /= 10
    return next(step * part for part in (0.1, 0.2, 0.25, 0.4, 0.5, 0.8, 1) if step * part >= value)


class Panel:
    """One of the diagrams, below the others."""

    def __init__(self, number, title, top, end):
        self.y = TOP + number * (HEIGHT + GAP)
        self.title, self.top, self.end = title, nice(top), end

    def x_of(self, second):
        return LEFT + (WIDTH - LEFT - RIGHT) * second / self.end

    def y_of(self, value):
        return self.y + HEIGHT - HEIGHT * min(value, self.top) / self.top

    def frame(self):
        bottom, right = self.y + HEIGHT, WIDTH - RIGHT
        return [
            f'<text x="{LEFT}" y="{self.y - 10}">{self.title}</text>',
            f'<path class="axis" d="M{LEFT} {self.y}V{bottom}H{right}"/>',
            f'<text class="note" x="{LEFT - 8}" y="{self.y + 9}" text-anchor="end">{self.top:g}</text>',
            f'<text class="note" x="{LEFT - 8}" y="{bottom}" text-anchor="end">0</text>',
            f'<text class="note" x="{right}" y="{bottom + 16}" text-anchor="end">{self.end:.0f} s</text>',
        ]

    def line(self, points, kind="line"):
        path = " ".join(f"{self.x_of(x):.1f},{self.y_of(y):.1f}" for x, y in points)
        return [f'<polyline class="{kind}" points="{path}"/>']

    def dots(self, points):
        return [f'<circle class="dot" cx="{self.x_of(x):.1f}" cy="{self.y_of(y):.1f}" r="3"/>' for x, y in points]


def draw(seconds, whole):
    end = seconds[-1]["second"]
    def series(name, scale=1.0):
        return [(line["second"], line[name] * scale) for line in seconds if name in line]
    disk, log = series("disk_mb"), series("log_mb")
    opened, stalls = series("open_s"), series("undisturbed_max_us", 0.001)
    panels = [
        Panel(0, "on disk, in MB: the store, and (orange) its log", max(y for _, y in disk), end),
        Panel(1, "opening it beside the writer, in seconds", max([y for _, y in opened] or [1]), end),
        Panel(2, "longest write in each second, in ms, while the processor was not taken away",
              max(max(y for _, y in stalls), 1), end),
    ]
    body = [part for panel in panels for part in panel.frame()]
    body += panels[0].line(disk) + panels[0].line(log, "second") + panels[1].dots(opened) + panels[2].line(stalls)
    height = TOP + len(panels) * (HEIGHT + GAP)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>A writer that never pauses, with automatic checkpoints</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" x="0" y="0" width="{WIDTH}" height="{height}"/>',
        f'<text class="title" x="{LEFT}" y="24">A writer that never pauses: {whole["operations"]:,} commits, '
        f'{whole["checkpoints"]} checkpoints by themselves</text>',
    ]
    return "\n".join([*head, *body, "</svg>"]) + "\n"


def page(seconds, whole):
    half = len(seconds) // 2
    def most(name, part):
        return max((line[name] for line in part if name in line), default=0)
    rows = [
        ("on disk, MB", most("disk_mb", seconds[:half]), most("disk_mb", seconds[half:])),
        ("of it the log, MB", most("log_mb", seconds[:half]), most("log_mb", seconds[half:])),
        ("opening it, s", most("open_s", seconds[:half]), most("open_s", seconds[half:])),
        ("longest write while the processor was not taken away, ms",
         most("undisturbed_max_us", seconds[:half]) / 1000, most("undisturbed_max_us", seconds[half:]) / 1000),
        ("longest write, ms", most("max_us", seconds[:half]) / 1000, most("max_us", seconds[half:]) / 1000),
    ]
    table = "\n".join(f"| {name} | {first:.1f} | {second:.1f} |" for name, first, second in rows)
    return f"""\
# A writer that never pauses

One thread sets one property after the other in a graph of {whole["nodes"]:,} nodes, for {seconds[-1]["second"]:.0f} seconds without a
pause. The database makes its checkpoints by itself, with the defaults (when the log since the last snapshot is longer than
64 MiB and than a quarter of that snapshot); the log is synced every 10 ms. The store must not grow with the time, an
opening must not take longer and longer, and the writer must not wait for a checkpoint.

![On disk, opening, longest writes](Images/long-run.svg)

{whole["operations"]:,} commits ({whole["ops_per_s"]:,.0f} a second), {whole["checkpoints"]} checkpoints.

| The most in | the first half | the second half |
| --- | --- | --- |
{table}

The processor time of the dearest single write was {whole["processor_max_us"] / 1000:.1f} ms. Before, without any checkpoint, the same
writer had a longest write of {whole["quiet_max_us"] / 1000:.1f} ms, of {whole["quiet_undisturbed_max_us"] / 1000:.1f} ms while the processor was not taken away,
and of {whole["quiet_processor_max_us"] / 1000:.1f} ms of processor time. What a write waits beyond that is the machine's: two processors are shared by
the writer, the checkpoint, the readers that open the store every 20 seconds, and whatever else runs.

`Tools/Benchmarks/long-run` runs it again and writes this page.
"""


def main():
    seconds, whole = read(sys.argv[1])
    (DOCS / "Images/long-run.svg").write_text(draw(seconds, whole), encoding="utf-8")
    (DOCS / "LongRun.md").write_text(page(seconds, whole), encoding="utf-8")
    print("Docs/LongRun.md, Docs/Images/long-run.svg")


if __name__ == "__main__":
    main()
