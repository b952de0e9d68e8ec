# SPDX-License-Identifier: Apache-2.0
"""Tests of what the peers in Python are measured with. Run by Tools/Benchmarks/smoke."""

import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Peers"))

import timing  # noqa: E402


class TimingTests(unittest.TestCase):
    def test_a_share_is_the_lowest_duration_that_so_many_do_not_exceed(self):
        durations = [1000 * number for number in range(1, 101)]
        self.assertEqual(timing.at_share(durations, 0.5), 50)
        self.assertEqual(timing.at_share(durations, 0.99), 99)
        self.assertEqual(timing.at_share(durations, 0.999), 100)
        self.assertEqual(timing.at_share([7000], 0.01), 7)

    def test_operations_are_numbered_and_the_first_ones_warm_up(self):
        numbers = []

        def operation(number):
            numbers.append(number)
            time.sleep(0.001)

        durations, seconds = timing.repeat(0.3, operation)
        self.assertEqual(numbers, list(range(len(numbers))))
        self.assertLess(len(durations), len(numbers))
        self.assertEqual(durations, sorted(durations))
        self.assertGreater(durations[0], 1_000_000)
        self.assertGreaterEqual(seconds, 0.26)

    def test_names_have_one_length(self):
        self.assertEqual(len(set(timing.PLAYERS)), 1000)
        self.assertEqual({len(name) for name in timing.PLAYERS}, {11})


if __name__ == "__main__":
    unittest.main()
