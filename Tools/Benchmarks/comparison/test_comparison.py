# SPDX-License-Identifier: Apache-2.0
"""Tests of what makes tables out of results. Run by Tools/Benchmarks/smoke."""

import json
import unittest
import xml.etree.ElementTree as ElementTree

from . import chart, document, plan
from .statistics import Results, median, spread
from .targets import Target, evaluate


def line(workload, peer, number, ops, **more):
    return {
        "workload": workload,
        "peer": peer,
        "round": number,
        "ops_per_s": ops,
        "payload": 128,
        "operations": 10,
        **more,
    }


class StatisticsTests(unittest.TestCase):
    def test_median_and_spread(self):
        self.assertEqual(median([3, 1, 2]), 2)
        self.assertEqual(median([4, 1, 3, 2]), 2.5)
        self.assertIsNone(median([]))
        self.assertEqual(spread([90, 100, 120]), 0.3)
        self.assertIsNone(spread([1]))

    def test_ratios_are_taken_within_each_round_against_the_best(self):
        results = Results(
            [
                line("w", "us", 0, 10),
                line("w", "a", 0, 5),
                line("w", "b", 0, 2),
                line("w", "us", 1, 30),
                line("w", "a", 1, 1),
                line("w", "b", 1, 10),
                line("w", "us", 2, 7),
            ]
        )
        theirs = [{"workload": "w", "peer": "a"}, {"workload": "w", "peer": "b"}]
        self.assertEqual(results.ratios("ops_per_s", {"peer": "us"}, theirs), [2, 3])

    def test_none_selects_lines_without_the_field(self):
        results = Results([line("w", "us", 0, 10), line("w", "us", 0, 20, policy="other")])
        self.assertEqual(results.values("ops_per_s", policy=None), [10])


class TargetTests(unittest.TestCase):
    def verdict(self, value, must, goal, is_ceiling=False):
        return Target("work", "", "×", [value], must, goal, is_ceiling).verdict

    def test_verdicts_of_floors(self):
        self.assertEqual(self.verdict(0.45, 0.9, 1), "**must missed** by 50 %")
        self.assertEqual(self.verdict(0.9, 0.9, 1), "must met, goal missed by 10 %")
        self.assertEqual(self.verdict(1, 0.9, 1), "goal met")
        self.assertEqual(self.verdict(5, 5, None), "must met")
        self.assertEqual(self.verdict(0.4, None, 0.5), "goal missed by 20 %")

    def test_verdicts_of_ceilings(self):
        self.assertEqual(self.verdict(0.75, 0.6, 0.3, True), "**must missed** by 25 %")
        self.assertEqual(
            self.verdict(0.6, 0.6, 0.3, True), "must met, goal missed by a factor of 2"
        )
        self.assertEqual(self.verdict(120, 10, 1, True), "**must missed** by a factor of 12")
        self.assertEqual(self.verdict(0.3, 0.6, 0.3, True), "goal met")

    def test_without_results_nothing_is_measured(self):
        for target in evaluate(Results([])):
            self.assertEqual(target.verdict, "not measured")

    def test_composed_types_are_compared_with_as_many_callers_of_the_same_kind(self):
        def commits(peer, mode, ops, callers=64):
            return line("graph-write", peer, 0, ops, callers=callers, mode=mode)

        results = Results(
            [
                commits("cairn", "tasks", 40),
                commits("cairn", "threads", 1000),
                commits("cairn-log", "tasks", 100),
                commits("cairn-log", "threads", 1),
                commits("cairn-log", "tasks", 1, callers=8),
                commits("sqlite-wal", "threads", 8),
                commits("rocksdb", "threads", 80),
            ]
        )
        found = {target.against: target.value for target in evaluate(results) if target.value}
        self.assertEqual(
            found,
            {
                "the log's own, as many": 0.4,
                "SQLite's 64 threads": 5,
                "RocksDB's 64 threads": 0.5,
            },
        )

    def test_a_reader_and_a_commit_are_compared_with_themselves(self):
        def read(what, beside, p99):
            return line("read-beside-writer", "cairn", 0, 1, what=what, beside=beside, p99_us=p99)

        def publish(size, us):
            more = {"what": "one node", "callers": 1, "mode": "threads"}
            return line("publish-cost", "cairn", 0, 1, size=size, us_per_op=us, **more)

        held = {"what": "view of a graph", "delay_p99_us": 1500}
        results = Results(
            [
                read("node count", "alone", 2),
                read("node count", "writer", 6),
                read("property of a node", "writer", 100),
                line("commit-beside-reader", "cairn", 0, 1, **held),
                publish("small", 10),
                publish("large", 16),
                publish("large", 99) | {"policy": "written"},
            ]
        )
        found = [target for target in evaluate(results) if target.value is not None]
        self.assertEqual([target.value for target in found], [3, 1.5, 1.6])
        self.assertEqual(
            [target.verdict for target in found],
            ["must met", "**must missed** by 50 %", "**must missed** by 7 %"],
        )

    def test_each_target_finds_its_results_in_the_plan(self):
        """Made-up results of all runs of the plan leave no target without a number."""
        lines = []
        for group in plan.groups(False, 1, 1):
            for run in group.runs:
                lines += made_up(run)
        unmeasured = [t.work for t in evaluate(Results(lines)) if t.value is None]
        self.assertEqual(unmeasured, [])
        drawn = ElementTree.fromstring(chart.svg(Results(lines)))
        self.assertEqual(len(drawn.findall(".//*[@class='title']")), 8)
        self.assertEqual(len(drawn.findall("{*}rect")), 1 + 6 + 7 + 7 + 5 + 5 + 6 + 4 + 6)
        page = document.document(Results(lines), CONTEXT)
        self.assertIn("Why it is so", page)
        self.assertIn("LoraDB (no durable commit", page)
        self.assertIn("| the log alone, tasks |", page)
        self.assertIn("| RocksDB, points of a player | beside a writer |", page)
        self.assertIn("| beside a view of a graph, held for 100 ms |", page)
        self.assertIn("| one property, durable, 64 tasks |", page)
        self.assertIn("| one property, written, 1 caller |", page)
        self.assertNotIn("not quiet", page)
        self.assertIn(
            "not quiet", document.document(Results(lines), CONTEXT | {"disturbance": 0.5})
        )
        for text in page.splitlines():
            if text.startswith("|"):
                self.assertTrue(text.endswith("|"), text)


CONTEXT = {
    "machine": {"Processor": "one"},
    "versions": {"rocksdb": "7"},
    "rounds": 1,
    "seconds": 1,
    "disturbance": 0.01,
    "notes": "## Notes\n\nWhy it is so.\n",
}


def made_up(run):
    """The lines that a run would print, with numbers of no meaning."""
    words = dict(zip(run.arguments[::2], run.arguments[1::2]))
    arguments = list(run.arguments)

    def option(name, default):
        return arguments[arguments.index(name) + 1] if name in arguments else default

    ours = "cairn-log" if "--log-alone" in arguments else "cairn"
    if "--container" in arguments or "container-growth" in arguments:
        ours = "cairn-container"
    if "--encrypted" in arguments:
        ours = "cairn-encrypted"
    peer = {"cairn": ours, "lora": "loradb", "ladybug": "ladybug"}.get(run.side) or {
        "raw": "raw-floor",
        "sqlite": "sqlite-wal",
    }.get(option("--peer", ""), option("--peer", ""))
    workload = words["--workload"]
    if workload == "replay" and peer == "raw-floor":
        peer = "raw-read+crc32c"
    base = line(
        workload,
        peer,
        0,
        1000,
        payload=int(option("--payload", 128)),
        p50_us=1,
        p99_us=2,
        max_us=3,
        commits_per_sync=4,
        peak_growth_bytes=5,
        resident_growth_bytes=6,
        snapshot_bytes=7,
        seconds=8,
        nodes=9,
        quiet_max_us=1,
        rotations=2,
        rotation_p50_us=3,
        ns_per_op=4,
        mb_per_s=5,
        what="all",
        callers=int(option("--callers", 1)),
        mode="tasks" if "--tasks" in arguments else "threads",
    )
    if "--sync-interval" in arguments and workload == "buffered":
        base["sync_interval_ms"] = int(option("--sync-interval", 0))
    base |= dict(run.marks)
    return [json.loads(json.dumps(base | more)) for more in variants(workload, peer)]


def variants(workload, peer):
    """What sets the lines of one run apart."""
    reads = ("points of a player", "node count", "property of a node")
    if workload == "snapshot":
        return [{"workload": "snapshot-save"}, {"workload": "snapshot-load"}]
    if workload == "graph-write" and peer == "loradb":
        return [{"is_durable": False}]
    if workload == "read-beside-writer":
        whats, besides = (reads, ("alone", "writer", "checkpoint"))
        if peer != "cairn":
            whats, besides = reads[:1], besides[:2]
        return [{"what": what, "beside": beside} for what in whats for beside in besides]
    if workload == "commit-beside-reader":
        whats = ("read of a state", "read of a graph", "view of a graph")
        return [{"what": what, "quiet_p99_us": 1, "delay_p99_us": 2} for what in whats]
    if workload == "publish-cost":
        return [
            {"what": what, "size": size, "us_per_op": 1}
            for what in ("one node", "one property")
            for size in ("small", "large")
        ]
    if workload == "cipher":
        return [{"what": "encrypt"}, {"what": "decrypt"}]
    if workload == "container-growth":
        return [{"size": size, "us_per_op": 1} for size in ("small", "large")]
    return [{}]


if __name__ == "__main__":
    unittest.main()
