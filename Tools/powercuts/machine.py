# SPDX-License-Identifier: Apache-2.0
"""A machine whose power can be cut: user-mode Linux in a process group of its own, with the host's files as its root
and an image as its disk."""

import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque

from . import registers
from .images import roomy_directory

# Without them a boot takes 1.6 s in place of 0.3: a benchmark of RAID 6 code, 256 old terminals, and a delay loop.
QUICK = ["initcall_blacklist=raid6_select_algo", "pty.legacy_count=0", "lpj=9576448"]


class Machine:
    """One boot. What it prints before its power is cut was printed; what it had only in memory is gone."""

    def __init__(self, init, disks, settings, memory="320M"):
        self.directory = tempfile.mkdtemp(prefix="powercut-")
        words = ["linux.uml", f"mem={memory}", f"uml_dir={self.directory}"]
        words += [f"ubd{'abcdef'[index]}={disk}" for index, disk in enumerate(disks)]
        words += ["root=/dev/root", "rootfstype=hostfs", "ro", f"init={init}", "quiet"]
        words += ["con=null", "con0=fd:0,fd:1", "ssl=null", *QUICK]
        words += [f"{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Its memory is a file there.
            env={**os.environ, "TMPDIR": roomy_directory(1), **registers.settings()},
        )
        self.pending = b""
        # Lines that were read from the machine, and given on to no caller yet.
        self.unread = deque()
        self.output = []

    def lines(self, until):
        """The lines that come up to a moment of `time.monotonic`; ends at once when the machine has ended. A caller that stops
        in the middle finds the others in the next call, and in `cut`: many may have come at once."""
        descriptor = self.process.stdout.fileno()
        while True:
            while self.unread:
                yield self.unread.popleft()
            left = until - time.monotonic()
            ready, _, _ = select.select([descriptor], [], [], max(0.0, left))
            if not ready:
                return
            data = os.read(descriptor, 1 << 16)
            if not data:
                return
            self._split(data)
            if left <= 0:
                break
        while self.unread:
            yield self.unread.popleft()

    def _split(self, data):
        *whole, self.pending = (self.pending + data).split(b"\n")
        for line in whole:
            text = line.decode(errors="replace").rstrip("\r")
            self.output.append(text)
            self.unread.append(text)

    def cut(self):
        """Kills the whole group, and returns the lines that were printed before that."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            self._split(data)
        self.process.stdout.close()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
        rest = list(self.unread)
        self.unread.clear()
        return rest

    def last_words(self, count=12):
        """The last lines before the kernel gave up, if it did."""
        ends = [index for index, line in enumerate(self.output) if "Kernel panic" in line]
        lines = self.output[: ends[0] if ends else None]
        return "; ".join(lines[-count:])

    def has_ended(self):
        return self.process.poll() is not None
