# SPDX-License-Identifier: Apache-2.0
"""File systems, and the images that they are on."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTES = 320  # mkfs.xfs makes none below 300


@dataclass(frozen=True)
class FileSystem:
    """One way to format and mount an image."""

    name: str
    kind: str
    options: str
    make: tuple

    def format(self, path, megabytes=MEGABYTES):
        """An empty file system in a new sparse file."""
        Path(path).unlink(missing_ok=True)
        with open(path, "wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run([*self.make, str(path)], check=True, capture_output=True)


FILE_SYSTEMS = {
    system.name: system
    for system in (
        FileSystem("ext4", "ext4", "noatime,data=ordered", ("mkfs.ext4", "-q", "-F")),
        FileSystem("ext4-journal", "ext4", "noatime,data=journal", ("mkfs.ext4", "-q", "-F")),
        FileSystem("xfs", "xfs", "noatime", ("mkfs.xfs", "-q", "-f")),
        FileSystem("btrfs", "btrfs", "noatime", ("mkfs.btrfs", "-q", "-f")),
    )
}


def copy(source, target):
    """A copy that has the holes of the original."""
    Path(target).unlink(missing_ok=True)
    subprocess.run(
        ["cp", "--reflink=auto", "--sparse=always", str(source), str(target)], check=True
    )


def roomy_directory(gibibytes):
    """Memory where there is enough, so that cuts cost no disk its life; a container often has none."""
    for base in (os.environ.get("POWERCUT_IMAGES"), "/dev/shm", "/var/tmp", "/tmp"):
        if base and os.access(base, os.W_OK) and shutil.disk_usage(base).free > gibibytes << 30:
            return base
    raise SystemExit(f"No directory has {gibibytes} GiB free: name one in POWERCUT_IMAGES.")


@contextmanager
def workshop():
    """A directory for images."""
    path = Path(tempfile.mkdtemp(prefix="powercut-", dir=roomy_directory(3)))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
