# SPDX-License-Identifier: Apache-2.0
"""Random small graphs and statements that read, as trees that can be written as text and made smaller.

A statement names nothing that is not bound, has no error while it runs, and leaves no choice: where it is ordered or limited,
it is ordered by all of its columns, none of which is a node.
"""

import copy
import json
import random

LABELS = ("A", "B", "C")
TYPES = ("R", "S")


def literal(value):
    if isinstance(value, str):
        return f"'{value}'"
    return json.dumps(value)


class Case:
    """A graph, and some statements on it."""

    def __init__(self, seed, count=8):
        self.seed = seed
        draw = random.Random(seed)
        self.setup = [graph(draw)]
        self.queries = [Maker(draw).query() for _ in range(count)]


def graph(draw):
    nodes, links = [], []
    count = draw.randint(1, 7)
    for number in range(count):
        properties = {"k": number}
        if draw.random() < 0.75:
            properties["i"] = draw.randrange(4)
        if draw.random() < 0.75:
            properties["t"] = draw.choice(("a", "b", "t1", "t12"))
        if draw.random() < 0.75:
            properties["x"] = value(draw)
        labels = "".join(f":{label}" for label in LABELS if draw.random() < 0.5)
        nodes.append(f"(n{number}{labels} {entries(properties)})")
    for _ in range(draw.randrange(11)):
        properties = entries({"i": draw.randrange(3)}) if draw.random() < 0.5 else ""
        kind, start, end = draw.choice(TYPES), draw.randrange(count), draw.randrange(count)
        links.append(f"(n{start})-[:{kind}{properties}]->(n{end})")
    return "CREATE " + ", ".join(nodes + links)


def value(draw):
    return draw.choice((0, 1, 2, 1.5, "a", "b", True, False))


def entries(properties):
    return "{" + ", ".join(f"{key}: {literal(found)}" for key, found in properties.items()) + "}"


class Maker:
    """Makes one statement; keeps what is bound where it stands."""

    def __init__(self, draw):
        self.draw, self.nodes, self.links, self.values, self.count = draw, [], [], [], 0

    def chance(self, share):
        return self.draw.random() < share

    def name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def query(self):
        clauses = [self.match(False)]
        for _ in range(self.draw.choice((0, 0, 1, 1, 2))):
            choice = self.draw.randrange(5)
            if choice == 0:
                clauses.append(self.match(False))
            elif choice in (1, 2):
                clauses.append(self.match(True))
            elif choice == 3:
                clauses.append(self.unwind())
            else:
                clauses.append(self.projection("WITH"))
        return clauses + [self.projection("RETURN")]

    def unwind(self):
        found = [value(self.draw) for _ in range(self.draw.randint(1, 3))]
        name = self.name("v")
        self.values.append(name)
        return {"clause": "UNWIND", "list": found, "name": name}

    # Patterns

    def match(self, optional):
        paths = [self.path(True) for _ in range(2 if self.chance(0.15) else 1)]
        where = self.condition(2) if self.chance(0.5) else None
        return {"clause": "MATCH", "optional": optional, "paths": paths, "where": where}

    def path(self, binds):
        nodes, links = [self.node(binds)], []
        for _ in range(self.draw.choice((0, 1, 1, 1, 2))):
            low = self.draw.randrange(2)
            length = [low, low + self.draw.randint(0, 2) or 1] if self.chance(0.15) else None
            name = None
            if binds and length is None and self.chance(0.4):
                name = self.name("r")
                self.links.append(name)
            properties = ["i", self.draw.randrange(3)] if self.chance(0.1) else None
            types = self.draw.choice(([], [], ["R"], ["S"], ["R", "S"]))
            arrow = self.draw.choice("<>-")
            links.append({"name": name, "types": types, "arrow": arrow, "length": length, "property": properties})
            nodes.append(self.node(binds))
        return {"nodes": nodes, "links": links}

    def node(self, binds):
        node = {"name": None, "label": self.draw.choice(LABELS) if self.chance(0.33) else None, "property": None}
        if self.chance(0.2):
            key = self.draw.choice("kit")
            node["property"] = [key, self.draw.choice(("a", "t1")) if key == "t" else self.draw.randrange(4)]
        if self.nodes and self.chance(0.2):
            node["name"] = self.draw.choice(self.nodes)
        elif binds:
            node["name"] = self.name("n")
            self.nodes.append(node["name"])
        return node

    # Expressions

    def condition(self, depth):
        choice = self.draw.randrange(12 if depth else 6)
        if choice < 2:
            return ["compare", self.draw.choice(("=", "<>", "<", ">", "<=", ">=")), self.scalar(), self.scalar()]
        if choice == 2:
            return ["null" if self.chance(0.5) else "present", self.scalar()]
        if choice == 3:
            return ["in", self.scalar(), [value(self.draw) for _ in range(self.draw.randint(1, 3))]]
        if choice == 4:
            return ["starts", self.scalar(), self.draw.choice(("a", "t", "t1"))]
        if choice == 5:
            return ["label", self.draw.choice(self.nodes), self.draw.choice("AB")] if self.nodes else ["literal", True]
        if choice < 9:
            return ["and" if choice < 8 else "or", self.condition(depth - 1), self.condition(depth - 1)]
        if choice == 9:
            return ["not", self.condition(depth - 1)]
        saved = list(self.nodes), list(self.links)
        found = ["exists", self.path(False)]
        self.nodes, self.links = saved
        return found

    def scalar(self):
        entities = self.nodes + self.links
        choice = self.draw.randrange(8)
        if choice == 0 or not entities:
            return ["literal", value(self.draw)]
        if choice == 1 and self.values:
            return ["variable", self.draw.choice(self.values)]
        if choice == 2:
            return ["add", ["property", self.draw.choice(entities), "i"], ["literal", self.draw.randrange(3)]]
        return ["property", self.draw.choice(entities), self.draw.choice("kiixt")]

    def column(self):
        choice = self.draw.randrange(10)
        if choice == 0:
            return self.condition(1)
        if choice == 1:
            return ["coalesce", self.scalar(), ["literal", value(self.draw)]]
        if choice == 2:
            return ["case", self.condition(0), self.scalar(), self.scalar()]
        return self.scalar()

    def aggregate(self):
        entities = self.nodes + self.links
        choice = self.draw.randrange(5)
        if choice == 0 or not entities:
            return ["aggregate", "count", False, None]
        if choice == 1:
            return ["aggregate", "count", self.chance(0.5), ["variable", self.draw.choice(entities)]]
        if choice == 2:
            return ["aggregate", "sum", self.chance(0.3), ["property", self.draw.choice(entities), "i"]]
        if choice == 3:
            return ["aggregate", self.draw.choice(("min", "max")), False, self.scalar()]
        return ["aggregate", "count", self.chance(0.5), self.scalar()]

    def projection(self, clause):
        items, kept, aggregates = [], [], self.chance(0.3)
        for _ in range(self.draw.randint(1, 3)):
            if clause == "WITH" and self.nodes and self.chance(0.6):
                name = self.draw.choice(self.nodes)
                if name not in kept:
                    kept.append(name)
                    items.append([["variable", name], name])
            elif aggregates and self.chance(0.6):
                items.append([self.aggregate(), self.name("c")])
            else:
                items.append([self.column(), self.name("c")])
        order = []
        if not kept and self.chance(0.35):
            order = [[name, self.chance(0.3)] for _, name in items]
        found = {"clause": clause, "distinct": self.chance(0.2), "items": items, "order": order}
        found["skip"] = self.draw.randrange(3) if order and self.chance(0.3) else None
        found["limit"] = self.draw.randrange(4) if order and self.chance(0.5) else None
        self.nodes, self.links = kept, []
        self.values = [name for _, name in items if name not in kept]
        found["where"] = self.condition(1) if clause == "WITH" and self.chance(0.3) else None
        return found


# Text


def text(query):
    return " ".join(map(clause_text, query))


def clause_text(clause):
    kind = clause["clause"]
    if kind == "UNWIND":
        return f"UNWIND [{', '.join(map(literal, clause['list']))}] AS {clause['name']}"
    where = f" WHERE {shown(clause['where'])}" if clause["where"] else ""
    if kind == "MATCH":
        return ("OPTIONAL " if clause["optional"] else "") + "MATCH " + ", ".join(map(path_text, clause["paths"])) + where
    found = kind + (" DISTINCT" if clause["distinct"] else "")
    same = [["variable", name] == item for item, name in clause["items"]]
    parts = [name if is_same else f"{shown(item)} AS {name}" for (item, name), is_same in zip(clause["items"], same)]
    found += " " + ", ".join(parts)
    if clause["order"]:
        found += " ORDER BY " + ", ".join(name + (" DESC" if down else "") for name, down in clause["order"])
    for word in ("skip", "limit"):
        if clause[word] is not None:
            found += f" {word.upper()} {clause[word]}"
    return found + where


def path_text(path):
    found = node_text(path["nodes"][0])
    for link, node in zip(path["links"], path["nodes"][1:]):
        kinds = ":" + "|".join(link["types"]) if link["types"] else ""
        length = f"*{link['length'][0]}..{link['length'][1]}" if link["length"] else ""
        inner = (link["name"] or "") + kinds + length + property_text(link["property"])
        found += ("<-" if link["arrow"] == "<" else "-") + f"[{inner}]" + ("->" if link["arrow"] == ">" else "-")
        found += node_text(node)
    return found


def node_text(node):
    return f"({node['name'] or ''}{':' + node['label'] if node['label'] else ''}{property_text(node['property'])})"


def property_text(found):
    return f" {{{found[0]}: {literal(found[1])}}}" if found else ""


def shown(tree):
    kind = tree[0]
    if kind == "literal":
        return literal(tree[1])
    if kind == "variable":
        return tree[1]
    if kind == "property":
        return f"{tree[1]}.{tree[2]}"
    if kind == "compare":
        return f"({shown(tree[2])} {tree[1]} {shown(tree[3])})"
    if kind in ("and", "or"):
        return f"({shown(tree[1])} {kind.upper()} {shown(tree[2])})"
    if kind == "not":
        return f"(NOT {shown(tree[1])})"
    if kind in ("null", "present"):
        return f"({shown(tree[1])} IS {'NULL' if kind == 'null' else 'NOT NULL'})"
    if kind == "in":
        return f"({shown(tree[1])} IN [{', '.join(map(literal, tree[2]))}])"
    if kind == "starts":
        return f"({shown(tree[1])} STARTS WITH {literal(tree[2])})"
    if kind == "label":
        return f"({tree[1]}:{tree[2]})"
    if kind == "add":
        return f"({shown(tree[1])} + {shown(tree[2])})"
    if kind == "coalesce":
        return f"coalesce({shown(tree[1])}, {shown(tree[2])})"
    if kind == "case":
        return f"CASE WHEN {shown(tree[1])} THEN {shown(tree[2])} ELSE {shown(tree[3])} END"
    if kind == "exists":
        return f"EXISTS {{ MATCH {path_text(tree[1])} }}"
    inner = "*" if tree[3] is None else shown(tree[3])
    return f"{tree[1]}({'DISTINCT ' if tree[2] else ''}{inner})"


# Smaller statements


def is_expression(tree):
    return isinstance(tree, list) and bool(tree) and isinstance(tree[0], str) and len(tree) > 1


def smaller(query):
    """Statements that are a little smaller; some of them name what is not bound."""
    for number in range(len(query) - 1):
        yield query[:number] + query[number + 1 :]
    for number in range(len(query)):
        for clause in smaller_clauses(query[number]):
            yield query[:number] + [clause] + query[number + 1 :]


def changed(tree, key, found):
    made = copy.deepcopy(tree)
    made[key] = found
    return made


def without(tree, key):
    """The same with one element less in a list."""
    if len(tree[key]) > 1:
        for number in range(len(tree[key])):
            yield changed(tree, key, tree[key][:number] + tree[key][number + 1 :])


def smaller_clauses(clause):
    kind = clause["clause"]
    if kind == "UNWIND":
        yield from without(clause, "list")
        return
    if clause["where"]:
        yield changed(clause, "where", None)
        for tree in smaller_trees(clause["where"]):
            yield changed(clause, "where", tree)
    if kind == "MATCH":
        if clause["optional"]:
            yield changed(clause, "optional", False)
        yield from without(clause, "paths")
        for number, path in enumerate(clause["paths"]):
            for found in smaller_paths(path):
                yield changed(clause, "paths", clause["paths"][:number] + [found] + clause["paths"][number + 1 :])
        return
    if clause["distinct"]:
        yield changed(clause, "distinct", False)
    for word in ("limit", "skip"):
        if clause[word] is not None:
            yield changed(clause, word, None)
    if clause["order"] and clause["limit"] is None and clause["skip"] is None:
        yield changed(clause, "order", [])
        for number, (name, down) in enumerate(clause["order"]):
            if down:
                yield changed(clause, "order", clause["order"][:number] + [[name, False]] + clause["order"][number + 1 :])
    if len(clause["items"]) > 1:
        for number, (_, name) in enumerate(clause["items"]):
            made = changed(clause, "items", clause["items"][:number] + clause["items"][number + 1 :])
            made["order"] = [entry for entry in clause["order"] if entry[0] != name]
            yield made
    for number, (item, name) in enumerate(clause["items"]):
        for tree in smaller_trees(item):
            yield changed(clause, "items", clause["items"][:number] + [[tree, name]] + clause["items"][number + 1 :])


def smaller_paths(path):
    if path["links"]:
        yield {"nodes": path["nodes"][1:], "links": path["links"][1:]}
        yield {"nodes": path["nodes"][:-1], "links": path["links"][:-1]}
    for number, node in enumerate(path["nodes"]):
        for key in ("label", "property", "name"):
            if node[key]:
                nodes = path["nodes"][:number] + [changed(node, key, None)] + path["nodes"][number + 1 :]
                yield {"nodes": nodes, "links": path["links"]}
    for number, link in enumerate(path["links"]):
        for key, plain in (("types", []), ("property", None), ("length", None), ("name", None), ("arrow", ">")):
            if link[key] != plain:
                links = path["links"][:number] + [changed(link, key, plain)] + path["links"][number + 1 :]
                yield {"nodes": path["nodes"], "links": links}


def smaller_trees(tree):
    kind = tree[0]
    if kind in ("literal", "variable", "property"):
        return
    for place in range(1, len(tree)):
        if is_expression(tree[place]) and tree[place][0] in EXPRESSIONS:
            if kind != "aggregate" and not (kind == "compare" and place == 1):
                yield tree[place]
            for inner in smaller_trees(tree[place]):
                yield changed(tree, place, inner)
    if kind == "exists":
        for path in smaller_paths(tree[1]):
            yield ["exists", path]
    if kind == "aggregate" and tree[2]:
        yield changed(tree, 2, False)
    if kind == "in":
        yield from without(tree, 2)


EXPRESSIONS = {
    "literal", "variable", "property", "compare", "and", "or", "not", "null", "present", "in", "starts", "label", "add",
    "coalesce", "case", "exists", "aggregate",
}
