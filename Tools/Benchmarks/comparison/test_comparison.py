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

    def test_each_target_finds_its_results_in_the_plan(self):
        """Made-up results of all runs of the plan leave no target without a number."""
        lines = []
        for group in plan.groups(False, 1, 1):
            for run in group.runs:
                lines += made_up(run)
        unmeasured = [t.work for t in evaluate(Results(lines)) if t.value is None]
        self.assertEqual(unmeasured, [])
        drawn = ElementTree.fromstring(chart.svg(Results(lines)))
        self.assertEqual(len(drawn.findall(".//*[@class='title']")), 6)
        self.assertEqual(len(drawn.findall("{*}rect")), 6 + 7 + 7 + 6 + 4 + 6)
        page = document.document(Results(lines), CONTEXT)
        self.assertIn("Why it is so", page)
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

    peer = {"cairn": "cairn", "lora": "loradb"}.get(run.side) or {
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
    if workload == "snapshot":
        return [base | {"workload": "snapshot-save"}, base | {"workload": "snapshot-load"}]
    return [json.loads(json.dumps(base))]


if __name__ == "__main__":
    unittest.main()
