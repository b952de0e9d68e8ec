# SPDX-License-Identifier: Apache-2.0
"""Docs/Benchmarks.md: what was measured, how, and what was reached."""

from pathlib import Path

from . import composed, imported, questions, targets
from .chart import NAMES
from .statistics import spread
from .tables import cell, commit_table, plus_minus, table, thousands

# Above this share of other work a run does not count. The kernel's for a disk takes a few percent.
QUIET = 0.15


def part(name):
    """A text of the page that no result changes."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def target_table(results):
    rows = []
    for target in targets.evaluate(results):
        sign = "≤" if target.is_ceiling else "≥"
        unit = f" {target.unit}" if target.unit else ""
        limits = [
            f"{sign} {limit:g}{unit}" if limit is not None else ""
            for limit in (target.must, target.goal)
        ]
        reached = "" if target.value is None else f"**{target.value:.3g}{unit}**"
        rows.append(
            [
                target.work,
                target.against,
                *limits,
                reached,
                plus_minus(target.spread),
                target.verdict,
            ]
        )
    return table(
        ["Work", "against", "must", "goal", "reached", "", "verdict"],
        rows,
        ["---", "---", "---:", "---:", "---:", "---:", "---"],
    )


def calibration_table(results):
    rows = []
    names = {
        "overwrite-dsync": "written blocks overwritten, `RWF_DSYNC`",
        "overwrite-fdatasync": "written blocks overwritten, `fdatasync`",
        "append-fdatasync": "appended, `fdatasync`",
    }
    numbers = sorted({line["round"] for line in results.select(workload="calibrate")})
    for name, label in names.items():
        row = [label]
        for number in numbers:
            lines = results.select(workload="calibrate", peer=name, round=number)
            row.append(f"{lines[0]['p50_us']:,.0f} / {lines[0]['p99_us']:,.0f}" if lines else "")
        rows.append(row)
    places = ["before"] + [f"after round {number}" for number in numbers[1:]]
    return table(["4 KiB made durable, µs, p50 / p99", *places], rows)


def replay_table(results):
    rows = []
    for peer in ("cairn", "raw-read+crc32c", "rocksdb", "leveldb"):
        selection = {"workload": "replay", "peer": peer, "payload": 128}
        values = results.values("ops_per_s", **selection)
        if values:
            rows.append(
                [
                    NAMES.get(peer, "**Cairn**"),
                    thousands(results.median("ops_per_s", **selection)),
                    plus_minus(spread(values)),
                    cell(results.median("seconds", **selection), "{:.3f}"),
                ]
            )
    return table(
        ["1 M commits of 128 bytes" if is_full(results) else "", "commits/s", "", "s"], rows
    )


def is_full(results):
    return any(
        line["operations"] >= 1000000 for line in results.select(workload="replay", payload=128)
    )


def graph_table(results):
    rows = []
    fields = [
        ("ingest, nodes and relationships a second", "ingest-graph", "ops_per_s", "{:,.0f}", 1),
        ("— nodes a second", "ingest-graph", "nodes_per_s", "{:,.0f}", 1),
        ("— relationships a second", "ingest-graph", "relationships_per_s", "{:,.0f}", 1),
        ("bytes of the log, MB", "ingest-graph", "log_bytes", "{:,.1f}", 1e6),
        ("recovery from the log, s", "recover-graph", "seconds", "{:.3f}", 1),
        (
            "resident growth by recovery, MB",
            "recover-graph",
            "resident_growth_bytes",
            "{:,.1f}",
            1e6,
        ),
        ("snapshot, save, s", "snapshot-save", "seconds", "{:.3f}", 1),
        ("snapshot, load, s", "snapshot-load", "seconds", "{:.3f}", 1),
        ("snapshot, MB", "snapshot-save", "snapshot_bytes", "{:,.1f}", 1e6),
        (
            "resident growth by loading it, MB",
            "graph-memory",
            "resident_growth_bytes",
            "{:,.1f}",
            1e6,
        ),
        (
            "— for each node or relationship, bytes",
            "graph-memory",
            "bytes_per_entity",
            "{:,.0f}",
            1,
        ),
    ]
    for label, workload, field, pattern, scale in fields:
        ours = results.median(field, workload=workload, peer="cairn", policy=None)
        theirs = results.median(field, workload=workload, peer="loradb")
        if ours is None and theirs is None:
            continue
        ratio = f"{ours / theirs:.2f}" if ours and theirs else ""
        rows.append(
            [
                label,
                *(cell(None if n is None else n / scale, pattern) for n in (ours, theirs)),
                ratio,
            ]
        )
    durable = results.median("ops_per_s", workload="ingest-graph", policy="every commit")
    note = ""
    if durable:
        note = "\nWith a sync for each transaction of 1,000, Cairn takes in "
        note += f"{thousands(durable)} a second.\n"
    return table(["200 k nodes, 100 k relationships", "Cairn", "LoraDB", "ratio"], rows) + note


def latency_table(results):
    rows = []
    for policy, label in ((None, "written commits"), ("every commit", "durable commits")):
        lines = results.select(workload="checkpoint-stall", policy=policy)
        if lines:

            def of(field):
                return cell(
                    results.median(field, workload="checkpoint-stall", policy=policy), "{:,.0f}"
                )

            rows.append(
                [
                    f"checkpoint of {lines[0]['nodes']:,} nodes, {label}",
                    of("p50_us"),
                    of("p99_us"),
                    of("max_us"),
                    f"without one: max {of('quiet_max_us')}",
                ]
            )
    for callers in (1, 8):
        wanted = {"workload": "rotate", "callers": callers}
        if results.select(**wanted):

            def of(field):
                return cell(results.median(field, **wanted), "{:,.0f}")

            rows.append(
                [
                    f"rotations, segments of 256 KiB, {callers} caller{'s' if callers > 1 else ''}",
                    of("p50_us"),
                    of("p99_us"),
                    of("max_us"),
                    f"{of('rotations')} rotations; commits in one: p50 {of('rotation_p50_us')}",
                ]
            )
    return table(["µs", "p50", "p99", "max", ""], rows, ["---", "---:", "---:", "---:", "---"])


def part_table(results):
    rows = []
    for line in results.lines:
        if line["workload"] not in ("encode", "decode", "codable", "crc", "compress"):
            continue
        what = (
            f"{line['workload']}: {line['what']}"
            if line["what"] != line["workload"]
            else line["what"]
        )
        if line["workload"] == "crc":
            what = f"{line['what']}, {line['payload']:,} bytes"
        if "ratio" in line:
            what += f" (zlib level {line['level']}, {line['ratio']:.2f} : 1)"
        rows.append([what, f"{line['ns_per_op']:,.0f}", f"{line['mb_per_s']:,.0f}"])
    return table(["one thread", "ns each", "MB/s"], rows)


def document(results, context):
    """The whole page."""
    machine = [[name, value] for name, value in context["machine"].items()]
    versions = ", ".join(f"{NAMES.get(n, n)} {v}" for n, v in context["versions"].items())
    disturbed = load_line(context) if context["disturbance"] > QUIET else ""
    parts = [
        part("head.md").format(rounds=rounds(context["rounds"]), seconds=f"{context['seconds']:g}"),
        disturbed,
        "## Targets\n",
        target_table(results),
        f"The targets are ratios, so that they hold on other machines. {versions_line(versions)}\n",
        context["notes"],
        "## The disk\n",
        calibration_table(results),
        load_line(context),
        "## Durable commits, 128 bytes\n",
    ]
    for callers in (1, 8, 64):
        parts += [
            f"### {callers} caller{'s' if callers > 1 else ''}\n",
            commit_table(results, "durable", callers),
        ]
    parts.append("## Commits written to the system, 128 bytes\n")
    for callers in (1, 8):
        parts += [
            f"### {callers} caller{'s' if callers > 1 else ''}\n",
            commit_table(results, "buffered", callers),
        ]
    parts += [
        "## Replay\n",
        replay_table(results),
        "## A graph beside LoraDB\n",
        graph_table(results),
        *composed.sections(results),
        *imported.sections(results),
        *questions.sections(results),
        "## Latencies\n",
        latency_table(results),
        "## Parts\n",
        part_table(results),
        "## Machine and settings\n",
        table(["", ""], machine, ["---", "---"]),
        part("settings.md"),
        "## Do it yourself\n",
        "```sh\nTools/Benchmarks/compare            # about twenty minutes; writes this page\n"
        "Tools/Benchmarks/compare --quick    # less than 90 seconds; prints only\n"
        "cd Tools/Benchmarks && swift run -c release cairn-bench --help\n```\n",
        "Every single result is in [results.jsonl](Benchmarks/results.jsonl).\n",
    ]
    return "\n".join(text for text in parts if text)


def rounds(number):
    return "1 round" if number == 1 else f"{number} rounds"


def versions_line(versions):
    return f"Peers: {versions}." if versions else ""


def load_line(context):
    share = context["disturbance"]
    text = f"Other work took {share * 100:.0f} % of the processors meanwhile, the kernel's for us "
    text += "included."
    if share > QUIET:
        text += (
            " **The machine was not quiet: numbers and ratios of this page are worth little, and it"
            " is to be measured again.**"
        )
    return text + "\n"


def print_targets(results, only_measured=False):
    """The targets for a terminal."""
    for target in targets.evaluate(results):
        if only_measured and target.value is None:
            continue
        reached = "-" if target.value is None else f"{target.value:.3g} {target.unit}".strip()
        sign = "<=" if target.is_ceiling else ">="
        limits = ", ".join(
            f"{name} {sign} {limit:g}"
            for name, limit in (("must", target.must), ("goal", target.goal))
            if limit is not None
        )
        work = f"{target.work} / {target.against}" if target.against else target.work
        verdict = target.verdict.replace("**", "")
        print(f"{work:<62} {reached:>10}  {limits:<26} {verdict}")
