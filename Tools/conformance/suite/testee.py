# SPDX-License-Identifier: Apache-2.0
"""What is put under test: the reader beside this, or any program that speaks the protocol of README.md."""

import json
import os
import select
import shlex
import subprocess
import tempfile
import time

from formatreader.description import MODES, shown
from formatreader.expressions import DescriptionError
from formatreader.machine import ResourceFailure

PROTOCOL = 1
#: What the protocol compares only if the testee says that it tells it.
OPTIONAL_REPORTS = ("value", "proof", "check", "file", "allocated")
ANSWER_BYTES_MAX = 64 << 20
NAME = "description reader"


class TesteeError(Exception):
    """The testee crashed, was too slow, or said something that is no answer."""


class ReaderTestee:
    """The reader of this folder: it answers by the descriptions alone."""

    def __init__(self, formats):
        self.formats = formats
        self.greeting = {
            "protocol": PROTOCOL, "name": NAME, "version": "1",
            "formats": sorted(formats), "modes": list(MODES), "reports": list(OPTIONAL_REPORTS),
        }

    def answer(self, request):
        format = self.formats.get(request["format"])
        if format is None:
            return {"id": request["id"], "skipped": "no description of this format"}
        try:
            if "files" in request:
                return self._answer_set(format, request)
            data = bytes.fromhex(request["bytes"])
            outcome = format.read(data, request.get("context"), request["modes"])
        except (ResourceFailure, DescriptionError, RecursionError, MemoryError) as error:
            return {"id": request["id"], "failed": "%s: %s" % (type(error).__name__, error)}
        answer = {
            "id": request["id"], "outcomes": outcome.modes, "allocated": outcome.allocated,
            "check": outcome.check,
        }
        if request.get("value"):
            answer["value"] = shown(outcome.value)
        return answer

    @staticmethod
    def _answer_set(format, request):
        files = []
        for file in request["files"]:
            content = None if file["bytes"] is None else bytes.fromhex(file["bytes"])
            files.append((file["name"], None if content is None else lambda data=content: data))
        outcomes = {mode: format.read(files, mode) for mode in request["modes"]}
        decisive = outcomes.get("recover") or next(iter(outcomes.values()))
        answer = {
            "id": request["id"], "check": decisive.check,
            "outcomes": {mode: outcome.told for mode, outcome in outcomes.items()},
            "allocated": max(outcome.allocated for outcome in outcomes.values()),
        }
        if request.get("value"):
            answer["value"] = shown(decisive.value)
        return answer

    def close(self):
        pass


class ProcessTestee:
    """A program that is started and spoken to, a line of JSON for each request and each answer."""

    def __init__(self, command, timeout):
        self.command = shlex.split(command)
        self.timeout = timeout
        self._process = None
        self._start()

    def _start(self):
        self._errors = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
            )
        except OSError as error:
            self._errors.close()
            raise TesteeError("cannot start %s: %s" % (self.command[0], error.strerror)) from None
        self._pending = b""
        self.greeting = self._exchange({"protocol": PROTOCOL})
        if self.greeting.get("protocol") != PROTOCOL:
            raise TesteeError("the testee does not speak version %d of the protocol" % PROTOCOL)
        for member in ("formats", "modes"):
            if not isinstance(self.greeting.get(member), list):
                raise TesteeError("the greeting of the testee lacks %r" % member)

    def answer(self, request):
        if self._process is None:
            self._start()
        answer = self._exchange(request)
        if answer.get("id") != request["id"]:
            self._stop()
            raise TesteeError("the testee answered %r" % answer.get("id"))
        return answer

    def _exchange(self, message):
        deadline = time.monotonic() + self.timeout
        try:
            line = self._converse(json.dumps(message).encode() + b"\n", deadline)
            answer = json.loads(line)
        except TesteeError:
            self._stop()
            raise
        except ValueError:
            self._stop()
            raise TesteeError("the testee answered something that is not JSON") from None
        if not isinstance(answer, dict):
            self._stop()
            raise TesteeError("the testee answered something that is not an object")
        return answer

    def _converse(self, request, deadline):
        """Sends a line and reads one, both at once: a testee may answer before it has read it all."""
        reading, writing = self._process.stdout.fileno(), self._process.stdin.fileno()
        os.set_blocking(writing, False)
        unsent = memoryview(request)
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TesteeError("no answer within %g seconds" % self.timeout)
            readable, writable, _ = select.select(
                [reading], [writing] if unsent else [], [], left
            )
            if writable:
                try:
                    unsent = unsent[os.write(writing, unsent) :]
                except BrokenPipeError:
                    raise TesteeError(self._ending()) from None
            if readable:
                chunk = os.read(reading, 1 << 16)
                if not chunk:
                    raise TesteeError(self._ending())
                self._pending += chunk
                if len(self._pending) > ANSWER_BYTES_MAX:
                    raise TesteeError("an answer is longer than %d bytes" % ANSWER_BYTES_MAX)
        line, self._pending = self._pending.split(b"\n", 1)
        return line

    def _ending(self):
        try:
            code = self._process.wait(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            return "the testee closed its output and goes on"
        self._errors.seek(0)
        words = self._errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        how = "signal %d" % -code if code < 0 else "exit code %d" % code
        return "the testee ended with %s%s" % (how, ": " + words[-1] if words else "")

    def _stop(self):
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait()
        self._errors.close()

    def close(self):
        self._stop()


def serve(testee, lines, output):
    """Speaks the protocol for a testee: reads requests from `lines`, writes answers."""
    for line in lines:
        if not line.strip():
            continue
        request = json.loads(line)
        answer = testee.answer(request) if "id" in request else testee.greeting
        output.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")) + "\n")
        output.flush()
