# SPDX-License-Identifier: Apache-2.0
"""read-directory, on directories put together from the inputs of vectors."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from .support import TOOL, VECTORS
from suite.vectors import load

STORE = TOOL / "proposed/store.json"


class DirectoryTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        (self.root / "log").mkdir()
        self.inputs = {
            test["name"]: file.input(test["tcId"])
            for file in load(VECTORS) if file.format == "segment"
            for test in file.content["tests"] if "bytes" in test
        }

    def put(self, data, segment=1, base=1):
        (self.root / ("log/%010d-%020d.wal" % (segment, base))).write_bytes(data)

    def read(self, *arguments):
        ended = subprocess.run(
            [sys.executable, "-B", str(TOOL / "read-directory"), str(self.root), "--contents", "batch",
             "--description", str(STORE), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
        )
        return ended.returncode, _lines(ended.stdout), _lines(ended.stderr)

    def test_committed_transactions_are_printed(self):
        self.put(self.inputs["two-transactions"])
        code, told, findings = self.read()
        self.assertEqual((code, findings), (0, []))
        transactions = [line["committed"] for line in told]
        self.assertEqual([(one["first"], one["last"]) for one in transactions], [(1, 3), (4, 6)])
        self.assertEqual(transactions[0]["batches"][0]["events"], ["4142434445"])
        self.assertIsInstance(transactions[0]["nanoseconds"], str)

    def test_a_torn_end_is_told_and_is_no_error(self):
        self.put(self.inputs["two-transactions"][:-3])
        code, told, findings = self.read()
        self.assertEqual((code, len(told), findings[0]["end"]), (0, 1, "torn"))

    def test_a_proven_loss_is_an_error(self):
        self.put(self.inputs["later-promise"])
        code, told, findings = self.read()
        self.assertEqual((code, told, findings[0]["error"]), (1, [], "payloadChecksum"))

    def test_a_name_that_contradicts_its_header_is_an_error(self):
        self.put(self.inputs["two-transactions"], segment=2)
        self.assertEqual(self.read()[2][0]["error"], "nameAndHeaderDiffer")

    def test_a_sealed_last_segment_means_that_one_is_missing(self):
        self.put(self.inputs["sealed"])
        code, told, findings = self.read()
        self.assertEqual((code, len(told), findings[0]["check"]), (1, 2, "lastIsOpen"))

    def test_a_gap_in_the_segments_is_an_error(self):
        self.put(self.inputs["sealed"])
        self.put(self.inputs["later-segment"], 3, 41)
        code, _, findings = self.read()
        self.assertEqual((code, findings[0]["check"]), (1, "segmentsAdjacent"))

    def test_other_files_are_left_alone(self):
        self.put(self.inputs["one-transaction"])
        (self.root / "log/notes.txt").write_text("hello")
        code, told, _ = self.read()
        self.assertEqual((code, len(told)), (0, 1))


def _lines(output):
    return [json.loads(line) for line in output.decode().splitlines()]
