#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures LoraDB with the graph that cairn-bench uses, and prints results in the same form.

Only the calls into LoraDB count; the rows that it is given are made before. Its log is on where the
workload says so, with the policy it has: written with each commit, synced every 50 ms beside.
"""

import argparse
import ctypes
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import lora_python
from lora_python import Database
from timing import PLAYERS, print_commits

MASK = (1 << 64) - 1
CREATE_NODES = (
    "UNWIND $rows AS r CREATE (:Person {number: r.number, name: r.name, score: r.score, "
    "active: r.active})"
)
CREATE_NODE = "CREATE (:Person {number: $number, name: $name})"
CREATE_RELATIONSHIPS = (
    "UNWIND $rows AS r MATCH (a) WHERE id(a) = r.f MATCH (b) WHERE id(b) = r.t "
    "CREATE (a)-[:KNOWS]->(b)"
)


def mix(number):
    value = (number + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    value = ((value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53) & MASK
    return value ^ (value >> 33)


def person(index):
    mixed = mix(index)
    return {
        "number": index,
        "name": f"person-{index}-{mixed % 1000000}",
        "score": (mixed >> 40) / 256,
        "active": mixed & 1 == 1,
    }


def ends(index, node_count):
    return {
        "f": mix(index + 0x100000000) % node_count,
        "t": mix(index + 0x200000000) % node_count,
    }


def pieces(count, size):
    return ((start, min(start + size, count)) for start in range(0, count, size))


def load(database, nodes, relationships, batch):
    """Returns how long the calls took for nodes and for relationships."""
    times = [0.0, 0.0]
    for start, end in pieces(nodes, batch):
        rows = [person(index) for index in range(start, end)]
        before = time.perf_counter()
        database.execute(CREATE_NODES, {"rows": rows})
        times[0] += time.perf_counter() - before
    for start, end in pieces(relationships, batch):
        rows = [ends(index, nodes) for index in range(start, end)]
        before = time.perf_counter()
        database.execute(CREATE_RELATIONSHIPS, {"rows": rows})
        times[1] += time.perf_counter() - before
    found = (database.node_count, database.relationship_count)
    if found != (nodes, relationships):
        sys.exit(f"lora_peer: {found} entities are there after loading {nodes}, {relationships}")
    return times


def memory(name):
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def reset_peak():
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def tree_byte_count(path):
    return sum(
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(path)
        for name in names
    )


def line(workload, args, seconds, byte_count, **more):
    count = args.nodes + args.relationships
    result = {
        "workload": workload,
        "peer": "loradb",
        "ops_per_s": round(count / seconds, 3),
        "mb_per_s": round(byte_count / seconds / 1e6, 3),
        "seconds": round(seconds, 6),
        "operations": count,
        "nodes": args.nodes,
        "relationships": args.relationships,
    }
    result.update(more)
    print(json.dumps(result, separators=(",", ":")), flush=True)


def warm_up():
    """What the first rows bring into memory once is no part of the graph."""
    load(Database.create(), 2000, 1000, 1000)
    gc.collect()


def ingest(args, path):
    warm_up()
    database = Database.open_wal(path, {})
    before = memory("VmRSS:")
    times = load(database, args.nodes, args.relationships, args.batch)
    after = memory("VmRSS:")
    database.close()
    line(
        "ingest-graph",
        args,
        sum(times),
        tree_byte_count(path),
        batch=args.batch,
        nodes_per_s=round(args.nodes / times[0], 3),
        relationships_per_s=round(args.relationships / times[1], 3) if args.relationships else 0,
        resident_growth_bytes=after - before,
        log_bytes=tree_byte_count(path),
    )


def graph_memory(args, _path):
    warm_up()
    reset_peak()
    before = memory("VmRSS:")
    database = Database.create()
    times = load(database, args.nodes, args.relationships, args.batch)
    gc.collect()
    after = memory("VmRSS:")
    line(
        "graph-memory",
        args,
        sum(times),
        after - before,
        resident_before_bytes=before,
        resident_after_bytes=after,
        resident_growth_bytes=after - before,
        peak_growth_bytes=memory("VmHWM:") - before,
        bytes_per_entity=round((after - before) / (args.nodes + args.relationships), 3),
    )


def repeat(budget, body):
    times = []
    start = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < budget:
        times.append(body())
    return times


def recover(args, path):
    prepare(args, path, "wal")
    reset_peak()
    before = memory("VmRSS:")
    growth = []

    def once():
        start = time.perf_counter()
        database = Database.open_wal(path, {})
        seconds = time.perf_counter() - start
        growth.append(memory("VmRSS:") - before)
        if database.node_count != args.nodes:
            sys.exit(f"lora_peer: {database.node_count} nodes came back of {args.nodes}")
        database.close()
        return seconds

    times = repeat(args.seconds, once)
    byte_count = tree_byte_count(path)
    line(
        "recover-graph",
        args,
        statistics.median(times),
        byte_count,
        rounds=len(times),
        first_seconds=round(times[0], 6),
        log_bytes=byte_count,
        resident_growth_bytes=growth[0],
        peak_growth_bytes=memory("VmHWM:") - before,
    )


def snapshot(args, path):
    os.makedirs(path, exist_ok=True)
    target = os.path.join(path, "graph.snapshot")
    database = Database.create()
    load(database, args.nodes, args.relationships, args.batch)

    def save():
        start = time.perf_counter()
        database.save_snapshot(target)
        return time.perf_counter() - start

    def restore():
        start = time.perf_counter()
        other = Database.create()
        other.load_snapshot(target)
        seconds = time.perf_counter() - start
        if other.node_count != args.nodes:
            sys.exit(f"lora_peer: {other.node_count} nodes came back of {args.nodes}")
        other.close()
        return seconds

    saves = repeat(args.seconds / 2, save)
    byte_count = os.path.getsize(target)
    loads = repeat(args.seconds / 2, restore)
    for workload, times in (("snapshot-save", saves), ("snapshot-load", loads)):
        line(
            workload,
            args,
            statistics.median(times),
            byte_count,
            rounds=len(times),
            first_seconds=round(times[0], 6),
            snapshot_bytes=byte_count,
        )


def imported_graph(args, path):
    """A graph from an export as JSON Lines: its memory, opening it from its log, saving it, loading that."""
    labels, types = read_export(args.data)
    count = sum(len(rows) for rows in labels.values()) + sum(len(rows) for rows in types.values())
    warm_up()
    gc.collect()
    # What reading the export left free would be taken again, and not count.
    ctypes.CDLL(None).malloc_trim(0)
    before = memory("VmRSS:")
    database = Database.create()
    seconds = load_export(database, labels, types)
    gc.collect()
    imported_line(args, "memory", count, [seconds], memory("VmRSS:") - before)
    os.makedirs(path, exist_ok=True)
    target = os.path.join(path, "graph.snapshot")
    options = {"compression": "gzip" if args.compress else "none"}

    def save():
        start = time.perf_counter()
        database.save_snapshot(target, options=options)
        return time.perf_counter() - start

    def restore():
        start = time.perf_counter()
        other = Database.create()
        other.load_snapshot(target)
        return checked(other, time.perf_counter() - start)

    def recover():
        start = time.perf_counter()
        other = Database.open_wal(log, {})
        return checked(other, time.perf_counter() - start)

    def checked(other, seconds):
        if other.node_count + other.relationship_count != count:
            sys.exit("lora_peer: not all of the graph came back")
        other.close()
        return seconds

    saves = repeat(args.seconds / 3, save)
    imported_line(args, "save", count, saves, os.path.getsize(target))
    loads = repeat(args.seconds / 3, restore)
    imported_line(args, "load", count, loads, os.path.getsize(target))
    database.close()
    log = os.path.join(path, "log")
    database = Database.open_wal(log, {})
    load_export(database, labels, types)
    database.close()
    recoveries = repeat(args.seconds / 3, recover)
    imported_line(args, "recovery", count, recoveries, tree_byte_count(log))


def imported_line(args, what, count, times, byte_count):
    seconds = statistics.median(times)
    result = {
        "workload": "imported-graph",
        "peer": "loradb",
        "what": f"{what}, compressed" if args.compress else what,
        "ops_per_s": round(count / seconds, 3),
        "mb_per_s": round(byte_count / seconds / 1e6, 3),
        "seconds": round(seconds, 6),
        "operations": count,
        "rounds": len(times),
        "entities": count,
        "bytes": byte_count,
    }
    print(json.dumps(result, separators=(",", ":")), flush=True)


def read_export(path):
    """Properties of nodes by label, and the places of both ends of relationships by type."""
    places, labels, types = {}, {}, {}
    with open(path, encoding="utf-8") as lines:
        for text in lines:
            entry = json.loads(text)
            if entry["kind"] == "node":
                labels.setdefault(entry["labels"][0], []).append(entry)
            elif entry["kind"] == "relationship":
                types.setdefault(entry["type"], []).append((entry["from"], entry["to"]))
    for nodes in labels.values():
        for node in nodes:
            places[node["id"]] = len(places)
    for kind, ends_of_kind in types.items():
        types[kind] = [{"f": places[f], "t": places[t]} for f, t in ends_of_kind]
    return {label: [n["properties"] for n in nodes] for label, nodes in labels.items()}, types


def load_export(database, labels, types, batch=5000):
    """Returns how long the calls took."""
    seconds = 0.0

    def execute(text, rows):
        before = time.perf_counter()
        database.execute(text, rows)
        return time.perf_counter() - before

    for label in labels:
        text = f"CREATE CONSTRAINT name_{label} FOR (n:{label}) REQUIRE n.name IS UNIQUE"
        seconds += execute(text, {})
    for label, rows in labels.items():
        for start, end in pieces(len(rows), batch):
            text = f"UNWIND $rows AS r CREATE (n:{label}) SET n = r"
            seconds += execute(text, {"rows": rows[start:end]})
    for kind, rows in types.items():
        for start, end in pieces(len(rows), batch):
            text = (
                "UNWIND $rows AS r MATCH (a) WHERE id(a) = r.f MATCH (b) WHERE id(b) = r.t "
                f"CREATE (a)-[:{kind}]->(b)"
            )
            seconds += execute(text, {"rows": rows[start:end]})
    return seconds


def graph_write(args, path):
    """One node with two properties in each transaction.

    The package has no way to ask for a commit that is on the medium when it returns: `open_wal` takes
    options for snapshots alone.
    """
    database = Database.open_wal(path, {})

    def create(number):
        name = PLAYERS[number % len(PLAYERS)]
        database.execute(CREATE_NODE, {"number": number, "name": name})

    print_commits("graph-write", "loradb", args.seconds, create, is_durable=False)
    database.close()


def prepare(args, path, stage):
    """Writes the data in a process of its own, whose memory is then gone."""
    subprocess.run(
        [
            sys.executable,
            os.path.abspath(__file__),
            "--workload",
            args.workload,
            "--stage",
            stage,
            "--dir",
            path,
            "--nodes",
            str(args.nodes),
            "--relationships",
            str(args.relationships),
            "--batch",
            str(args.batch),
        ],
        check=True,
    )


WORKLOADS = {
    "ingest-graph": ingest,
    "graph-memory": graph_memory,
    "recover-graph": recover,
    "snapshot": snapshot,
    "graph-write": graph_write,
    "imported-graph": imported_graph,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workload", choices=list(WORKLOADS) + ["version"], required=True)
    parser.add_argument("--dir", default="cairn-bench-data")
    parser.add_argument("--nodes", type=int, default=200000)
    parser.add_argument("--relationships", type=int, default=100000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--data", help="for imported-graph: an export as JSON Lines")
    parser.add_argument("--compress", action="store_true", help="for imported-graph: its snapshot")
    parser.add_argument(
        "--stage", choices=["measure", "wal"], default="measure", help=argparse.SUPPRESS
    )
    args = parser.parse_args()
    if args.workload == "version":
        print(lora_python.__version__)
        return
    if args.stage == "wal":
        database = Database.open_wal(args.dir, {})
        load(database, args.nodes, args.relationships, args.batch)
        database.close()
        return
    path = os.path.join(args.dir, f"lora-{os.getpid()}")
    os.makedirs(args.dir, exist_ok=True)
    try:
        WORKLOADS[args.workload](args, path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
