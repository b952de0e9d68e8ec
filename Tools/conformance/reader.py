#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads one input of a format by its description, or answers requests of the conformance suite."""

import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from formatreader import description  # noqa: E402
from formatreader.machine import ResourceFailure  # noqa: E402
from suite.runner import RECURSION_MAX  # noqa: E402
from suite.testee import ReaderTestee, serve  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("format", nargs="?", help="the name of a description")
    parser.add_argument("file", nargs="?", help="the input")
    parser.add_argument("--testee", action="store_true", help="speak the protocol of README.md")
    parser.add_argument("--descriptions", default=HERE.parent.parent / "Docs/Formats", metavar="DIR")
    chosen = parser.parse_args()
    sys.setrecursionlimit(RECURSION_MAX)
    formats, _ = description.load(chosen.descriptions)
    if chosen.testee:
        serve(ReaderTestee(formats), sys.stdin, sys.stdout)
        return 0
    if chosen.format not in formats or not chosen.file:
        parser.error("say a format (%s) and a file" % ", ".join(sorted(formats)))
    try:
        outcome = formats[chosen.format].read(pathlib.Path(chosen.file).read_bytes())
    except ResourceFailure as error:
        print(error, file=sys.stderr)
        return 2
    answer = {"outcomes": outcome.modes, "check": outcome.check, "allocated": outcome.allocated}
    if outcome.value is not None:
        answer["value"] = description.shown(outcome.value)
    print(json.dumps(answer, indent=2))
    return 0 if outcome.modes["strict"]["result"] == "valid" else 1


if __name__ == "__main__":
    sys.exit(main())
