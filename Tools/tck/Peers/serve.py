#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Answers statements on one engine, in the form of `tck --serve`: see Tools/tck/differ."""

import argparse
import json
import sys

from cells import form
from engines import ENGINES


def answer(engine, text):
    try:
        columns, rows = engine.run(text, {})
        return {"columns": columns, "rows": [[form(value) for value in row] for row in rows]}
    except Exception as error:  # noqa: BLE001 - each engine has errors of its own
        return {"error": str(error)[:400] or type(error).__name__}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=sorted(ENGINES), required=True)
    name = parser.parse_args().engine
    for line in sys.stdin:
        request = json.loads(line)
        engine = ENGINES[name]()
        engine.begin()
        for statement in request["setup"]:
            engine.run(statement, {})
        print(json.dumps([answer(engine, text) for text in request["queries"]]), flush=True)


if __name__ == "__main__":
    main()
