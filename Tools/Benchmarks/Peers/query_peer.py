#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks other engines the questions of Tools/questions, and prints results in the form of cairn-bench.

The graph is an export of `cairn` as JSON Lines. What is measured is a question with all its rows, as values of Python:
the median of at least seven after a first one. Where an engine needs its own wording, or does not answer, its line says so.

LadybugDB has typed tables: Package and VirtualPackage, keyed by name, and a table for each type of relationship between
them; relationships have no properties there.
"""

import argparse
import csv
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

QUESTIONS = Path(__file__).resolve().parents[2] / "questions/debian.json"
KEYS = ("name", "version", "section", "installedSize", "maintainer")


class Data:
    """The nodes and relationships of an export."""

    def __init__(self, path):
        self.nodes, self.relationships = [], []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["kind"] == "node":
                    self.nodes.append(entry)
                elif entry["kind"] == "relationship":
                    self.relationships.append((entry["from"], entry["to"], entry["type"]))
        self.types = sorted({kind for _, _, kind in self.relationships})


def pieces(rows, size=5000):
    return (rows[start : start + size] for start in range(0, len(rows), size))


class Lora:
    """LoraDB in memory."""

    name = "loradb"
    wordings = {
        "8": "MATCH (v:VirtualPackage) WHERE EXISTS { (v)<-[:DEPENDS]-() } AND NOT EXISTS { (v)<-[:PROVIDES]-() } "
        "RETURN v.name AS name ORDER BY name"
    }

    def __init__(self):
        from lora_python import Database

        self.database = Database.create()

    def load(self, data, _directory):
        for text in (
            "CREATE CONSTRAINT one FOR (p:Package) REQUIRE p.name IS UNIQUE",
            "CREATE CONSTRAINT two FOR (p:VirtualPackage) REQUIRE p.name IS UNIQUE",
        ):
            self.database.execute(text)
        places = {}
        for label in ("Package", "VirtualPackage"):
            nodes = [node for node in data.nodes if label in node["labels"]]
            for piece in pieces(nodes):
                rows = [node["properties"] for node in piece]
                self.database.execute(f"UNWIND $rows AS r CREATE (n:{label}) SET n = r", {"rows": rows})
            for node in nodes:
                places[node["id"]] = len(places)
        for kind in data.types:
            ends = [(places[f], places[t]) for f, t, k in data.relationships if k == kind]
            for piece in pieces(ends):
                rows = [{"f": f, "t": t} for f, t in piece]
                self.database.execute(
                    "UNWIND $rows AS r MATCH (a) WHERE id(a) = r.f MATCH (b) WHERE id(b) = r.t "
                    f"CREATE (a)-[:{kind}]->(b)",
                    {"rows": rows},
                )

    def ask(self, text, parameters):
        result = self.database.execute(text, parameters)
        return result["rows"] if isinstance(result, dict) else list(result)


class Ladybug:
    """LadybugDB on disk."""

    name = "ladybug"
    SHORTEST = (
        "MATCH p = (a:Package {name: $source})-[:DEPENDS|:PRE_DEPENDS* SHORTEST 1..30]->"
        "(b:Package {name: $target}) RETURN length(p) AS hops, properties(nodes(p), 'name') AS names"
    )
    wordings = {
        **dict.fromkeys(("6", "6b", "6c", "6d"), SHORTEST),
        "9": "MATCH (p:Package) WITH p.maintainer AS maintainer, count(*) AS packages, collect(p.name) AS theirs "
        "WHERE packages > $more UNWIND theirs AS name MATCH (p:Package {name: name}) "
        "OPTIONAL MATCH (p)<-[:DEPENDS]-(d) WITH maintainer, packages, name, count(DISTINCT d) AS dependents "
        "ORDER BY dependents DESC, name LIMIT 10000000 WITH maintainer, packages, collect(name)[1] AS package, "
        "max(dependents) AS dependents RETURN maintainer, packages, package, dependents "
        "ORDER BY packages DESC, maintainer",
    }

    def load(self, data, directory):
        import ladybug

        self.database = ladybug.Database(os.path.join(directory, "ladybug"))
        self.connection = ladybug.Connection(self.database)
        run = self.connection.execute
        run(
            "CREATE NODE TABLE Package(name STRING, version STRING, section STRING, installedSize INT64, "
            "maintainer STRING, PRIMARY KEY(name))"
        )
        run("CREATE NODE TABLE VirtualPackage(name STRING, section STRING, PRIMARY KEY(name))")
        names, tables = {}, {}
        for node in data.nodes:
            names[node["id"]] = node["properties"]["name"]
            tables[node["id"]] = "Package" if "Package" in node["labels"] else "VirtualPackage"
        packages = [n["properties"] for n in data.nodes if "Package" in n["labels"]]
        virtual = [n["properties"] for n in data.nodes if "Package" not in n["labels"]]
        self.copy(directory, "Package", [[p.get(key) for key in KEYS] for p in packages])
        self.copy(directory, "VirtualPackage", [[p["name"], None] for p in virtual])
        for kind in data.types:
            groups = {}
            for start, end, type_ in data.relationships:
                if type_ == kind:
                    group = groups.setdefault((tables[start], tables[end]), [])
                    group.append([names[start], names[end]])
            pairs = ", ".join(f"FROM {one} TO {other}" for one, other in groups)
            run(f"CREATE REL TABLE {kind}({pairs})")
            for (one, other), rows in groups.items():
                self.copy(directory, kind, rows, f"from='{one}', to='{other}', ")

    def copy(self, directory, table, rows, options=""):
        path = os.path.join(directory, "rows.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        dialect = "header=false, auto_detect=false, parallel=false, quote='\"', escape='\"'"
        self.connection.execute(f"COPY {table} FROM '{path}' ({options}{dialect})")

    def ask(self, text, parameters):
        result = self.connection.execute(text, parameters)
        rows = []
        while result.has_next():
            rows.append(result.get_next())
        result.close()
        return rows


class GraphQLite:
    """GraphQLite, an extension of SQLite, in memory."""

    name = "graphqlite"
    wordings = {}

    def load(self, data, _directory):
        from graphqlite import Graph

        self.graph = Graph(":memory:")
        nodes = [(str(n["id"]), n["properties"], n["labels"][0]) for n in data.nodes]
        self.graph.insert_nodes_bulk(nodes)
        edges = [(str(f), str(t), {}, kind) for f, t, kind in data.relationships]
        self.graph.insert_edges_bulk(edges)

    def ask(self, text, parameters):
        return list(self.graph.connection.cypher(text, parameters))


def measure(peer, question, seconds):
    """The result of one question, or why there is none."""
    text = peer.wordings.get(question["id"], question["text"])
    result = {"workload": "query", "peer": peer.name, "what": question["id"]}
    if question["id"] in peer.wordings:
        result["wording"] = "own"
    try:
        began = time.perf_counter()
        rows = peer.ask(text, question["parameters"])
        once = time.perf_counter() - began
        count = max(1, int(0.002 / max(once, 1e-6)))
        times = []
        while len(times) < 7 or sum(times) * count < seconds:
            began = time.perf_counter()
            for _ in range(count):
                rows = peer.ask(text, question["parameters"])
            times.append((time.perf_counter() - began) / count)
            if sum(times) > 30:
                break
        median = statistics.median(times)
        result |= {"ops_per_s": round(1 / median, 3), "seconds": round(median, 9)}
        result |= {"mb_per_s": 0, "ms": round(median * 1000, 6), "rows": len(rows)}
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        result |= {"ops_per_s": 0, "error": str(error).splitlines()[0][:200]}
    print(json.dumps(result, separators=(",", ":")), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", choices=["lora", "ladybug", "graphqlite"], required=True)
    parser.add_argument("--data", required=True, help="an export as JSON Lines")
    parser.add_argument("--workload", default="query")
    parser.add_argument("--dir", default=None, help="where a database on disk goes")
    parser.add_argument("--seconds", type=float, default=3)
    args = parser.parse_args()
    try:
        peer = {"lora": Lora, "ladybug": Ladybug, "graphqlite": GraphQLite}[args.peer]()
        with tempfile.TemporaryDirectory(dir=args.dir) as directory:
            peer.load(Data(args.data), directory)
            questions = json.loads(QUESTIONS.read_text(encoding="utf-8"))
            for question in questions:
                measure(peer, question, args.seconds / len(questions))
    except ImportError as error:
        sys.exit(f"query_peer: {args.peer} is not installed: {error}")


if __name__ == "__main__":
    main()
