# SPDX-License-Identifier: Apache-2.0
"""What is measured, in which order, and by which commands."""

import json
import subprocess
import sys
import tempfile
import time

from . import composed
from .runs import Group, Run, cairn, lora, peer

STORES = ("rocksdb", "leveldb", "lmdb", "sqlite")


def groups(quick, seconds, rounds):
    """Everything there is to measure."""
    time_arguments = ("--seconds", seconds)
    graph_size = ("--nodes", 40000, "--relationships", 20000) if quick else ()
    graph_arguments = (*time_arguments, *graph_size)
    result = [
        durable(1, False, time_arguments, rounds),
        durable(8, True, time_arguments, rounds),
        durable(64, True, time_arguments, rounds),
        Group(
            "written, 1 caller",
            (
                cairn("buffered", *time_arguments),
                *(peer(name, "buffered", *time_arguments) for name in ("raw", *STORES)),
                cairn("buffered", "--sync-interval", 10, *time_arguments),
            ),
            rounds,
        ),
        Group(
            "written, 8 callers",
            (
                cairn("buffered", "--callers", 8, *time_arguments),
                cairn("buffered", "--callers", 8, "--tasks", *time_arguments),
                *(peer(name, "buffered", "--callers", 8, *time_arguments) for name in STORES),
            ),
            rounds,
        ),
    ]
    commits = ("--commits", 100000 if quick else 1000000)
    result.append(
        Group(
            "replay",
            (
                cairn("replay", *commits, *time_arguments),
                *(
                    peer(name, "replay", *commits, *time_arguments)
                    for name in ("raw", "rocksdb", "leveldb")
                ),
            ),
            rounds,
        )
    )
    result.append(
        Group(
            "replay of 2 GB",
            (
                cairn(
                    "replay",
                    "--megabytes",
                    64 if quick else 2048,
                    "--payload",
                    4096,
                    "--seconds",
                    0.1,
                ),
            ),
            1,
        )
    )
    result += [
        Group(
            "ingest-graph",
            (
                cairn("ingest-graph", "--sync-interval", 50, *graph_arguments),
                lora("ingest-graph", *graph_arguments),
                cairn("ingest-graph", *graph_arguments, policy="every commit"),
            ),
            rounds,
        ),
        *(
            Group(
                workload,
                (
                    cairn(workload, *graph_arguments),
                    *(
                        (cairn(workload, "--container", *graph_arguments),)
                        if workload == "recover-graph"
                        else ()
                    ),
                    lora(workload, *graph_arguments),
                ),
                rounds,
            )
            for workload in ("recover-graph", "snapshot", "graph-memory")
        ),
        *composed.groups(quick, time_arguments, rounds),
    ]
    stall_size = ("--nodes", 100000) if quick else ()
    result += [
        Group(
            "checkpoint-stall",
            (
                cairn("checkpoint-stall", *time_arguments, *stall_size),
                cairn(
                    "checkpoint-stall",
                    "--sync",
                    "every-commit",
                    *time_arguments,
                    *stall_size,
                    policy="every commit",
                ),
            ),
            1 if quick else 2,
        ),
        Group(
            "rotate",
            (cairn("rotate", *time_arguments), cairn("rotate", "--callers", 8, *time_arguments)),
            rounds,
        ),
        Group(
            "parts",
            tuple(
                cairn(workload, "--seconds", seconds / 2)
                for workload in ("encode", "decode", "codable", "crc", "compress")
            ),
            1,
        ),
    ]
    return result


def durable(callers, has_tasks, time_arguments, rounds):
    arguments = ("--callers", callers, *time_arguments)
    tasks = (cairn("durable", "--tasks", *arguments),) if has_tasks else ()
    return Group(
        f"durable, {callers} callers" if callers > 1 else "durable, 1 caller",
        (
            cairn("durable", *arguments),
            *tasks,
            *(peer(name, "durable", *arguments) for name in ("raw", *STORES)),
        ),
        rounds,
    )


def calibration(seconds):
    return Run("peers", ("--workload", "calibrate", "--seconds", str(seconds)))


class Runner:
    """Runs commands and keeps what they print."""

    def __init__(self, directory, verbose=True):
        self.directory = directory
        self.verbose = verbose
        self.lines = []
        self.failures = []

    def run(self, run, number, **marks):
        start = time.monotonic()
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                run.command(self.directory), stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
            )
            try:
                output, _ = process.communicate(timeout=run.seconds_max)
            except subprocess.TimeoutExpired:
                process.kill()
                output, _ = process.communicate()
                print(f"  ended after {run.seconds_max:.0f} s: {run.shown}", flush=True)
                # A line that it had not finished is none.
                output = output[: output.rfind("\n") + 1]
            else:
                if process.returncode != 0:
                    errors.seek(0)
                    lines = errors.read().decode("utf-8", "replace").strip().splitlines()
                    self.failures.append(f"{run.shown}: {(lines or ['it says nothing'])[-1]}")
                    print(f"FAILED {self.failures[-1]}", file=sys.stderr)
                    return
        for text in output.splitlines():
            line = json.loads(text) | {"round": number} | dict(run.marks) | marks
            self.lines.append(line)
            if self.verbose:
                print(f"  {summary(line)}  [{time.monotonic() - start:.1f} s]", flush=True)

    def run_all(self, plan, calibrate_seconds):
        """Runs all rounds of all groups; the disk is measured before, between and after.

        Groups take turns, so that a slow minute of the machine does not hit all rounds of one.
        """
        rounds = max(group.rounds for group in plan)
        for number in range(rounds):
            self.run(calibration(calibrate_seconds), number)
            for group in plan:
                if number >= group.rounds:
                    continue
                print(f"round {number + 1} of {group.rounds}: {group.name}", flush=True)
                shift = number % len(group.runs)
                for run in group.runs[shift:] + group.runs[:shift]:
                    self.run(run, number)
        self.run(calibration(calibrate_seconds), rounds)


def summary(line):
    """A line as a person reads it."""
    words = [line["workload"], line["peer"]]
    if "callers" in line:
        words.append(f"{line['callers']} {line.get('mode', '')}")
    if "what" in line:
        words.append(line["what"])
    words.append(f"{line['ops_per_s']:,.0f}/s")
    if "p50_us" in line:
        words.append(f"p50 {line['p50_us']:,.0f} µs, p99 {line['p99_us']:,.0f} µs")
    return "  ".join(words)
