# SPDX-License-Identifier: Apache-2.0
"""The reader and the runner know no format: nothing that a description names stands in their sources."""

import ast
import json
import unittest

from .support import DESCRIPTIONS, ROOT, TOOL, json_files
from formatreader.expressions import FUNCTIONS, KNOWN_NAMES, SPECIAL

#: The errors that belong to the kinds of fields, not to a format.
KIND_ERRORS = {"truncated", "numberTooLarge", "nonCanonical", "countTooLarge", "invalidUTF8"}
#: Words of the protocol, of the rules of sets, of JUnit's reports and of Python.
OTHER_WORDS = {"element", "file", "path", "time", "seconds", "message", "true", "false"}
SCHEMAS = (DESCRIPTIONS / "description.schema.json", ROOT / "Tests/Golden/vectors.schema.json")
NUMBER_MIN_TOLD = 10_000


def literals(tree):
    """The texts and numbers in a source, without its documentation."""
    documentation = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__slots__":
            documentation.update(id(inner) for inner in ast.walk(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield node.value


def strings(content):
    """All texts in JSON, names of members among them."""
    if isinstance(content, str):
        yield content
    for inner in content if isinstance(content, list) else ():
        yield from strings(inner)
    if isinstance(content, dict):
        for name, inner in content.items():
            yield name
            yield from strings(inner)


def vocabulary():
    """The words of the language of descriptions and vectors."""
    words = KIND_ERRORS | OTHER_WORDS | set(FUNCTIONS) | set(SPECIAL) | set(KNOWN_NAMES)
    for path in SCHEMAS:
        words |= set(strings(json.loads(path.read_text())))
    return words


def named(description):
    """The names and large numbers that are about a format."""
    names = {description["name"], description["root"], description["delivers"]}
    names |= set(description["limits"]) | set(description["tags"]) | set(description["errors"])
    names |= {known["name"] for known in description["context"]} | set(description["types"])
    numbers = {int(value) for value in description["limits"].values()}
    for table in description["tags"].values():
        for value in table["values"]:
            names |= {value["name"]} | set(value.get("attributes", {}))

    def walk(content):
        if isinstance(content, dict):
            names.update(content[key] for key in ("name", "id", "layout") if isinstance(content.get(key), str))
            if isinstance(content.get("number"), str):
                numbers.add(int(content["number"]))
            for inner in content.values():
                walk(inner)
        elif isinstance(content, list):
            for inner in content:
                walk(inner)
        elif isinstance(content, int):
            numbers.add(content)

    walk(description["types"])
    walk(description["tail"])
    return names, {number for number in numbers if is_telling(number)}


def is_telling(number):
    """Whether a number is of a format, and not a round one that anything may have."""
    digits, bits = str(number).rstrip("0"), bin(number)[2:]
    return number >= NUMBER_MIN_TOLD and digits != "1" and "1" in bits[1:] and "0" in bits


class IgnoranceTests(unittest.TestCase):
    def setUp(self):
        self.names, self.numbers = set(), set()
        for content in json_files(DESCRIPTIONS).values():
            if "types" in content:
                names, numbers = named(content)
                self.names |= names
                self.numbers |= numbers
        self.names -= vocabulary()

    def sources(self):
        paths = [*TOOL.glob("formatreader/*.py"), *TOOL.glob("suite/*.py"), TOOL / "reader.py"]
        paths += [TOOL / name for name in ("run", "read-directory") if (TOOL / name).exists()]
        self.assertGreater(len(paths), 10)
        return paths

    def test_no_name_or_number_of_a_format_is_in_the_sources(self):
        self.assertGreater(len(self.names), 100)
        for path in self.sources():
            for literal in literals(ast.parse(path.read_text())):
                if isinstance(literal, bytes):
                    literal = literal.decode("latin-1")
                if isinstance(literal, str):
                    self.assertFalse(literal in self.names, "%r in %s" % (literal, path.name))
                    for number in self.numbers:
                        self.assertNotIn(str(number), literal, path.name)
                elif isinstance(literal, int):
                    self.assertNotIn(literal, self.numbers, path.name)

    def test_a_magic_would_be_found(self):
        magics = [number for number in self.numbers if number > 1 << 60]
        self.assertGreater(len(magics), 1)
        source = "a = %d\nb = 'header' + 'frames'" % magics[0]
        found = set(literals(ast.parse(source)))
        self.assertTrue(found & self.numbers and found & self.names)
