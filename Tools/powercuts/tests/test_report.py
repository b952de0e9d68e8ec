# SPDX-License-Identifier: Apache-2.0
"""Whether a report says that something is wrong when it is, and the plan of the cuts."""

import tempfile
import unittest
from pathlib import Path

from powercuts import chart, figures, images, tables
from powercuts.cuts import Moment, Plan, Programs
from powercuts.judge import Tally
from powercuts.report import verdict

GOOD = Tally(cuts=9, risky_cuts=8, acknowledged=70)
LOSING = Tally(cuts=9, risky_cuts=8, acknowledged=70, lost=60, losing_cuts=8)


def results(kind="cuts", **tallies):
    """Figures with one part."""
    systems = {"cairn/single": GOOD, "cairn/control": LOSING} | {
        name.replace("_", "/"): tally for name, tally in tallies.items()
    }
    part = {
        "kind": "cuts",
        "file_system": "ext4",
        "stuck": 0,
        "tallies": {name: vars(tally) for name, tally in systems.items()},
    }
    with tempfile.TemporaryDirectory() as directory:
        figures.save(Path(directory), "one", part)
        return figures.Figures(directory)


class VerdictTests(unittest.TestCase):
    def test_good(self):
        self.assertEqual(verdict(results(rocksdb=LOSING)), [])

    def test_each_thing_that_may_be_wrong(self):
        for name in ("lost", "forked", "refused", "flawed", "unclean", "stopped"):
            wrong = verdict(results(cairn_group=Tally(cuts=9, **{name: 1})))
            self.assertEqual(len(wrong), 1, name)
            self.assertIn("cairn/group on ext4", wrong[0])

    def test_the_control_must_lose(self):
        self.assertIn("nothing was tested", verdict(results(cairn_control=GOOD))[0])
        few = Tally(cuts=9, risky_cuts=8, lost=3, losing_cuts=3)
        self.assertIn("3 of 8", verdict(results(cairn_control=few))[0])
        bug = {"bug/ack-before-sync": GOOD}
        found = results()
        found.parts[0]["tallies"] |= {name: vars(tally) for name, tally in bug.items()}
        self.assertIn("bug/ack-before-sync lost in 0 of 8", verdict(found)[0])

    def test_machines_that_were_stuck(self):
        found = results()
        found.parts[0]["stuck"] = 1
        self.assertEqual(verdict(found), ["machines on ext4 were stuck"])

    def test_faults_on_btrfs_may_lose_what_a_raw_file_loses(self):
        for file_system, count in (("btrfs", 0), ("xfs", 1)):
            found = results()
            part = {"kind": "faults", "file_system": file_system, "done": {"once": 8}}
            found.parts.append(part | {"tallies": {"once/cairn/single": vars(Tally(lost=1))}})
            self.assertEqual(len(verdict(found)), count, file_system)


    def test_trials_that_ended_early(self):
        part = {"kind": "faults", "file_system": "btrfs", "done": {"once": 1}, "tallies": {}}
        for planned, count in (({"once": 1}, 0), ({"once": 8}, 1)):
            found = results()
            found.parts.append(part | {"planned": planned, "found": ["stuck"]})
            self.assertEqual(len(verdict(found)), count)


class FiguresTests(unittest.TestCase):
    def test_parts_add_up(self):
        with tempfile.TemporaryDirectory() as directory:
            part = {"kind": "cuts", "file_system": "xfs", "boots": 4, "tallies": {"s": vars(GOOD)}}
            figures.save(Path(directory), "one", part)
            figures.save(Path(directory), "two", part)
            found = figures.Figures(directory)
        self.assertEqual(found.tallies("cuts")["xfs"]["s"].acknowledged, 140)
        self.assertEqual(found.sum("cuts", "boots"), 8)

    def test_rows_and_bars(self):
        found = results(rocksdb=GOOD).tallies("cuts")
        rows = list(tables.cut_rows(found))
        self.assertEqual([row[0] for row in rows], ["Cairn, single", "RocksDB", "**control**"])
        bad = list(tables.cut_rows({"ext4": {"cairn/single": LOSING}}))
        self.assertEqual(bad[0][4], "**60**")
        svg = chart.draw(found)
        self.assertIn("8 of 8 cuts; 60 of 70 lost", svg)
        self.assertIn('class="control" x="120"', svg)


class PlanTests(unittest.TestCase):
    def plan(self, seed=1):
        return Plan(images.FILE_SYSTEMS["xfs"], Programs(Path("crashlab")), 10, seed)

    def test_images_follow_one_another(self):
        plan, firsts = self.plan(), []
        for cut in range(1, 200):
            number, first = plan.image_of(cut)
            if cut == first:
                firsts.append(cut)
            self.assertEqual((number, first), (len(firsts), firsts[-1]))
        self.assertEqual(firsts[0], 1)
        self.assertGreater(len(firsts), 7)
        self.assertTrue(all(8 <= b - a <= 24 for a, b in zip(firsts, firsts[1:])))

    def test_a_cut_has_the_same_moment_again(self):
        moments = [Moment.draw(self.plan().generator(cut)) for cut in range(1, 300)]
        self.assertEqual(
            moments, [Moment.draw(self.plan().generator(cut)) for cut in range(1, 300)]
        )
        self.assertNotEqual(moments[0], Moment.draw(self.plan(2).generator(1)))
        self.assertTrue(20 < sum(moment.is_during_recovery for moment in moments) < 80)


if __name__ == "__main__":
    unittest.main()
