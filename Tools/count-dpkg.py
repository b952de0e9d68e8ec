#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the nodes and relationships that a Debian package list stands for.

Usage: count-dpkg.py [FILE]        (standard input without FILE)

Prints one JSON object: stanzas, nodes, relationships, labels, types. It shares nothing with the
importer of `cairn`, so that the two can be compared. It trusts its input: malformed text is not its
business.
"""

import collections
import json
import re
import sys

RELATION_FIELDS = (
    "depends", "pre-depends", "recommends", "suggests",
    "conflicts", "breaks", "replaces", "provides",
)


def stanzas(lines):
    """Yields a dictionary of lower-case field names to values for each stanza."""
    fields, name = {}, None
    for line in lines:
        line = line.rstrip()
        if line.startswith("#"):
            continue
        if not line:
            if fields:
                yield fields
            fields, name = {}, None
        elif line[0] in " \t":
            fields[name] += "\n" + line
        else:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    if fields:
        yield fields


def targets(value):
    """Lists the package name of every alternative of every comma clause."""
    return [
        re.split(r"[\s:(\[<]", alternative.strip())[0]
        for clause in value.split(",") if clause.strip()
        for alternative in clause.split("|")
    ]


def main():
    source = open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin
    count = 0
    mentioned = set()
    outgoing = {}
    with source:
        for fields in stanzas(source):
            count += 1
            types = collections.Counter()
            for field in RELATION_FIELDS:
                names = targets(fields.get(field, ""))
                mentioned.update(names)
                if names:
                    types[field.upper().replace("-", "_")] += len(names)
            # A later stanza of the same name replaces the earlier one.
            outgoing[fields["package"]] = types
    virtual = mentioned - outgoing.keys()
    labels = {"Package": len(outgoing), "VirtualPackage": len(virtual)}
    types = sum(outgoing.values(), collections.Counter())
    json.dump(
        {
            "stanzas": count,
            "nodes": sum(labels.values()),
            "relationships": sum(types.values()),
            "labels": {label: number for label, number in labels.items() if number},
            "types": dict(types),
        },
        sys.stdout, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
