# SPDX-License-Identifier: Apache-2.0
"""Values as features write them, `(:A {k: 1})`, `[:T]`, `<(a)-[:T]->(b)>`, and one text for each, so that equal ones are alike."""

import json
import math


class Unreadable(Exception):
    """A cell that is no value."""


class Node:
    def __init__(self, labels, properties):
        self.labels, self.properties = labels, properties

    def form(self, ignoring):
        return "(" + "".join(":" + name for name in sorted(self.labels)) + entries(self.properties, ignoring) + ")"


class Relationship:
    def __init__(self, kind, properties):
        self.kind, self.properties = kind, properties

    def form(self, ignoring):
        return "[:" + self.kind + entries(self.properties, ignoring) + "]"


class Path:
    """Nodes, and between them relationships with whether they point forwards."""

    def __init__(self, nodes, links):
        self.nodes, self.links = nodes, links

    def form(self, ignoring):
        text = "<" + self.nodes[0].form(ignoring)
        for (link, forward), node in zip(self.links, self.nodes[1:]):
            shown = link.form(ignoring)
            text += (f"-{shown}->" if forward else f"<-{shown}-") + node.form(ignoring)
        return text + ">"


def entries(properties, ignoring):
    if not properties:
        return ""
    return "{" + ", ".join(f"{key}: {form(properties[key], ignoring)}" for key in sorted(properties)) + "}"


def form(value, ignoring=False):
    """The one text of a value; lists in any order when that is to be ignored."""
    if isinstance(value, (Node, Relationship, Path)):
        return value.form(ignoring)
    if isinstance(value, dict):
        return entries(value, ignoring) or "{}"
    if isinstance(value, (list, tuple)):
        forms = [form(element, ignoring) for element in value]
        return "[" + ", ".join(sorted(forms) if ignoring else forms) + "]"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return repr(value + 0.0 if value else 0.0)
    return json.dumps(value, ensure_ascii=False)


class Reader:
    """Reads one cell."""

    WORDS = {"null": None, "true": True, "false": False, "NaN": math.nan, "Inf": math.inf, "-Inf": -math.inf}

    def __init__(self, text):
        self.text, self.place = text, 0

    def cell(self):
        value = self.value()
        self.blanks()
        if self.place < len(self.text):
            raise Unreadable(self.text)
        return value

    def blanks(self):
        while self.text[self.place : self.place + 1].isspace():
            self.place += 1

    def take(self, mark):
        self.blanks()
        if self.text.startswith(mark, self.place):
            self.place += len(mark)
            return True
        return False

    def expect(self, mark):
        if not self.take(mark):
            raise Unreadable(self.text)

    def value(self):
        self.blanks()
        if self.take("["):
            return self.relationship() if self.take(":") else self.many("]", self.value)
        if self.take("{"):
            return self.map()
        if self.take("("):
            return self.node()
        if self.take("<"):
            return self.path()
        if self.take("'"):
            return self.string()
        return self.word()

    def many(self, end, one):
        found = []
        while not self.take(end):
            if found:
                self.expect(",")
            found.append(one())
        return found

    def map(self):
        def entry():
            key = self.name()
            self.expect(":")
            return key, self.value()

        return dict(self.many("}", entry))

    def name(self):
        self.blanks()
        if self.take("`"):
            end = self.text.index("`", self.place)
            name, self.place = self.text[self.place : end], end + 1
            return name
        start = self.place
        while self.place < len(self.text) and (self.text[self.place].isalnum() or self.text[self.place] == "_"):
            self.place += 1
        if start == self.place:
            raise Unreadable(self.text)
        return self.text[start : self.place]

    def node(self):
        labels = []
        while self.take(":"):
            labels.append(self.name())
        properties = self.map() if self.take("{") else {}
        self.expect(")")
        return Node(labels, properties)

    def relationship(self):
        kind = self.name()
        properties = self.map() if self.take("{") else {}
        self.expect("]")
        return Relationship(kind, properties)

    def path(self):
        self.expect("(")
        nodes, links = [self.node()], []
        while not self.take(">"):
            forward = not self.take("<-")
            if forward:
                self.expect("-")
            self.expect("[")
            self.expect(":")
            link = self.relationship()
            self.expect("->" if forward else "-")
            self.expect("(")
            links.append((link, forward))
            nodes.append(self.node())
        return Path(nodes, links)

    def string(self):
        found = []
        while True:
            if self.place >= len(self.text):
                raise Unreadable(self.text)
            letter = self.text[self.place]
            self.place += 1
            if letter == "'":
                return "".join(found)
            if letter == "\\" and self.place < len(self.text):
                letter = self.text[self.place]
                self.place += 1
                letter = {"n": "\n", "t": "\t", "r": "\r"}.get(letter, letter)
            found.append(letter)

    def word(self):
        start = self.place
        while self.place < len(self.text) and self.text[self.place] not in ",]} )":
            self.place += 1
        word = self.text[start : self.place]
        if word in self.WORDS:
            return self.WORDS[word]
        try:
            return int(word, 0)
        except ValueError:
            pass
        try:
            return float(word)
        except ValueError:
            raise Unreadable(self.text) from None
