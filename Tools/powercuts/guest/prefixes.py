# SPDX-License-Identifier: Apache-2.0
"""Makes the images that a block log allows, one after the other, and has the stores on each of them opened.

/dev/ubda is the disk before the log, /dev/ubdb the log, /dev/ubdc a place for what opening an image changes: each one
is a snapshot (`dm-snapshot`) of the disk, so the disk itself only ever gets the writes of the log.
"""

import mmap
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import blocklog
import kernel

environment = os.environ
FIRST, LAST = int(environment["POWER_FIRST"]), int(environment["POWER_LAST"])


class Checker:
    """A process that opens stores whenever it is told where they are."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.lines()  # of an empty root, which it checks first

    def lines(self):
        found = []
        for line in self.process.stdout:
            if line.startswith("C "):
                return found
            found.append(line.rstrip("\n"))
        raise SystemExit("X a checker has died: " + " ".join(found[-3:]))

    def check(self, root):
        self.process.stdin.write(root + "\n")
        self.process.stdin.flush()
        return self.lines()


class Disk:
    """A device that is written to past every cache, in the pieces that the log has."""

    def __init__(self, path, log):
        self.descriptor = os.open(path, os.O_RDWR | os.O_DIRECT)
        self.log = log
        self.buffer = mmap.mmap(-1, 1 << 20)

    def apply(self, write):
        done = 0
        while done < write.byte_count:
            size = min(len(self.buffer), write.byte_count - done)
            with memoryview(self.buffer)[:size] as piece:
                if write.position is None:
                    piece[:] = bytes(size)
                else:
                    os.preadv(self.log, [piece], write.position + done)
                if os.pwritev(self.descriptor, [piece], write.offset + done) != size:
                    raise OSError("a write was cut short")
            done += size

    def close(self):
        os.close(self.descriptor)


def unmount(path):
    """Threads of a store that was closed may still have a file open for a moment."""
    for _ in range(200):
        try:
            return kernel.unmount(path)
        except OSError:
            time.sleep(0.01)
    raise SystemExit("X the file system stays busy")


def run():
    kernel.load_modules("dm-mod", "dm-bufio", "dm-snapshot")
    mapper = kernel.DeviceMapper()
    length = kernel.sector_count("/dev/ubda")
    with open("/dev/ubdb", "rb") as file:
        steps = blocklog.read_steps(file)
    writes = [step for step in steps if isinstance(step, blocklog.Write)]
    log = os.open("/dev/ubdb", os.O_RDONLY)
    disk = Disk("/dev/ubda", log)
    os.mkdir("/dev/empty")
    workloads = [f"--workload={name}" for name in environment["POWER_WORKLOADS"].split(",")]
    command = [environment["POWER_CRASHLAB"], "power", "--check", "--root=/dev/empty", *workloads]
    checkers = [Checker(*command)]
    if peers := environment.get("POWER_PEERS"):
        systems = environment["POWER_SYSTEMS"].split(",")
        checkers.append(Checker(peers, "/dev/empty", "1", "--check", *systems))
    applied = 0
    for number, image in enumerate(blocklog.images(steps, environment["POWER_SEED"])):
        while applied < image.applied:
            disk.apply(writes[applied])
            applied += 1
        if not FIRST <= number < LAST:
            continue
        arguments = "/dev/ubda /dev/ubdc N 8"
        device = mapper.create("image", length, "snapshot", arguments)
        if image.chosen:
            chosen = Disk(device, log)
            for index in image.chosen:
                chosen.apply(writes[index])
            chosen.close()
        lines = [f"P {number}"]
        try:
            kernel.mount(device, "/mnt", environment["POWER_FS"], environment["POWER_OPTIONS"])
        except OSError as error:
            lines.append(f"X {error}")
        else:
            for checker in checkers:
                lines += checker.check("/mnt")
            unmount("/mnt")
        mapper.remove("image")
        os.write(1, ("\n".join(lines) + "\n").encode())
    print("Z", flush=True)
    time.sleep(1000)


run()
