# SPDX-License-Identifier: Apache-2.0
"""The protocol, spoken by programs that behave badly."""

import io
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

from .support import DESCRIPTIONS, TOOL, VECTORS
from formatreader import description
from suite import comparing, runner, testee

PYTHON = shlex.quote(sys.executable)
READER = "%s -B %s --testee" % (PYTHON, shlex.quote(str(TOOL / "reader.py")))
GREETING = '{"protocol": 1, "name": "bad", "formats": ["batch"], "modes": ["strict"]}'


class BadTesteeTests(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def program(self, body):
        """A testee that greets and then, for each request, does what the body says."""
        path = self.directory / "testee.py"
        indented = "\n".join("    " + line for line in body.splitlines())
        path.write_text(
            "import json, os, sys, time\nprint(%r, flush=True)\nsys.stdin.readline()\n"
            "for line in sys.stdin:\n    request = json.loads(line)\n%s\n" % (GREETING, indented)
        )
        return "%s %s" % (PYTHON, shlex.quote(str(path)))

    def asked(self, body, timeout=20.0):
        subject = testee.ProcessTestee(self.program(body), timeout)
        self.addCleanup(subject.close)
        return subject, lambda: subject.answer({"id": 5, "format": "batch", "modes": ["strict"]})

    def test_a_crash_is_told_and_the_testee_is_started_again(self):
        marker = self.directory / "crashed"
        subject, ask = self.asked(
            "if not os.path.exists(%r):\n    open(%r, 'w').close()\n"
            "    sys.stderr.write('all is lost\\n')\n    sys.exit(3)\n"
            "print(json.dumps({'id': request['id']}), flush=True)" % (str(marker), str(marker))
        )
        with self.assertRaisesRegex(testee.TesteeError, "exit code 3: all is lost"):
            ask()
        self.assertEqual(ask(), {"id": 5})

    def test_a_signal_is_told(self):
        _, ask = self.asked("os.kill(os.getpid(), 9)")
        with self.assertRaisesRegex(testee.TesteeError, "signal 9"):
            ask()

    def test_slowness_is_a_failure(self):
        _, ask = self.asked("time.sleep(60)", timeout=2.0)
        with self.assertRaisesRegex(testee.TesteeError, "no answer within 2 seconds"):
            ask()

    def test_what_is_no_answer(self):
        for line, words in (("hello", "not JSON"), ("[1]", "not an object"), ('{"id": 6}', "answered 6")):
            _, ask = self.asked("print(%r, flush=True)" % line)
            with self.assertRaisesRegex(testee.TesteeError, words):
                ask()

    def test_programs_that_are_not_there(self):
        with self.assertRaisesRegex(testee.TesteeError, "cannot start"):
            testee.ProcessTestee("/no/such/program", 1.0)

    def test_a_wrong_answer_fails_its_case_and_the_exit_status_says_so(self):
        command = self.program(
            "outcome = {'result': 'valid', 'delivered': 0, 'end': 'clean'}\n"
            "print(json.dumps({'id': request['id'], 'outcomes': {'strict': outcome}}), flush=True)"
        )
        ended = subprocess.run(
            [sys.executable, "-B", str(TOOL / "run"), "--testee", command, "--filter", "batch/",
             "--jobs", "1", "--json"], stdout=subprocess.PIPE, timeout=300,
        )
        self.assertEqual(ended.returncode, 1)
        told = json.loads(ended.stdout)
        self.assertGreater(told["failed"], 5)
        messages = {failure["message"] for failure in told["failures"]}
        self.assertIn("strict.result: expected invalid, got valid", messages)

    def test_formats_that_the_testee_does_not_read_are_skipped(self):
        options = runner.Options(DESCRIPTIONS, VECTORS, self.program("pass"), jobs=1)
        worker = runner.Worker(options)
        self.addCleanup(worker.testee.close)
        number = [file.format for file in worker.files].index("segment")
        results = worker.run((number, None, 0, 3))
        self.assertEqual({result.status for result in results}, {runner.SKIPPED})


class ReaderTesteeTests(unittest.TestCase):
    def test_the_reader_speaks_the_protocol(self):
        options = runner.Options(DESCRIPTIONS, VECTORS, READER, filters=["batch/"], jobs=1)
        greeting, results = runner.run(options)
        self.assertEqual(greeting["name"], testee.NAME)
        self.assertGreater(len(results), 100)
        self.assertEqual([one.message for one in results if one.status != runner.PASSED], [])

    def test_large_requests_and_answers(self):
        subject = testee.ProcessTestee(READER, 60.0)
        self.addCleanup(subject.close)
        payload = bytes(3 << 20)
        data = bytes((0, 1)) + _varint(len(payload)) + payload
        answer = subject.answer(
            {"id": 1, "format": "batch", "modes": ["strict"], "bytes": data.hex(), "value": True}
        )
        self.assertEqual(answer["outcomes"]["strict"]["result"], "valid")
        self.assertGreater(len(json.dumps(answer)), len(payload))

    def test_serving(self):
        formats, _ = description.load(DESCRIPTIONS)
        output = io.StringIO()
        lines = ['{"protocol": 1}', "", '{"id": 2, "format": "other", "modes": [], "bytes": ""}']
        testee.serve(testee.ReaderTestee(formats), lines, output)
        greeting, answer = map(json.loads, output.getvalue().splitlines())
        self.assertEqual(greeting["protocol"], 1)
        self.assertEqual(sorted(answer), ["id", "skipped"])


def _varint(value):
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


class ComparingTests(unittest.TestCase):
    def test_values_are_compared_in_depth(self):
        def told(expected, found):
            return str(comparing.value_difference("value", expected, found))

        self.assertEqual(told({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}), "None")
        self.assertEqual(told({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}), "value.a[1].b: expected 2, got 3")
        self.assertEqual(told([1], [1, 2]), "value.count: expected 1, got 2")
        self.assertEqual(told({"a": 1}, {"a": 1, "b": 1}), "value.b: expected nothing, got 1")
        self.assertEqual(told(1, True), "value: expected 1, got True")
        self.assertEqual(told("1", 1), "value: expected 1, got 1")

    def test_another_class_of_the_same_category_is_near(self):
        class Case:
            expect = {"strict": {"result": "invalid", "error": "a", "at": 1, "delivered": 0, "end": "error"}}
            test = {}

        answer = {"outcomes": {"strict": dict(Case.expect["strict"], error="b")}}
        categories = {"a": "corrupt", "b": "corrupt", "c": "limit"}
        found = comparing.difference(Case, answer, ["strict"], (), categories.get)
        self.assertTrue(found.near)
        answer["outcomes"]["strict"]["error"] = "c"
        found = comparing.difference(Case, answer, ["strict"], (), categories.get)
        self.assertFalse(found.near)
        self.assertEqual(str(found), "strict.error: expected a, got c")
