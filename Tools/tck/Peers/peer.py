#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the scenarios that `tck --engine` gives on another engine, and says what came of each.

Standard input has a line with the graphs of the suite, then a line for each scenario; standard output gets a line for each: its
verdict and the reason. Each scenario runs in a process of its own, which is ended after 20 seconds: some never end, some crash.

An engine passes where it raises any error that is demanded: kinds and details have names of their own everywhere. Scenarios with
procedures are skipped, since none of the engines lets its host declare one.
"""

import argparse
import json
import multiprocessing
import sys

from cells import Reader, Unreadable, form
from engines import ENGINES

SECONDS = 20


class Verdict(Exception):
    """Ends a scenario."""

    def __init__(self, verdict, reason):
        super().__init__(reason)
        self.line = {"verdict": verdict, "reason": reason}


def failed(reason):
    return Verdict("failed", reason[:400])


class Run:
    """One scenario on one engine."""

    def __init__(self, engine, graphs):
        self.engine, self.graphs = engine, graphs
        self.parameters, self.outcome, self.error, self.before = {}, None, None, None

    def take(self, step):
        text, rows = step["text"], step["table"]
        if text in ("an empty graph", "any graph"):
            self.engine.begin()
        elif text == "having executed:":
            self.prepare(step["document"])
        elif text == "parameters are:":
            self.parameters = {name: cell(value) for name, value in rows}
        elif text in ("executing query:", "executing control query:"):
            self.execute(step["document"])
        elif text == "no side effects":
            self.check_effects({})
        elif text == "the side effects should be:":
            self.check_effects({name: int(count) for name, count in rows})
        elif text == "the result should be empty":
            self.check_rows(rows, False, False)
        elif text.startswith("the result should be"):
            self.check_rows(rows, "in order" in text, "ignoring element order" in text)
        elif " should be raised at " in text:
            if self.error is None:
                raise failed(f"no error, expected {text}")
        elif text.startswith("the ") and text.endswith(" graph"):
            self.engine.begin()
            self.prepare(self.graphs[text[4:-6]])
        else:
            raise Verdict("skipped", f"step: {text}")

    def prepare(self, text):
        try:
            self.engine.run(text, self.parameters)
        except Exception as error:  # noqa: BLE001 - each engine has errors of its own
            raise failed(f"preparation: {error}") from None

    def execute(self, text):
        self.before = summary(self.engine.content())
        try:
            self.outcome, self.error = self.engine.run(text, self.parameters), None
        except Exception as error:  # noqa: BLE001
            self.outcome, self.error = None, str(error)

    def check_rows(self, table, is_ordered, ignoring):
        if self.outcome is None:
            raise failed(f"error: {self.error}")
        columns, rows = self.outcome
        header = table[0] if table else []
        # Some engines name no columns where there is no row.
        if set(header) != set(columns) and (columns or rows):
            raise failed(f"columns {columns}, expected {header}")
        expected = [" | ".join(form(cell(text), ignoring) for text in row) for row in table[1:]]
        places = [columns.index(name) for name in header] if rows else []
        found = [" | ".join(form(row[place], ignoring) for place in places) for row in rows]
        if not is_ordered:
            expected.sort()
            found.sort()
        if found != expected:
            raise failed(f"rows {found[:6]} of {len(found)}, expected {expected[:6]} of {len(expected)}")

    def check_effects(self, expected):
        if self.outcome is None:
            raise failed(f"error: {self.error}")
        after = summary(self.engine.content())
        for name in self.before:
            for sign, count in (("+", after[name] - self.before[name]), ("-", self.before[name] - after[name])):
                if len(count) != expected.get(sign + name, 0):
                    raise failed(f"{sign}{name} {len(count)}, expected {expected.get(sign + name, 0)}")


def cell(text):
    try:
        return Reader(text).cell()
    except Unreadable:
        raise Verdict("skipped", f"unreadable cell {text}") from None


def summary(content):
    """What side effects are counted in."""
    nodes, links = content
    properties = {("n", number, key, form(value)) for number, _, found in nodes for key, value in found.items()}
    properties |= {("r", number, key, form(value)) for number, _, found in links for key, value in found.items()}
    return {
        "nodes": {number for number, _, _ in nodes},
        "relationships": {number for number, _, _ in links},
        "labels": {label for _, labels, _ in nodes for label in labels},
        "properties": properties,
    }


def serve(name, graphs, pipe):
    """Runs one scenario after the other."""
    while True:
        scenario = pipe.recv()
        try:
            run = Run(ENGINES[name](), graphs)
            for step in scenario["steps"]:
                run.take(step)
            pipe.send({"verdict": "passed", "reason": ""})
        except Verdict as verdict:
            pipe.send(verdict.line)
        except Exception as error:  # noqa: BLE001
            pipe.send(failed(f"{type(error).__name__}: {error}").line)


class Worker:
    """A process that runs scenarios, begun anew when one of them does not come back."""

    def __init__(self, name, graphs):
        self.arguments = (name, graphs)
        self.process = None

    def run(self, scenario):
        if self.process is None:
            self.pipe, theirs = multiprocessing.Pipe()
            self.process = multiprocessing.Process(target=serve, args=(*self.arguments, theirs), daemon=True)
            self.process.start()
            theirs.close()
        try:
            self.pipe.send(scenario)
            if self.pipe.poll(SECONDS):
                return self.pipe.recv()
            reason = f"no answer in {SECONDS} seconds"
        except (EOFError, OSError):
            reason = "the process of the engine ended"
        self.process.kill()
        self.process = None
        return failed(reason).line


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=sorted(ENGINES), required=True)
    name = parser.parse_args().engine
    try:
        ENGINES[name]().begin()
    except Exception as error:  # noqa: BLE001
        sys.exit(f"peer: {name} does not run here: {error}")
    worker = None
    for line in sys.stdin:
        entry = json.loads(line)
        if worker is None:
            worker = Worker(name, entry["graphs"])
            continue
        print(json.dumps(worker.run(entry)), flush=True)


if __name__ == "__main__":
    main()
