# SPDX-License-Identifier: Apache-2.0
"""What a reader has to know of the machine."""

import os
import platform
import subprocess
import time
from pathlib import Path


def text_of(path):
    """The content of a file; nothing when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def processor():
    """The name of the processor."""
    for line in text_of("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return " ".join(line.split(":", 1)[1].split())
    return platform.machine()


def memory():
    """How much memory there is, in GiB."""
    for line in text_of("/proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return f"{int(line.split()[1]) / (1 << 20):.0f} GiB"
    return "unknown"


def file_system(directory):
    """The file system that a directory lies in, and the kind of its disk."""
    best = ("", "unknown", "")
    path = str(Path(directory).resolve())
    for line in text_of("/proc/mounts").splitlines():
        device, mount, kind, options = line.split()[:4]
        if (path + "/").startswith(mount.rstrip("/") + "/") and len(mount) >= len(best[0]):
            best = (mount, kind, options, device)
    kind, options, device = best[1], best[2], Path(best[3]).name if len(best) > 3 else ""
    rotates = text_of(f"/sys/block/{device}/queue/rotational").strip()
    disk = {"0": "solid state or virtual disk", "1": "disk that says it rotates"}.get(rotates, "")
    kept = [
        word for word in options.split(",") if word.startswith(("data=", "barrier", "nobarrier"))
    ]
    return ", ".join(filter(None, [kind, *kept, disk]))


def output(*command):
    """What a program prints; nothing when it fails."""
    try:
        process = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return ""
    return process.stdout.strip()


def facts(directory):
    """Names and what they stand for."""
    swift = output("swift", "--version").splitlines()
    system = {}
    for line in text_of("/etc/os-release").splitlines():
        name, _, value = line.partition("=")
        system[name] = value.strip('"')
    return {
        "Processor": f"{processor()}, {os.cpu_count()} cores",
        "Memory": memory(),
        "System": f"{system.get('PRETTY_NAME', platform.system())}, kernel {platform.release()}",
        "File system": file_system(directory),
        "Compiler": next((line for line in swift if "Swift version" in line), "unknown"),
        "C++ compiler": (output("g++", "--version").splitlines() or ["unknown"])[0],
    }


class Disturbance:
    """How much other processes work while something is measured."""

    def __init__(self):
        self.start = self._times()

    @staticmethod
    def _times():
        """Seconds that all processors worked, and those of this process and its children."""
        busy = 0.0
        for line in text_of("/proc/stat").splitlines():
            if line.startswith("cpu "):
                numbers = [int(word) for word in line.split()[1:9]]
                idle = numbers[3] + numbers[4]
                busy = (sum(numbers) - idle) / os.sysconf("SC_CLK_TCK")
        times = os.times()
        own = times.user + times.system + times.children_user + times.children_system
        return busy, own, time.monotonic()

    def share(self):
        """The work of others, as a share of all processors; the kernel's for us counts, too."""
        busy, own, now = self._times()
        elapsed = (now - self.start[2]) * (os.cpu_count() or 1)
        return max(0.0, (busy - self.start[0]) - (own - self.start[1])) / max(elapsed, 1e-9)


def load():
    """How many processes wanted to run in the last minute."""
    return os.getloadavg()[0]
