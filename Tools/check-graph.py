#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what `cairn analyze` says of a graph with what networkx says of it.

Usage: check-graph.py CAIRN DIRECTORY

CAIRN is the built program, DIRECTORY a database. The graph comes from `cairn export --format jsonl` and
is built anew in networkx; neighbours, degrees, components, distances, shortest paths, and the topological
order or the cycle are then compared: for all relationships together, for those of each type, and for every
second type together. networkx shares nothing with Cairn.

Distances are compared from 20 nodes, and shortest paths from each of them to 10 nodes: those that
`cairn analyze` takes, at even distances among the ids of the nodes that a relationship starts from. The
same graph gives the same ones. Everything else is compared for every node.

Needs networkx: run it with `.venv/bin/python`, which Tools/bootstrap makes. Without networkx
the exit status is 77. Status 1 means that there is a difference.
"""

import json
import subprocess
import sys

try:
    import networkx
except ImportError:
    sys.stderr.write("this needs networkx: run Tools/bootstrap, then .venv/bin/python\n")
    sys.exit(77)


def lines(*command):
    """Yields the JSON objects that a program prints."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed")


def sets(components):
    """Makes lists of nodes comparable: each ascending, the lists by their first node."""
    return sorted(sorted(component) for component in components)


def is_path(graph, ends, nodes, relationships):
    """Tells whether a path exists as it is given."""
    return (
        len(nodes) == len(relationships) + 1
        and all(graph.has_node(node) for node in nodes)
        and all(
            ends.get(relationship) == step
            for relationship, step in zip(relationships, zip(nodes, nodes[1:]))
        )
    )


class Check:
    """One comparison of a graph, or of its relationships of some types."""

    def __init__(self, program, directory, nodes, relationships, types):
        self.differences = []
        self.counts = {}
        self.graph = networkx.MultiDiGraph()
        self.graph.add_nodes_from(nodes)
        chosen = [step for name in types or relationships for step in relationships.get(name, [])]
        self.graph.add_edges_from((start, end, number) for number, start, end in chosen)
        self.ends = {number: (start, end) for number, start, end in chosen}
        options = [option for name in types for option in ("--type", name)]
        self.found = {}
        for record in lines(program, "analyze", directory, "--json", *options):
            self.found.setdefault(record["kind"], []).append(record)

    def expect(self, what, is_equal, *where):
        """Counts a comparison and remembers one that failed."""
        self.counts[what] = self.counts.get(what, 0) + 1
        if not is_equal:
            self.differences.append(" ".join([what, *map(str, where)]))

    def nodes(self):
        graph = self.graph
        found = self.found.get("node", [])
        self.expect("nodes", [node["id"] for node in found] == sorted(graph.nodes))
        for node in found:
            name = node["id"]
            self.expect("neighbors", node["out"] == sorted(graph.successors(name)), "out of", name)
            self.expect("neighbors", node["in"] == sorted(graph.predecessors(name)), "into", name)
            loops = graph.number_of_edges(name, name)
            expected = {
                "in": graph.in_degree(name), "out": graph.out_degree(name),
                # networkx counts a loop at both of its ends.
                "both": graph.degree(name) - loops,
            }
            self.expect("degrees", node["degree"] == expected, "of", name)

    def components(self):
        weak = [component["nodes"] for component in self.found.get("component", [])]
        self.expect("components", weak == sets(networkx.weakly_connected_components(self.graph)))
        strong = [component["nodes"] for component in self.found.get("strongComponent", [])]
        self.expect(
            "components", strong == sets(networkx.strongly_connected_components(self.graph)),
            "that are strong")

    def paths(self):
        distances = {}
        for record in self.found.get("distances", []):
            expected = networkx.single_source_shortest_path_length(self.graph, record["from"])
            distances[record["from"]] = expected
            found = dict(zip(record["nodes"], record["lengths"]))
            self.expect(
                "distances",
                found == dict(expected) and record["lengths"] == sorted(record["lengths"]),
                "from", record["from"])
        for path in self.found.get("path", []):
            nodes = path["nodes"]
            self.expect(
                "paths",
                is_path(self.graph, self.ends, nodes, path["relationships"])
                and distances[nodes[0]][nodes[-1]] == len(path["relationships"]),
                "from", nodes[0], "to", nodes[-1])

    def order(self):
        is_acyclic = networkx.is_directed_acyclic_graph(self.graph)
        orders, cycles = self.found.get("order", []), self.found.get("cycle", [])
        expected = (1, 0) if is_acyclic else (0, 1)
        self.expect("order or cycle", (len(orders), len(cycles)) == expected)
        for order in orders:
            expected = networkx.lexicographical_topological_sort(self.graph)
            self.expect("order", order["nodes"] == list(expected))
        for cycle in cycles:
            nodes = cycle["nodes"]
            self.expect(
                "cycle",
                len(nodes) > 1 and nodes[0] == nodes[-1] and len(set(nodes)) == len(nodes) - 1
                and is_path(self.graph, self.ends, nodes, cycle["relationships"]))

    def run(self):
        self.nodes()
        self.components()
        self.paths()
        self.order()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, directory = sys.argv[1:]
    nodes, relationships = [], {}
    for record in lines(program, "export", directory, "--format", "jsonl"):
        if record["kind"] == "node":
            nodes.append(record["id"])
        elif record["kind"] == "relationship":
            step = (record["id"], record["from"], record["to"])
            relationships.setdefault(record["type"], []).append(step)
    all_types = sorted(relationships)
    failed = False
    for types in [[]] + [[name] for name in all_types] + ([all_types[::2]] if all_types else []):
        check = Check(program, directory, nodes, relationships, types)
        check.run()
        shape = "with an order" if "order" in check.found else "with a cycle"
        facts = ", ".join(f"{count} {name}" for name, count in check.counts.items())
        print(
            f"{' '.join(types) or 'all types'}: {check.graph.number_of_nodes()} nodes, "
            f"{check.graph.number_of_edges()} relationships, {shape}; compared {facts}", flush=True)
        for difference in check.differences[:20]:
            print(f"  differs: {difference}")
        failed = failed or bool(check.differences)
    print("there are differences" if failed else "no difference")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
