# SPDX-License-Identifier: Apache-2.0
"""Repeats an operation for a time, as the other harnesses do, and prints what it took."""

import json
import math
import time

# The names of Sources/CairnBench/SmallData.swift.
PLAYERS = [f"player-{number:04d}" for number in range(1000)]


def at_share(durations, share):
    """The duration that a share of all does not exceed, in microseconds; they must be sorted."""
    rank = min(max(math.ceil(share * len(durations)), 1), len(durations))
    return durations[rank - 1] / 1000


def repeat(seconds, operation):
    """Calls `operation` with numbers from 0; what began in the window counts.

    Returns the durations in nanoseconds, sorted, and the seconds from the start of the window.
    """
    now = time.perf_counter_ns
    length = int(seconds * 1e9)
    opened = now()
    start, end = opened + min(length // 10, 500_000_000), opened + length
    durations = []
    number, before = 0, opened
    while True:
        operation(number)
        after = now()
        if before >= start:
            durations.append(after - before)
        if after >= end and durations:
            return sorted(durations), (after - start) / 1e9
        number, before = number + 1, after


def print_commits(workload, peer, seconds, operation, **more):
    """Measures one caller that commits without pause, and prints the result."""
    durations, elapsed = repeat(seconds, operation)
    row_size = 8 + len(PLAYERS[0])
    result = {
        "workload": workload,
        "peer": peer,
        "payload": row_size,
        "callers": 1,
        "mode": "threads",
        "ops_per_s": round(len(durations) / elapsed, 3),
        "mb_per_s": round(len(durations) * row_size / elapsed / 1e6, 3),
        "seconds": round(elapsed, 6),
        "operations": len(durations),
        "p50_us": at_share(durations, 0.5),
        "p99_us": at_share(durations, 0.99),
        "p999_us": at_share(durations, 0.999),
        "max_us": durations[-1] / 1000,
    }
    print(json.dumps(result | more, separators=(",", ":")), flush=True)
