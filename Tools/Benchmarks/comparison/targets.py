# SPDX-License-Identifier: Apache-2.0
"""What Cairn is to reach, and what it reached."""

from . import composed, questions
from .target import Target

PEERS = ["rocksdb", "leveldb", "lmdb", "sqlite-wal"]


def durable(callers, mode="threads", peer="cairn"):
    return {"workload": "durable", "callers": callers, "mode": mode, "peer": peer}


def evaluate(results):
    """All targets with what was reached."""
    return (
        commits(results)
        + replay(results)
        + graph(results)
        + latencies(results)
        + composed.targets(results)
        + questions.targets(results)
    )


def commits(results):
    def against_peers(callers, mode):
        return results.ratios(
            "ops_per_s", durable(callers, mode), [durable(callers, peer=peer) for peer in PEERS]
        )

    def written(peer):
        return {
            "workload": "buffered",
            "callers": 1,
            "mode": "threads",
            "peer": peer,
            "sync_interval_ms": None,
        }

    floor = results.ratios("ops_per_s", durable(1), [durable(1, peer="raw-floor")])
    targets = [
        Target("durable commits, 1 caller", "raw floor", "×", floor, 0.9, 1.0),
        Target("durable commits, 1 caller", "best peer", "×", against_peers(1, "threads"), 1.0),
    ]
    for callers in (8, 64):
        targets.append(
            Target(
                f"durable commits, {callers} threads",
                "best peer",
                "×",
                against_peers(callers, "threads"),
                1.0,
                1.5,
            )
        )
    for callers, must, goal in ((8, 2, 3), (64, 3, 6)):
        targets.append(
            Target(
                f"durable commits, {callers} tasks",
                f"best peer's {callers} threads",
                "×",
                against_peers(callers, "tasks"),
                must,
                goal,
            )
        )
    targets.append(
        Target(
            "commits for each sync, 64 tasks",
            "",
            "",
            results.values("commits_per_sync", **durable(64, "tasks")),
            40,
        )
    )
    floor = results.ratios("ops_per_s", written("cairn"), [written("raw-floor")])
    peers = results.ratios("ops_per_s", written("cairn"), [written(peer) for peer in PEERS])
    targets.append(
        Target("commits written to the system, 1 caller", "raw floor", "×", floor, 0.7, 0.85)
    )
    targets.append(
        Target("commits written to the system, 1 caller", "best peer", "×", peers, 1.3, 1.6)
    )
    return targets


def replay(results):
    def line(peer):
        return {"workload": "replay", "peer": peer, "payload": 128}

    targets = [
        Target(
            "replay of the log",
            peer,
            "×",
            results.ratios("ops_per_s", line("cairn"), [line(peer.lower())]),
            5,
        )
        for peer in ("RocksDB", "LevelDB")
    ]
    targets.append(
        Target(
            "replay of the log",
            "raw read and hardware CRC",
            "×",
            results.ratios("ops_per_s", line("cairn"), [line("raw-read+crc32c")]),
            None,
            0.5,
        )
    )
    memory = [
        size / 1e6 for size in results.values("peak_growth_bytes", workload="replay", payload=4096)
    ]
    targets.append(
        Target("memory to replay 2 GB, above the state", "", "MB", memory, 64, None, True)
    )
    return targets


def graph(results):
    def ratios(field, workload):
        return results.ratios(
            field,
            {"workload": workload, "peer": "cairn", "policy": None},
            [{"workload": workload, "peer": "loradb"}],
        )

    rows = [
        ("recovery from the log", "recover-graph", 3, 6),
        ("ingest, log on", "ingest-graph", 3, None),
        ("snapshot, save", "snapshot-save", 2, 5),
        ("snapshot, load", "snapshot-load", 3, 8),
    ]
    targets = [
        Target(f"graph: {work}", "LoraDB", "×", ratios("ops_per_s", workload), must, goal)
        for work, workload, must, goal in rows
    ]
    targets.append(
        Target(
            "graph: snapshot, bytes",
            "LoraDB",
            "×",
            ratios("snapshot_bytes", "snapshot-save"),
            0.4,
            0.2,
            True,
        )
    )
    targets.append(
        Target(
            "graph: resident memory",
            "LoraDB",
            "×",
            ratios("resident_growth_bytes", "graph-memory"),
            0.6,
            0.3,
            True,
        )
    )
    return targets


def latencies(results):
    stalls = [
        us / 1000 for us in results.values("max_us", workload="checkpoint-stall", policy=None)
    ]
    rotation = [
        line["p99_us"] / line["p50_us"] for line in results.select(workload="rotate", callers=1)
    ]
    targets = [
        Target("longest stall of a writer while a checkpoint runs", "", "ms", stalls, 10, 1, True),
        Target(
            "p99 of durable commits across rotations", "their p50", "×", rotation, 3, None, True
        ),
    ]
    quiet = {"workload": "buffered", "callers": 1, "mode": "threads", "peer": "cairn"}
    delayed = results.ratios(
        "p99_us", quiet | {"sync_interval_ms": 10}, [quiet | {"sync_interval_ms": None}]
    )
    targets.append(
        Target(
            "p99 of a written commit while syncs run", "without syncs", "×", delayed, 2, None, True
        )
    )
    return targets
