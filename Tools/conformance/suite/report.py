# SPDX-License-Identifier: Apache-2.0
"""Says what came of a run: for people, as JSON, and as JUnit XML."""

import json
from collections import Counter, OrderedDict
from xml.etree import ElementTree

from .runner import FAILED, PASSED, SKIPPED

STATUSES = (PASSED, FAILED, SKIPPED)


def counted(results, names):
    """How many results of each status, by each of the names that a result has."""
    table = OrderedDict()
    for result in results:
        for name in names(result):
            table.setdefault(name, Counter())[result.status] += 1
    return table


def text(greeting, results, seconds, failures_max):
    """The report for people, line by line."""
    tables = (
        ("format", counted(results, lambda result: [result.format])),
        ("category", counted(results, lambda result: result.categories)),
    )
    failures = [result for result in results if result.status == FAILED]
    for result in failures[:failures_max]:
        yield "FAILED %s: %s" % (result.name, result.message)
    if len(failures) > failures_max:
        yield "... and %d more" % (len(failures) - failures_max)
    for title, table in tables:
        yield ""
        yield "%-18s %8s %8s %8s" % (title, *STATUSES)
        for name in table if title == "format" else sorted(table):
            yield "%-18s %8d %8d %8d" % (name, *(table[name][status] for status in STATUSES))
    totals = Counter(result.status for result in results)
    yield ""
    yield "%s: %d cases in %.1f s: %s" % (
        greeting.get("name", "testee"), len(results), seconds,
        ", ".join("%d %s" % (totals[status], status) for status in STATUSES),
    )


def as_json(greeting, results, seconds):
    """The report for programs."""
    totals = Counter(result.status for result in results)
    report = {
        "testee": {key: greeting.get(key) for key in ("name", "version", "formats", "modes")},
        "seconds": round(seconds, 3),
        "cases": len(results),
        **{status: totals[status] for status in STATUSES},
        "formats": _plain(counted(results, lambda result: [result.format])),
        "categories": _plain(counted(results, lambda result: result.categories)),
        "failures": [
            {"case": result.name, "message": result.message}
            for result in results if result.status == FAILED
        ],
    }
    return json.dumps(report, indent=2)


def _plain(table):
    return {
        name: {status: counts[status] for status in STATUSES} for name, counts in table.items()
    }


def write_junit(path, results, seconds):
    """A test case for each vector, and one for each sweep."""
    groups = OrderedDict()
    for result in results:
        groups.setdefault(result.group, []).append(result)
    suite = ElementTree.Element(
        "testsuite", name="conformance", tests=str(len(groups)), time="%.3f" % seconds
    )
    counts = Counter()
    for name, members in groups.items():
        format, _, rest = name.partition("/")
        case = ElementTree.SubElement(suite, "testcase", classname=format, name=rest)
        failed = [member for member in members if member.status == FAILED]
        if failed:
            counts[FAILED] += 1
            message = "%d of %d: %s: %s" % (
                len(failed), len(members), failed[0].name, failed[0].message
            )
            ElementTree.SubElement(case, "failure", message=message)
        elif all(member.status == SKIPPED for member in members):
            counts[SKIPPED] += 1
            ElementTree.SubElement(case, "skipped", message=members[0].message or "")
    suite.set("failures", str(counts[FAILED]))
    suite.set("skipped", str(counts[SKIPPED]))
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
