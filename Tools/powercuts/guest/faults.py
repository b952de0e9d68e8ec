# SPDX-License-Identifier: Apache-2.0
"""A disk that fails or is full while stores are written to, and is well again afterwards.

Each trial has a root of its own: `T NUMBER KIND` and what the writers print; `H` when the disk is well again and the
file system was mounted anew; what a second run prints, which checks and goes on; and after `K` what a third one finds.
"""

import os
import random
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kernel

environment = os.environ
WORKLOADS = environment["POWER_WORKLOADS"].split(",")
KIND, OPTIONS = environment["POWER_FS"], environment["POWER_OPTIONS"]
RAW = ["raw-1", "raw-2", "raw-3", "raw-4"]
BALLAST = "/mnt/ballast"


def say(text):
    os.write(1, (text + "\n").encode())


class FaultyDisk:
    """/dev/ubda behind a table that can be exchanged."""

    def __init__(self):
        kernel.load_modules("dm-mod", "dm-flakey")
        self.mapper = kernel.DeviceMapper()
        self.length = kernel.sector_count("/dev/ubda")
        self.path = self.mapper.create("disk", self.length, "linear", "/dev/ubda 0")

    def become(self, target, arguments):
        self.mapper.load("disk", self.length, target, arguments)
        # A suspension would wait for what is being written; errors must meet it.
        self.mapper.suspend("disk")
        self.mapper.resume("disk")

    def fail_writes(self):
        """Every write and every flush fails; reads succeed."""
        self.become("flakey", "/dev/ubda 0 0 3600 1 error_writes")

    def heal(self):
        self.become("linear", "/dev/ubda 0")


class Writers:
    """Processes that write to stores, and what they print."""

    def __init__(self, root, boot, workloads, *more):
        command = [environment["POWER_CRASHLAB"], "power", f"--root={root}", f"--boot={boot}"]
        command += [f"--workload={name}" for name in workloads]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.processes = [subprocess.Popen([*command, *more], **pipes)]
        if (peers := environment.get("POWER_PEERS")) and len(workloads) > 1:
            command = [peers, root, str(boot), *more, *RAW]
            self.processes.append(subprocess.Popen(command, **pipes))
        self.rest = {process.stdout.fileno(): b"" for process in self.processes}
        self.counts = {}  # first letter of a line -> how many there were

    def read(self, seconds, is_enough=lambda counts: False):
        """Hands lines on to the console for so long, or until there were enough, or until there are no more."""
        end = time.monotonic() + seconds
        while self.rest and not is_enough(self.counts) and (left := end - time.monotonic()) > 0:
            for descriptor in select.select(list(self.rest), [], [], min(left, 0.05))[0]:
                data = os.read(descriptor, 1 << 16)
                if not data:
                    del self.rest[descriptor]
                    continue
                *whole, self.rest[descriptor] = (self.rest[descriptor] + data).split(b"\n")
                for line in whole:
                    say(line.decode())
                    self.counts[line[:1]] = self.counts.get(line[:1], 0) + 1

    def has_stopped(self, seconds):
        """Whether every store of every process stops within so long."""
        self.read(seconds)
        return not self.rest

    def read_until(self, letter, count, seconds):
        self.read(seconds, lambda counts: counts.get(letter, 0) >= count)

    def end(self):
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        self.read(1)
        for process in self.processes:
            process.wait()


def remount(disk):
    """Drops every cache, so that what is read is what the disk has."""
    end = time.monotonic() + 30
    while True:
        try:
            kernel.unmount("/mnt")
            break
        except OSError:
            # A killed process may still have a file open for a moment.
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
    mount(disk)


def mount(disk):
    """Mounts the disk again; btrfs may still hold the device of the mount before, and then says that it exists."""
    end = time.monotonic() + 10
    while True:
        if KIND == "btrfs":
            kernel.forget_devices()
        try:
            return kernel.mount(disk.path, "/mnt", KIND, OPTIONS)
        except FileExistsError:
            if KIND != "btrfs" or time.monotonic() > end:
                raise
            time.sleep(0.2)


def fail(disk, writers, kind, generator):
    """Lets the disk fail, and waits until all writers have stopped or the failure is over."""
    writers.read_until(b"C", len(writers.processes), 30)
    writers.read_until(b"A", writers.counts.get(b"A", 0) + generator.randrange(1, 60), 20)
    disk.fail_writes()
    if kind == "once":
        writers.read(generator.uniform(0.0, 0.2))
        disk.heal()
        has_stopped = writers.has_stopped(1.5)
    else:
        has_stopped = writers.has_stopped(20)
        disk.heal()
    say(f"W {'told' if has_stopped else 'some-go-on'}")


def fill(blocks):
    """Leaves so many blocks of 4 KiB, and some more where a file system counts differently."""
    descriptor = os.open(BALLAST, os.O_RDWR | os.O_CREAT, 0o600)
    size = 0
    for step in (1 << 24, 1 << 20, 1 << 16, 4096):
        try:
            while True:
                os.posix_fallocate(descriptor, size, step)
                size += step
        except OSError:
            pass
    os.ftruncate(descriptor, max(0, size - blocks * 4096))
    os.fsync(descriptor)
    os.close(descriptor)


def trial(disk, number, kind, generator):
    root = f"/mnt/{kind}-{number}"
    os.mkdir(root)
    workloads = [WORKLOADS[number % len(WORKLOADS)]] if kind == "full" else WORKLOADS
    say(f"T {number} {kind}")
    if kind == "full":
        os.mkdir(f"{root}/cairn-{workloads[0]}")
        fill(number * 4)
        writers = Writers(root, 1, workloads)
        say(f"W {'told' if writers.has_stopped(10) else 'some-go-on'}")
    else:
        writers = Writers(root, 1, workloads)
        fail(disk, writers, kind, generator)
    writers.end()
    remount(disk)
    if os.path.exists(BALLAST):
        os.remove(BALLAST)
        os.sync()
    say("H")
    again = Writers(root, 2, workloads)
    again.read_until(b"C", len(again.processes), 30)
    again.read(0.3)
    again.end()
    remount(disk)
    say("K")
    check = Writers(root, 3, workloads, "--check")
    check.read_until(b"C", len(check.processes), 30)
    check.end()
    subprocess.run(["rm", "-rf", root], check=False)


def run():
    disk = FaultyDisk()
    kernel.mount(disk.path, "/mnt", KIND, OPTIONS)
    generator = random.Random(environment["POWER_SEED"])
    for word in environment["POWER_TRIALS"].split(","):
        kind, first, end = word.split(":")
        for number in range(int(first), int(end)):
            trial(disk, number, kind, generator)
    say("Z")
    time.sleep(1000)


run()
