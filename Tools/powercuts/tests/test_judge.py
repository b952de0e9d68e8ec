# SPDX-License-Identifier: Apache-2.0
"""What the judge says of lines as machines print them."""

import unittest

from powercuts.judge import Judge, head, parse_lanes, parse_runs, tail


def judged(*boots):
    """The tally of `s` after boots, each a list of lines."""
    judge = Judge()
    for number, lines in enumerate(boots, 1):
        for line in lines:
            judge.read(line, number)
    return judge


NEW = "S s absent open - 1"


class RunsTests(unittest.TestCase):
    def test_text(self):
        self.assertEqual(parse_runs("3*17+4*2"), [(3, 17), (4, 2)])
        self.assertEqual(parse_lanes("0=3*17,15=4*2"), {0: [(3, 17)], 15: [(4, 2)]})
        self.assertEqual(parse_lanes("-"), {})
        self.assertEqual(parse_lanes("0="), {0: []})

    def test_every_split(self):
        runs = [(1, 3), (2, 1), (4, 2)]
        for at in range(8):
            self.assertEqual(sum(count for _, count in head(runs, at)), min(at, 6))
            entries = [
                boot for boot, count in head(runs, at) + tail(runs, at) for _ in range(count)
            ]
            self.assertEqual(entries, [1, 1, 1, 2, 4, 4])


class JudgeTests(unittest.TestCase):
    def tally(self, *boots):
        return judged(*boots).tally("s")

    def test_everything_is_there(self):
        tally = self.tally([NEW, "A s 0 1", "A s 0 2"], ["S s clean open 0=1*2 5"])
        self.assertTrue(tally.is_sound)
        self.assertEqual((tally.cuts, tally.risky_cuts, tally.acknowledged), (1, 1, 2))

    def test_more_than_was_acknowledged(self):
        self.assertTrue(self.tally([NEW, "A s 0 2"], ["S s clean open 0=1*3 5"]).is_sound)

    def test_one_is_lost(self):
        tally = self.tally([NEW, "A s 0 2"], ["S s clean open 0=1*1 5"])
        self.assertEqual((tally.lost, tally.losing_cuts, tally.is_sound), (1, 1, False))

    def test_a_lane_that_is_gone_is_lost(self):
        tally = self.tally([NEW, "A s 0 2", "A s 7 3"], ["S s clean open 0=1*2 5"])
        self.assertEqual(tally.lost, 3)

    def test_a_store_that_is_gone_is_lost(self):
        self.assertEqual(self.tally([NEW, "A s 0 2"], ["S s absent open - 5"]).lost, 2)

    def test_what_was_lost_is_lost_once(self):
        lines = ["S s clean open 0=1*1 5"]
        tally = self.tally([NEW, "A s 0 5"], lines, lines)
        self.assertEqual((tally.lost, tally.cuts), (4, 2))

    def test_shown_and_then_gone_is_taken_back(self):
        tally = self.tally([NEW, "A s 0 1"], ["S s clean open 0=1*3 5"], ["S s clean open 0=1*2 5"])
        self.assertEqual((tally.taken_back, tally.lost), (1, 0))

    def test_an_older_boot_comes_back(self):
        # The third boot has entries of the first one behind what the second one showed.
        tally = self.tally([NEW, "A s 0 1"], ["S s clean open 0=1*1 5"], ["S s clean open 0=1*3 5"])
        self.assertEqual(tally.forked, 1)

    def test_another_history(self):
        tally = self.tally(
            [NEW, "A s 0 2"], ["S s clean open 0=1*2 5", "A s 0 3"], ["S s clean open 0=1*1+2*2 5"]
        )
        self.assertEqual(tally.forked, 1)

    def test_refused(self):
        judge = judged([NEW, "A s 0 2"], ["S s corruption refused - 0"])
        tally = judge.tally("s")
        self.assertEqual((tally.refused, tally.unclean, tally.is_sound), (1, 1, False))
        self.assertEqual(tally.lost, 0)
        self.assertIn("refused to open, with 2 acknowledged", judge.new_complaints[0][1])

    def test_a_torn_end_is_no_fault(self):
        tally = self.tally([NEW, "A s 0 2"], ["S s tornTail open 0=1*2 5"])
        self.assertEqual((tally.torn, tally.is_sound), (1, True))

    def test_other_verdicts_are(self):
        for verdict in ("corruption", "missingSegment", "unverified", "notALog"):
            tally = self.tally([NEW, "A s 0 2"], [f"S s {verdict} open 0=1*2 5"])
            self.assertEqual((tally.unclean, tally.is_sound), (1, False), verdict)

    def test_flaws_and_errors(self):
        self.assertEqual(self.tally(["F s entry-4-after-2"]).flawed, 1)
        self.assertEqual(self.tally(["E s the commit may or may not be there"]).stopped, 1)

    def test_a_copy_may_have_older_boots(self):
        store, boot = "cairn/archive", "S cairn/archive"
        judge = judged(
            [f"{boot} absent open - 1", f"A {store} 0 9"],
            [f"{boot} clean open 0=1*9,1= 1", f"A {store} 0 12", f"A {store} 1 12"],
            [f"{boot} clean open 0=1*9+2*3,1=1*9+2*3 1"],
        )
        self.assertTrue(judge.tally(store).is_sound)
        judge.read(f"{boot} clean open 0=1*9+2*3,1=1*9+2*2+3*1 1", 4)
        self.assertEqual(judge.tally(store).forked, 1)

    def test_a_copy_has_what_was_copied(self):
        store, boot = "cairn/archive", "S cairn/archive"
        judge = judged(
            [f"{boot} absent open - 1", f"A {store} 0 12"],
            [f"{boot} clean open 0=1*9+2*3,1=1*9+3*3 1"],
        )
        self.assertEqual(judge.tally(store).forked, 2)  # lane 0 has entries of boot 2, too

    def test_a_store_that_nobody_wrote(self):
        tally = self.tally(["S s clean open 0=1*2 5"])
        self.assertEqual((tally.cuts, tally.forked), (1, 1))

    def test_acknowledgements_in_another_order(self):
        tally = self.tally([NEW, "A s 0 5", "A s 0 4"], ["S s clean open 0=1*4 5"])
        self.assertEqual(tally.lost, 1)

    def test_the_kernels_lines_are_passed_over(self):
        judge = judged(["random: crng init done", "A", "S", "A s 0 x", "S s clean"])
        self.assertEqual(judge.tallies, {})

    def test_a_new_image_starts_over(self):
        judge = judged([NEW, "A s 0 2"])
        judge.forget()
        judge.read(NEW, 2)
        self.assertEqual((judge.tally("s").cuts, judge.tally("s").lost), (0, 0))


if __name__ == "__main__":
    unittest.main()
