# SPDX-License-Identifier: Apache-2.0
"""read-directory, on directories laid out from the vectors of sets of files."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from .support import DESCRIPTIONS, TOOL, VECTORS
from formatreader import description
from formatreader.sets import Set, directory as listed
from suite.vectors import load


class DirectoryTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        formats, _ = description.load(DESCRIPTIONS)
        (cls.whole,) = [format for format in formats.values() if isinstance(format, Set)]
        (vectors,) = [file for file in load(VECTORS) if file.format == cls.whole.name]
        cls.cases = {test["name"]: vectors.case(test) for test in vectors.content["tests"]}

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def lay_out(self, name):
        for path, content in self.cases[name].files:
            place = self.root / path
            if content is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)

    def read(self, *arguments):
        ended = subprocess.run(
            [sys.executable, "-B", str(TOOL / "read-directory"), str(self.root), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
        )
        return ended.returncode, _lines(ended.stdout), _lines(ended.stderr)

    def test_committed_transactions_are_printed(self):
        self.lay_out("one-segment")
        code, told, findings = self.read("--contents", "batch")
        self.assertEqual((code, findings[0]["end"]), (0, "clean"))
        transactions = [line["transaction"] for line in told]
        self.assertEqual([(one["first"], one["last"]) for one in transactions], [(1, 3), (4, 6)])
        self.assertEqual(transactions[0]["batches"][0]["events"], ["4142434445"])

    def test_contents_are_read_by_the_first_format_that_can(self):
        self.lay_out("one-segment")
        self.assertEqual(self.read()[1], self.read("--contents", "batch")[1])

    def test_a_torn_end_is_told_and_is_an_error_in_strict_mode_only(self):
        self.lay_out("torn-end")
        code, told, findings = self.read()
        self.assertEqual((code, len(told), findings[0]["end"]), (0, 3, "torn"))
        self.assertEqual(self.read("--mode", "strict")[0], 1)

    def test_salvage_hands_out_what_lies_behind_a_gap(self):
        self.lay_out("middle-missing")
        code, told, findings = self.read()
        self.assertEqual((code, len(told), findings[0]["error"]), (1, 2, "missingSegment"))
        code, told, findings = self.read("--mode", "salvage")
        self.assertEqual((code, len(told), findings[0]["error"]), (1, 3, "missingSegment"))

    def test_every_set_on_disk_gives_what_it_gives_in_memory(self):
        for name, case in self.cases.items():
            with tempfile.TemporaryDirectory() as directory, self.subTest(name):
                self.root = pathlib.Path(directory)
                self.lay_out(name)
                told = self.whole.read(listed(self.root), "recover").told
                expected = dict(case.expect["recover"])
                del expected["maxAllocation"]
                self.assertEqual(told, expected)

    def test_each_rule_is_noticed_when_it_is_off(self):
        identifiers = {
            step["id"] for _, step in description.walk_steps(self.whole.description) if "id" in step
        }
        self.assertGreater(len(identifiers), 20)
        for identifier in identifiers:
            with self.subTest(identifier):
                self.assertTrue(any(self.differs(case, identifier) for case in self.cases.values()))

    def differs(self, case, identifier):
        files = [
            (path, None if content is None else lambda data=content: data)
            for path, content in case.files
        ]
        off = frozenset((identifier,))
        return any(
            self.whole.read(files, mode, disabled=off).told
            != {key: item for key, item in expected.items() if key != "maxAllocation"}
            for mode, expected in case.expect.items()
        )


def _lines(output):
    return [json.loads(line) for line in output.decode().splitlines()]
