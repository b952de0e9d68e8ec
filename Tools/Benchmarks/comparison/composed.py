# SPDX-License-Identifier: Apache-2.0
"""The types above the log, `Durable` and `GraphDatabase`: their runs, targets and tables."""

from .chart import NAMES
from .runs import Group, cairn, ladybug, lora, peer
from .tables import cell, commit_table, table
from .target import Target

PEERS = ("rocksdb", "sqlite")
READS = ("node count", "property of a node")
WRITES = ("one node", "one property")
# Callers, their kind, and the policy when it is not every commit: there the disk does not hide the cost.
PUBLISHERS = ((1, "threads", None), (1, "threads", "written"), (64, "tasks", None))


def groups(quick, time_arguments, rounds):
    """What is measured of them."""
    large = ("--nodes", 100000) if quick else ()
    result = [
        commits(workload, callers, time_arguments, rounds)
        for workload in ("durable-state", "graph-write")
        for callers in (1, 8, 64)
    ]
    result += [
        Group(
            "read-beside-writer",
            (
                cairn("read-beside-writer", *time_arguments, *large),
                *(peer(name, "read-beside-writer", *time_arguments) for name in PEERS),
            ),
            rounds,
        ),
        Group(
            "commit-beside-reader",
            (cairn("commit-beside-reader", *time_arguments, *large),),
            rounds,
        ),
        Group(
            "publish-cost",
            (
                cairn("publish-cost", *time_arguments, *large),
                cairn("publish-cost", "--callers", 64, "--tasks", *time_arguments, *large),
                cairn(
                    "publish-cost", "--sync", "manual", *time_arguments, *large, policy="written"
                ),
            ),
            rounds,
        ),
    ]
    result.append(
        Group(
            "container-growth",
            (
                cairn(
                    "container-growth",
                    *time_arguments,
                    *(("--megabytes", 100) if quick else ()),
                ),
            ),
            rounds,
        )
    )
    blocks, megabytes = ("--payload", 16384), ("--megabytes", 64 if quick else 512)
    result.append(
        Group(
            "encrypted replay",
            (
                cairn("replay", "--encrypted", *blocks, *megabytes, *time_arguments),
                cairn("replay", *blocks, *megabytes, *time_arguments),
                cairn("cipher", *blocks, *time_arguments),
            ),
            rounds,
        )
    )
    return result


def commits(workload, callers, time_arguments, rounds):
    arguments = ("--callers", callers, *time_arguments)
    kinds = ((), ("--log-alone",), ("--container",), ("--encrypted",))
    ours = [cairn(workload, *more, *arguments) for more in kinds]
    if callers > 1:
        ours += [cairn(workload, *more, "--tasks", *arguments) for more in kinds]
    theirs = [peer(name, workload, *arguments) for name in PEERS]
    if workload == "graph-write" and callers == 1:
        theirs += [lora(workload, *time_arguments), ladybug(workload, *time_arguments)]
    suffix = f"{callers} callers" if callers > 1 else "1 caller"
    return Group(f"{workload}, {suffix}", (*ours, *theirs), rounds)


def line(workload, callers, mode="threads", peer_name="cairn"):
    return {"workload": workload, "callers": callers, "mode": mode, "peer": peer_name}


def described(callers, mode):
    return "1 caller" if callers == 1 else f"{callers} {mode}"


def targets(results):
    """What they are to reach."""
    return (
        commit_targets(results)
        + container_targets(results)
        + encryption_targets(results)
        + reader_targets(results)
        + publish_targets(results)
    )


def commit_targets(results):
    def against(workload, callers, mode, other_mode, other):
        return results.ratios(
            "ops_per_s",
            line(workload, callers, mode),
            [line(workload, callers, other_mode, other)],
        )

    limits = [
        ("durable-state", "an event", 1, "threads", 0.9),
        ("durable-state", "an event", 8, "threads", 0.7),
        ("durable-state", "an event", 8, "tasks", 0.6),
        ("durable-state", "an event", 64, "threads", 0.7),
        ("durable-state", "an event", 64, "tasks", 0.6),
        ("graph-write", "a node", 1, "threads", 0.85),
        ("graph-write", "a node", 64, "tasks", 0.4),
    ]
    rows = [
        Target(
            f"commits of {what}, {described(callers, mode)}",
            "the log's own, as many",
            "×",
            against(workload, callers, mode, mode, "cairn-log"),
            must,
        )
        for workload, what, callers, mode, must in limits
    ]
    rows += [
        Target(
            "commits of a node, 64 tasks",
            f"{NAMES[other]}'s 64 threads",
            "×",
            against("graph-write", 64, "tasks", "threads", other),
            must,
        )
        for other, must in (("sqlite-wal", 3), ("rocksdb", 1))
    ]
    return rows


def variant_targets(results, kind, sentence, compared, must):
    """Commits to another kind of store against the plain one."""
    return [
        Target(
            sentence.format(what=what, callers=described(callers, mode)),
            compared,
            "×",
            results.ratios(
                "ops_per_s", line(workload, callers, mode, kind), [line(workload, callers, mode)]
            ),
            must,
        )
        for workload, what in (("durable-state", "an event"), ("graph-write", "a node"))
        for callers, mode in ((1, "threads"), (8, "threads"), (64, "threads"), (64, "tasks"))
    ]


def container_targets(results):
    """One file against a directory."""
    opening = {"workload": "recover-graph"}
    growth = {"workload": "container-growth"}
    sentence = "commits of {what} to one file, {callers}"
    return variant_targets(results, "cairn-container", sentence, "to a directory", 0.87) + [
        Target(
            "opening a graph in one file",
            "in a directory",
            "×",
            results.ratios(
                "ops_per_s", opening | {"peer": "cairn-container"}, [opening | {"peer": "cairn"}]
            ),
            0.9,
        ),
        Target(
            "time of a commit to one file of 1 GB",
            "to one of 10 MB",
            "×",
            results.ratios("us_per_op", growth | {"size": "large"}, [growth | {"size": "small"}]),
            1.15,
            None,
            True,
        ),
    ]


def encryption_targets(results):
    """An encrypted store against a plain one."""
    replay = {"workload": "replay", "peer": "cairn-encrypted", "payload": 16384}
    sentence = "encrypted commits of {what}, {callers}"
    return variant_targets(results, "cairn-encrypted", sentence, "plain ones", 0.8) + [
        Target(
            "replay of an encrypted log, batches of 16 KiB",
            "",
            "MB/s",
            results.values("mb_per_s", **replay),
            1000,
        )
    ]


def reader_targets(results):
    def reads(what, beside):
        return {
            "workload": "read-beside-writer",
            "peer": "cairn",
            "what": what,
            "beside": beside,
        }

    rows = [
        Target(
            f"p99 of a read ({what}) {words}",
            "its p99 alone",
            "×",
            results.ratios("p99_us", reads(what, beside), [reads(what, "alone")]),
            3,
            None,
            True,
        )
        for beside, words in (("writer", "beside a writer"), ("checkpoint", "beside checkpoints"))
        for what in READS
    ]
    for what in ("read of a graph", "view of a graph"):
        delays = results.values("delay_p99_us", workload="commit-beside-reader", what=what)
        rows.append(
            Target(
                f"p99 of commits beside a held {what}, minus without",
                "",
                "ms",
                [delay / 1000 for delay in delays],
                1,
                None,
                True,
            )
        )
    return rows


def publish_targets(results):
    def cost(what, callers, mode, policy, size):
        selection = line("publish-cost", callers, mode)
        return selection | {"what": what, "policy": policy, "size": size}

    return [
        Target(
            f"time of a {policy or 'durable'} commit of {what} to 1 M, {described(callers, mode)}",
            "to 1,000 nodes",
            "×",
            results.ratios(
                "us_per_op",
                cost(what, callers, mode, policy, "large"),
                [cost(what, callers, mode, policy, "small")],
            ),
            1.5,
            None,
            True,
        )
        for callers, mode, policy in PUBLISHERS
        for what in WRITES
    ]


def sections(results):
    """The parts of the page about them; none without results."""
    found = []
    titles = {
        "durable-state": "## Durable commits of one event of a state",
        "graph-write": "## Durable commits of one node of a graph",
    }
    for workload, title in titles.items():
        if not results.select(workload=workload):
            continue
        found.append(title + "\n")
        for callers in (1, 8, 64):
            suffix = "caller" if callers == 1 else "callers"
            found += [f"### {callers} {suffix}\n", commit_table(results, workload, callers)]
    rows = read_rows(results)
    if rows:
        found += ["## A reader beside a writer\n", table(["µs", "", "p50", "p99", "max"], rows)]
    rows = held_rows(results)
    if rows:
        head = ["commits, µs", "p99 alone", "p99 beside", "max beside", "commits/s"]
        found += ["## A writer beside a reader that holds what it sees\n", table(head, rows)]
    rows = publish_rows(results)
    if rows:
        head = ["µs for each commit", "1,000 nodes", "1 M nodes", "ratio"]
        found += ["## Commits to small and large graphs\n", table(head, rows)]
    return found


def read_rows(results):
    rows, seen = [], []
    for result in results.select(workload="read-beside-writer"):
        key = {name: result[name] for name in ("peer", "what", "beside")}
        if key in seen:
            continue
        seen.append(key)
        numbers = [
            cell(results.median(field, workload="read-beside-writer", **key), "{:,.2f}")
            for field in ("p50_us", "p99_us", "max_us")
        ]
        name = NAMES.get(key["peer"], "**Cairn**")
        beside = {"alone": "alone"}.get(key["beside"], f"beside a {key['beside']}")
        rows.append([f"{name}, {key['what']}", beside, *numbers])
    return rows


def held_rows(results):
    rows = []
    for what in ("read of a state", "read of a graph", "view of a graph"):
        selection = {"workload": "commit-beside-reader", "what": what}
        if results.select(**selection):
            numbers = [
                cell(results.median(field, **selection))
                for field in ("quiet_p99_us", "p99_us", "max_us", "ops_per_s")
            ]
            rows.append([f"beside a {what}, held for 100 ms", *numbers])
    return rows


def publish_rows(results):
    rows = []
    for callers, mode, policy in PUBLISHERS:
        for what in WRITES:
            selection = line("publish-cost", callers, mode) | {"what": what, "policy": policy}
            small, large = (
                results.median("us_per_op", **selection, size=size) for size in ("small", "large")
            )
            if small and large:
                numbers = [cell(small, "{:,.2f}"), cell(large, "{:,.2f}"), f"{large / small:.2f}"]
                name = f"{what}, {policy or 'durable'}, {described(callers, mode)}"
                rows.append([name, *numbers])
    return rows
