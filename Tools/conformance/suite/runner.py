# SPDX-License-Identifier: Apache-2.0
"""Runs vectors against a testee, on several processes, and gives a result for each case."""

import multiprocessing
import sys

from formatreader import description
from . import comparing, vectors
from .testee import ProcessTestee, ReaderTestee, TesteeError

PART_CASES = 150
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
RECURSION_MAX = 20_000


class Options:
    """What to run, and against what."""

    def __init__(
        self, descriptions, vector_directory, testee=None, filters=(), categories=(), timeout=20.0,
        jobs=2, by_category=False, stop_early=False,
    ):
        self.descriptions, self.vectors, self.testee = descriptions, vector_directory, testee
        self.filters, self.categories = tuple(filters), tuple(categories)
        self.timeout, self.jobs, self.by_category = timeout, jobs, by_category
        self.stop_early = stop_early


class Result:
    """What came of one case."""

    __slots__ = ("name", "group", "categories", "status", "message")

    def __init__(self, name, group, categories, status, message=None):
        self.name, self.group, self.categories = name, group, categories
        self.status, self.message = status, message

    @property
    def format(self):
        return self.name.split("/", 1)[0]


class Worker:
    """One process: it has its own testee, and takes parts of the suite."""

    def __init__(self, options, formats=None, files=None):
        sys.setrecursionlimit(RECURSION_MAX)
        self.options = options
        self.formats, self.digests = formats or description.load(options.descriptions)
        self.files = files or vectors.load(options.vectors)
        if options.testee:
            self.testee = ProcessTestee(options.testee, options.timeout)
        else:
            self.testee = ReaderTestee(self.formats)
        self.greeting = self.testee.greeting
        self._next = 0

    def parts(self):
        """The suite in parts: file, sweep (or None for the tests), first and last index."""
        for number, file in enumerate(self.files):
            lists = [(None, 0, len(file.content["tests"]))]
            lists += [
                (index, *sweep["range"]) for index, sweep in enumerate(file.content["sweeps"])
            ]
            for sweep, first, end in lists:
                for start in range(first, end, PART_CASES):
                    yield number, sweep, start, min(end, start + PART_CASES)

    def run(self, part):
        """The results of a part."""
        number, sweep, start, stop = part
        file = self.files[number]
        if sweep is None:
            tests = file.content["tests"][start:stop]
            cases = ((test["name"], lambda test=test: file.case(test)) for test in tests)
        else:
            content = file.content["sweeps"][sweep]
            format = self.formats.get(file.format)
            names = ["%s/%d" % (content["name"], index) for index in range(start, stop)]
            if not self._wants_any(file, names, ["sweep-" + content["op"]]):
                return []
            made = file.derived(content, start, stop, format)
            cases = ((name, lambda made=made: next(made)) for name in names)
        results = []
        for name, make in cases:
            case = make()
            if self._wants(case.name, case.categories):
                group = case.name if sweep is None else case.name.rsplit("/", 1)[0]
                results.append(self._judge(case, group))
                if self.options.stop_early and results[-1].status == FAILED:
                    break
        return results

    def _wants(self, name, categories):
        options = self.options
        return (not options.filters or any(word in name for word in options.filters)) and (
            not options.categories or any(word in categories for word in options.categories)
        )

    def _wants_any(self, file, names, categories):
        return any(self._wants("%s/%s" % (file.format, name), categories) for name in names)

    def _judge(self, case, group):
        def result(status, message=None):
            return Result(case.name, group, case.categories, status, message)

        if case.format not in self.greeting["formats"]:
            return result(SKIPPED, "the testee does not read this format")
        modes = [mode for mode in case.modes if mode in self.greeting["modes"]]
        if not modes:
            return result(SKIPPED, "the testee has none of the modes")
        self._next += 1
        try:
            answer = self.testee.answer(case.request(self._next, modes))
        except TesteeError as error:
            return result(FAILED, str(error))
        if "skipped" in answer:
            return result(SKIPPED, str(answer["skipped"]))
        if "failed" in answer:
            return result(FAILED, str(answer["failed"]))
        format = self.formats[case.format]
        reports = self.greeting.get("reports", ())
        found = comparing.difference(case, answer, modes, reports, format.category)
        if found is None or found.near and self.options.by_category:
            return result(PASSED)
        return result(FAILED, str(found))

    def defects(self):
        """Results for vector files that contradict themselves."""
        for file in self.files:
            name = "%s/file" % file.format
            if self._wants(name, ["file"]):
                found = list(file.defects(self.formats, self.digests))
                status = FAILED if found else PASSED
                yield Result(name, name, ["file"], status, "; ".join(found) or None)


_worker = None


def _begin(options):
    global _worker
    _worker = Worker(options)


def _run_part(part):
    return _worker.run(part)


def run(options):
    """The greeting of the testee, and the results of all cases."""
    first = Worker(options)
    try:
        results = list(first.defects())
        parts = list(first.parts())
        if options.jobs <= 1:
            for part in parts:
                results += first.run(part)
                if options.stop_early and any(one.status == FAILED for one in results):
                    break
        else:
            with multiprocessing.Pool(options.jobs, _begin, (options,)) as pool:
                for found in pool.imap(_run_part, parts):
                    results += found
    finally:
        first.testee.close()
    return first.greeting, results
