# SPDX-License-Identifier: Apache-2.0
"""Other engines, each with the same three calls: begin anew, run a statement, and say what the graph holds."""

import sys
from pathlib import Path as File

sys.path.insert(0, str(File(__file__).resolve().parent))

from cells import Node, Path, Relationship  # noqa: E402


class GraphQLite:
    """An extension of SQLite, in memory. Needs a Python whose sqlite3 loads extensions."""

    def begin(self):
        from graphqlite import connect

        self.connection = connect(":memory:")

    def run(self, text, parameters):
        """Columns and rows, each row a list."""
        result = self.connection.cypher(text, parameters)
        rows = [dict(row) for row in result]
        # A statement without columns answers with what it has done.
        if result.columns and result.columns[0] == "nodes_created" and "nodes_created" not in text:
            return [], []
        return result.columns, [[self.value(row[name]) for name in result.columns] for row in rows]

    def value(self, value):
        if isinstance(value, list):
            return [self.value(element) for element in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"id", "labels", "properties"}:
            return Node(value["labels"], self.value(value["properties"]))
        if value.keys() >= {"type", "startNode", "endNode"}:
            return Relationship(value["type"], self.value(value["properties"]))
        if value.keys() == {"nodes", "rels"}:
            starts = [node["id"] for node in value["nodes"]]
            links = [(self.value(one), one["startNode"] == start) for one, start in zip(value["rels"], starts)]
            return Path([self.value(node) for node in value["nodes"]], links)
        if "_iso8601" in value:
            return value["_iso8601"]
        return {key: self.value(element) for key, element in value.items()}

    def content(self):
        """Nodes as (id, labels, properties) and relationships as (id, type, properties)."""
        nodes = [row["n"] for row in self.connection.cypher("MATCH (n) RETURN n", {})]
        links = [row["r"] for row in self.connection.cypher("MATCH ()-[r]->() RETURN r", {})]
        return (
            [(node["id"], node["labels"], node["properties"]) for node in nodes],
            [(link["id"], link["type"], link["properties"]) for link in links],
        )


class Lora:
    """LoraDB, in memory."""

    def begin(self):
        from lora_python import Database

        self.database = Database.create()

    def run(self, text, parameters):
        result = self.database.execute(text, parameters)
        names = result["columns"]
        if any("path" in str(row) for row in result["rows"]):
            self.remember()
        return names, [[self.value(row[name]) for name in names] for row in result["rows"]]

    def remember(self):
        """Paths name their nodes and relationships by id alone."""
        run = self.database.execute
        self.nodes = {row["n"]["id"]: row["n"] for row in run("MATCH (n) RETURN n", {})["rows"]}
        self.links = {row["r"]["id"]: row["r"] for row in run("MATCH ()-[r]->() RETURN r", {})["rows"]}

    def value(self, value):
        if isinstance(value, list):
            return [self.value(element) for element in value]
        if not isinstance(value, dict):
            return value
        kind = value.get("kind")
        if kind == "node" and "labels" in value:
            return Node(value["labels"], self.value(value["properties"]))
        if kind == "relationship" and "startId" in value:
            return Relationship(value["type"], self.value(value["properties"]))
        if kind == "path" and "rels" in value:
            links = [self.links[number] for number in value["rels"]]
            pairs = [(self.value(link), link["startId"] == start) for link, start in zip(links, value["nodes"])]
            return Path([self.value(self.nodes[number]) for number in value["nodes"]], pairs)
        if kind and "iso" in value:
            return value["iso"]
        return {key: self.value(element) for key, element in value.items()}

    def content(self):
        self.remember()
        return (
            [(node["id"], node["labels"], node["properties"]) for node in self.nodes.values()],
            [(link["id"], link["type"], link["properties"]) for link in self.links.values()],
        )


ENGINES = {"graphqlite": GraphQLite, "lora": Lora}
