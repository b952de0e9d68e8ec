# SPDX-License-Identifier: Apache-2.0
"""The differ must find testees that are wrong, tell how to see it again, and end in time."""

import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time
import unittest

from .support import DESCRIPTIONS, TOOL, VECTORS, json_files
from formatreader import description
from suite import vectors
from suite.damage import Damage

PYTHON = shlex.quote(sys.executable)


def reader(descriptions):
    return "%s -B %s --testee --descriptions %s" % (
        PYTHON, shlex.quote(str(TOOL / "reader.py")), shlex.quote(str(descriptions))
    )


class DifferTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def run_differ(self, testee, *options):
        return subprocess.run(
            [sys.executable, "-B", str(TOOL / "differ"), "--reference", reader(DESCRIPTIONS),
             "--testee", testee, "--seed", "3", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300,
        )

    def wrong(self, name, change):
        """A testee that reads by descriptions one of which was changed."""
        for file, content in json_files(DESCRIPTIONS).items():
            if content.get("name") == name:
                change(content)
            (self.directory / file).write_text(json.dumps(content))
        return reader(self.directory)

    def assert_found(self, name, change, cases="4000"):
        testee = self.wrong(name, change)
        ended = self.run_differ(testee, "--format", name, "--cases", cases, "--seconds", "120")
        self.assertEqual(ended.returncode, 1, ended.stdout + ended.stderr)
        self.assertEqual(len(ended.stdout.splitlines()), 1)
        return ended.stdout

    def test_a_testee_that_forgets_when_a_flip_proves_nothing_is_found(self):
        def change(content):
            for proof in content["tail"]["proofs"]:
                if "unless" in proof["search"]:
                    proof["search"]["unless"] = ["==", 0, 1]

        line = self.assert_found("segment", change)
        # The line shows the same again.
        command = shlex.split(line[line.index("Tools/conformance/differ") :])[1:]
        again = self.run_differ(command[1], *command[2:])
        self.assertEqual(again.returncode, 1)
        self.assertEqual(again.stdout.split(": Tools")[0], line.split(": Tools")[0])

    def test_another_offset_is_found_and_is_no_difference_of_categories(self):
        def change(content):
            for step in content["types"]["frame"]["steps"]:
                if step.get("error") == "payloadChecksum":
                    step["at"] = ["+", step["at"], 1]

        testee = self.wrong("segment", change)
        options = ("--format", "segment", "--cases", "400", "--seconds", "120")
        self.assertEqual(self.run_differ(testee, *options).returncode, 1)
        self.assertEqual(self.run_differ(testee, *options, "--errors", "category").returncode, 0)

    def test_a_wrong_rule_across_files_is_found(self):
        def change(content):
            for kind in content["files"]:
                kind["isDescending"] = not kind["isDescending"]

        self.assert_found("store", change)

    def test_a_testee_that_crashes_is_found(self):
        program = self.directory / "testee.py"
        greeting = {"protocol": 1, "name": "bad", "formats": ["batch"], "modes": ["strict"]}
        program.write_text(
            "import sys\nprint(%r, flush=True)\nsys.stdin.readline()\nsys.stdin.readline()\nsys.exit(3)\n"
            % json.dumps(greeting)
        )
        ended = self.run_differ("%s %s" % (PYTHON, program), "--seconds", "60")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("exit code 3", ended.stdout)

    def test_the_same_reader_never_differs_and_time_is_kept(self):
        began = time.monotonic()
        ended = self.run_differ(reader(DESCRIPTIONS), "--seconds", "4")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertLess(time.monotonic() - began, 60)
        self.assertRegex(ended.stdout, r"no difference in \d+ inputs, \d+ s, seed 3")
        names = set(re.findall(r"^(\S+): \d+ inputs", ended.stdout, re.MULTILINE))
        formats, _ = description.load(DESCRIPTIONS)
        self.assertEqual(names, set(formats))


class DamageTests(unittest.TestCase):
    def test_an_input_follows_from_seed_format_and_number(self):
        formats, _ = description.load(DESCRIPTIONS)
        for file in vectors.load(VECTORS):
            made = [Damage(file, formats[file.format], formats, 5) for _ in range(2)]
            for number in (0, 7, 40):
                one, other = (damage.case(number) for damage in made)
                self.assertEqual((one.bytes, one.files), (other.bytes, other.files))

    def test_damage_reaches_most_errors(self):
        formats, _ = description.load(DESCRIPTIONS)
        (file,) = (one for one in vectors.load(VECTORS) if one.format == "segment")
        damage, seen = Damage(file, formats["segment"], formats, 5), set()
        for number in range(3000):
            case = damage.case(number)
            seen.add(formats["segment"].read(case.bytes, case.context).modes["strict"].get("error"))
        missing = set(formats["segment"].description["errors"]) - seen
        self.assertLessEqual(len(missing), 2, missing)


if __name__ == "__main__":
    unittest.main()
