# SPDX-License-Identifier: Apache-2.0
"""What differences between engines are, told by statements that cannot be made smaller.

Each kind has a text, which names where the language or its suite says otherwise than the engine, and a condition on the
statement and the rows. A kind that can be tested is: Cairn is asked another statement, which means what the engine made of the first.
"""

import collections
import json

from cases import EXPRESSIONS, is_expression


def clauses(query, kind):
    return [clause for clause in query if clause["clause"] == kind]


def trees(query):
    """All expressions of a statement, inner ones too."""
    waiting = [clause["where"] for clause in query if clause.get("where")]
    waiting += [item for clause in query for item, _ in clause.get("items", [])]
    while waiting:
        tree = waiting.pop()
        yield tree
        waiting += [part for part in tree[1:] if is_expression(part) and part[0] in EXPRESSIONS]


def patterns(query):
    """The paths that are found together, those of EXISTS by themselves."""
    for clause in clauses(query, "MATCH"):
        yield clause["paths"]
    for tree in trees(query):
        if tree[0] == "exists":
            yield [tree[1]]


def links(query):
    return [link for paths in patterns(query) for path in paths for link in path["links"]]


def optional(query):
    return any(clause["optional"] for clause in clauses(query, "MATCH"))


def aggregates(query):
    return [tree[1] for tree in trees(query) if tree[0] == "aggregate"]


def kinds_of_values(rows):
    """The kinds of the values of a result, by the text of each."""
    found = set()
    for row in rows:
        for cell in row.split(" | "):
            try:
                value = json.loads(cell)
            except ValueError:
                value = cell
            found.add("number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__)
    return found - {"NoneType"}


# Conditions


def without_uniqueness(query):
    """The statement with each relationship in a clause of its own, where nothing keeps it from being found twice; nil
    where that cannot be said."""
    count, found = 0, []
    for clause in query:
        if clause["clause"] != "MATCH" or clause["optional"]:
            found.append(clause)
            continue
        for path in clause["paths"]:
            nodes = []
            for node in path["nodes"]:
                count += 1
                nodes.append({**node, "name": node["name"] or f"hidden{count}"})
            if not path["links"]:
                found.append({**clause, "paths": [{"nodes": nodes, "links": []}], "where": None})
            for place, link in enumerate(path["links"]):
                if link["length"]:
                    return None
                one = {"nodes": nodes[place : place + 2], "links": [link]}
                found.append({**clause, "paths": [one], "where": None})
        found[-1] = {**found[-1], "where": clause["where"]}
    return found


def finds_twice(query, ours, theirs, ask):
    if not any(sum(len(path["links"]) for path in paths) > 1 for paths in patterns(query)):
        return False
    other = without_uniqueness(query)
    if other is None or optional(query) or "exists" in {tree[0] for tree in trees(query)}:
        return True
    return ask(other) == theirs


def orders_kinds(query, ours, theirs, ask):
    """Values of several kinds, in another order of kinds."""
    last = query[-1]
    if not any(clause["order"] for clause in query if "order" in clause):
        return False
    plain = query[:-1] + [{**last, "order": [], "skip": None, "limit": None}]
    whole = ask(plain)
    return len(kinds_of_values(whole or [])) > 1 and (bool(last["limit"] or last["skip"]) or sorted(ours) == sorted(theirs))


def has(kind):
    return lambda query, ours, theirs, ask: any(tree[0] == kind for tree in trees(query))


def without_later_labels(query):
    """The statement without the labels and properties of nodes that were named before."""
    known, found = set(), []
    for clause in query:
        if clause["clause"] != "MATCH":
            found.append(clause)
            continue
        paths = []
        for path in clause["paths"]:
            nodes = []
            for node in path["nodes"]:
                again = node["name"] is not None and node["name"] in known
                nodes.append({**node, "label": None} if again else node)
                known.add(node["name"])
            paths.append({"nodes": nodes, "links": path["links"]})
        found.append({**clause, "paths": paths})
    return found


def forgets_labels(query, ours, theirs, ask):
    other = without_later_labels(query)
    return other != query and ask(other) == theirs


def joins_paths(query, ours, theirs, ask):
    return any(len(paths) > 1 for paths in patterns(query))


def goes_both_ways(query, ours, theirs, ask):
    return any(link["length"] and link["arrow"] == "-" for link in links(query))


def forgets_length_properties(query, ours, theirs, ask):
    """The properties of relationships of a variable length are not asked for."""
    if not any(link["length"] and link["property"] for link in links(query)):
        return False
    other = json.loads(json.dumps(query))
    for link in links(other):
        if link["length"]:
            link["property"] = None
    return optional(query) or ask(other) == theirs


def keeps_apart_clauses(query, ours, theirs, ask):
    return len(clauses(query, "MATCH")) > 1 and any(link["length"] for link in links(query))


def tells_equals_apart(query, ours, theirs, ask):
    return any(clause.get("distinct") for clause in query) and set(ours) == set(theirs)


def filters_groups(query, ours, theirs, ask):
    """A condition on groups that is not met."""
    return not ours and any(
        clause["where"] and any(tree[0] == "aggregate" for item, _ in clause["items"] for tree in [item])
        for clause in clauses(query, "WITH")
    )


def mixes_kinds(query, ours, theirs, ask):
    """Something that may be of any kind is compared."""
    for tree in trees(query):
        if tree[0] in ("compare", "in"):
            parts = [tree] + [part for part in tree[1:] if is_expression(part)]
            if any(part[0] == "property" and part[2] == "x" for part in parts) or tree[0] == "in":
                return True
            literals = {type(part[1]).__name__ for part in parts if part[0] == "literal"}
            if literals & {"bool", "str"}:
                return True
    return False


UNIQUE = "a relationship is found twice in one pattern (openCypher 9, uniqueness; suite: Match3 [10])"
ORDER = "values of several kinds in another order (suite: ReturnOrderBy1 [11], WithOrderBy1 [21])"
EXTREME = "min and max of what is no number (suite: Aggregation2 [11], [12])"

KINDS = {
    "lora": [
        ("properties of a variable length are not asked for (suite: Match4 [5])", forgets_length_properties),
        (UNIQUE, finds_twice),
        (ORDER, orders_kinds),
        ("STARTS WITH of what is no text is false, not null (suite: String8 [8])", has("starts")),
        (EXTREME, lambda q, o, t, a: bool({"min", "max"} & set(aggregates(q)))),
    ],
    "graphqlite": [
        ("OPTIONAL MATCH gives other rows than one of nulls or all that are found (suite: Match7, MatchWhere6)",
         lambda q, o, t, a: optional(q)),
        ("a label of a node that was named before is not asked for (suite: Match3 [25])", forgets_labels),
        ("a variable length without direction meets loops twice (openCypher 9, uniqueness)", goes_both_ways),
        ("paths joined by a comma give other numbers of rows (suite: Match3 [23])", joins_paths),
        (UNIQUE, finds_twice),
        (ORDER, orders_kinds),
        (EXTREME, lambda q, o, t, a: bool({"min", "max"} & set(aggregates(q)))),
        ("sum of no numbers is null, not 0 (openCypher 9, sum)", lambda q, o, t, a: "sum" in aggregates(q)),
        ("STARTS WITH of what is no text is no null (suite: String8 [8])", has("starts")),
        ("relationships of a variable length are kept apart from those of the next MATCH (openCypher 9, uniqueness)", keeps_apart_clauses),
        ("DISTINCT tells equal values apart that are stored otherwise (openCypher 9, equality)", tells_equals_apart),
        ("a condition behind a WITH that aggregates is not asked for (openCypher 9, WITH)", filters_groups),
        ("values of two kinds are compared as numbers or texts (openCypher 9, comparability)", mixes_kinds),
    ],
}


def kind_of(engine, query, ours, theirs, ask):
    """The kind of a difference; nil when none explains it."""
    for kind, holds in KINDS[engine]:
        if holds(query, ours, theirs, ask):
            return kind
    return None

