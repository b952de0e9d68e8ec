# SPDX-License-Identifier: Apache-2.0
"""The console of a machine: no line is lost, however many come at once."""

import subprocess
import tempfile
import time
import unittest
from collections import deque

from powercuts.machine import Machine


def printing(*lines):
    """A machine that is a program which prints these lines at once."""
    machine = Machine.__new__(Machine)
    machine.directory = tempfile.mkdtemp(prefix="powercut-")
    machine.process = subprocess.Popen(
        ["printf", "%s\\n", *lines], stdout=subprocess.PIPE, start_new_session=True
    )
    machine.process.wait()
    machine.pending, machine.unread, machine.output = b"", deque(), []
    return machine


class ConsoleTests(unittest.TestCase):
    def test_who_stops_in_the_middle_loses_nothing(self):
        machine = printing("M 35", "S cairn/single clean open 0=32*13 1", "A cairn/single 0 14")
        for line in machine.lines(time.monotonic() + 5):
            self.assertEqual(line, "M 35")
            break
        self.assertEqual(machine.cut(), ["S cairn/single clean open 0=32*13 1", "A cairn/single 0 14"])

    def test_the_next_look_goes_on_there(self):
        machine = printing("1", "2", "3", "4")
        for line in machine.lines(time.monotonic() + 5):
            if line == "2":
                break
        found = []
        for line in machine.lines(time.monotonic() + 5):
            found.append(line)
            if line == "3":
                break
        self.assertEqual(found, ["3"])
        self.assertEqual(machine.cut(), ["4"])
        self.assertEqual(machine.output, ["1", "2", "3", "4"])


if __name__ == "__main__":
    unittest.main()
