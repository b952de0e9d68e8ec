#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Answers the questions of debian.json without a query engine, from an export of the graph as JSON Lines.

Written apart from the engine, as plainly as possible, so that both can be compared. Prints an object with
the rows of each question, each row as an object.

Usage: answer.py EXPORT.jsonl QUESTIONS.json
"""

import collections
import json
import sys


class Graph:
    """Nodes by id, and lists of (other end, type) by node."""

    def __init__(self, path):
        self.nodes = {}
        self.out = collections.defaultdict(list)
        self.into = collections.defaultdict(list)
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["kind"] == "node":
                    self.nodes[entry["id"]] = (set(entry["labels"]), entry["properties"])
                elif entry["kind"] == "relationship":
                    self.out[entry["from"]].append((entry["to"], entry["type"]))
                    self.into[entry["to"]].append((entry["from"], entry["type"]))
        self.packages = [n for n, (labels, _) in self.nodes.items() if "Package" in labels]

    def get(self, node, key):
        return self.nodes[node][1].get(key)

    def name(self, node):
        return self.get(node, "name")

    def package(self, name):
        return next((n for n in self.packages if self.name(n) == name), None)

    def targets(self, node, *types):
        return [other for other, kind in self.out[node] if kind in types]

    def sources(self, node, *types):
        return [other for other, kind in self.into[node] if kind in types]


def utf8(text):
    return text.encode("utf-8")


def one(graph, name):
    keys = ("name", "version", "section", "installedSize", "maintainer")
    node = graph.package(name)
    return [] if node is None else [{key: graph.get(node, key) for key in keys}]


def two(graph):
    counts = [(len(graph.sources(node, "DEPENDS")), graph.name(node)) for node in graph.packages]
    counts = sorted((pair for pair in counts if pair[0]), key=lambda p: (-p[0], utf8(p[1])))
    return [{"name": name, "dependents": count} for count, name in counts[:10]]


def nulls_last(text):
    return (text is None, utf8(text or ""))


def three(graph):
    groups = {}
    for node in graph.packages:
        group = groups.setdefault(graph.get(node, "section"), [0, 0])
        group[0] += 1
        group[1] += graph.get(node, "installedSize") or 0
    order = sorted(groups.items(), key=lambda item: (-item[1][1], nulls_last(item[0])))
    return [{"section": s, "packages": count, "installed": size} for s, (count, size) in order]


def four(graph, prefix, above):
    found = []
    for node in graph.packages:
        size = graph.get(node, "installedSize")
        if graph.name(node).startswith(prefix) and size is not None and size > above:
            found.append((size, graph.name(node)))
    found.sort(key=lambda pair: (-pair[0], utf8(pair[1])))
    return [{"name": name, "installedSize": size} for size, name in found]


def five(graph, name):
    """Ends of walks of one to three relationships, none of which is used twice."""
    start = graph.package(name)
    if start is None:
        return [{"reached": 0}]
    reached, level = set(), {start}
    for _ in range(3):
        level = {other for node in level for other in graph.sources(node, "DEPENDS")}
        reached |= level
    packages = set(graph.packages)
    return [{"reached": len(reached & packages)}]


def six(graph, source, target):
    """The length of a shortest path; whether the names are one is checked by the caller."""
    start, end = graph.package(source), graph.package(target)
    if start is None or end is None or start == end:
        return []
    distance, queue = {start: 0}, collections.deque([start])
    while queue:
        node = queue.popleft()
        for other in graph.targets(node, "DEPENDS", "PRE_DEPENDS"):
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    return [{"hops": distance[end]}] if end in distance else []


def seven(graph):
    packages, found = set(graph.packages), set()
    for a in graph.packages:
        for b in graph.targets(a, "DEPENDS"):
            if b in packages and utf8(graph.name(a)) < utf8(graph.name(b)):
                if a in graph.targets(b, "DEPENDS"):
                    found.add((graph.name(a), graph.name(b)))
    order = sorted(found, key=lambda pair: (utf8(pair[0]), utf8(pair[1])))
    return [{"first": first, "second": second} for first, second in order]


def eight(graph):
    names = [
        graph.name(node)
        for node, (labels, _) in graph.nodes.items()
        if "VirtualPackage" in labels
        and graph.sources(node, "DEPENDS")
        and not graph.sources(node, "PROVIDES")
    ]
    return [{"name": name} for name in sorted(names, key=utf8)]


def nine(graph, more):
    groups = collections.defaultdict(list)
    for node in graph.packages:
        groups[graph.get(node, "maintainer")].append(node)
    rows = []
    for maintainer, nodes in groups.items():
        if len(nodes) > more:
            counts = [(-len(set(graph.sources(n, "DEPENDS"))), utf8(graph.name(n))) for n in nodes]
            count, name = min(counts)
            rows.append((maintainer, len(nodes), name.decode(), -count))
    rows.sort(key=lambda row: (-row[1], nulls_last(row[0])))
    keys = ("maintainer", "packages", "package", "dependents")
    return [dict(zip(keys, row)) for row in rows]


def ten(graph):
    packages, names = set(graph.packages), []
    for node in graph.packages:
        section = graph.get(node, "section")
        targets = graph.targets(node, "DEPENDS")
        sections = [graph.get(other, "section") for other in targets]
        inside = section is not None and any(
            other in packages and s == section for other, s in zip(targets, sections)
        )
        outside = any(s is None or (section is not None and s != section) for s in sections)
        if inside and not outside:
            names.append(graph.name(node))
    return [{"name": name} for name in sorted(names, key=utf8)]


ANSWERS = {
    "1": one,
    "2": two,
    "3": three,
    "4": four,
    "5": five,
    "7": seven,
    "8": eight,
    "9": nine,
    "10": ten,
}


def main():
    graph = Graph(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        questions = json.load(file)
    answers = {}
    for question in questions:
        answer = ANSWERS.get(question["id"], six)
        answers[question["id"]] = answer(graph, **question["parameters"])
    json.dump(answers, sys.stdout, ensure_ascii=False, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
