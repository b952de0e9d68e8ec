# SPDX-License-Identifier: Apache-2.0
"""An independent judge: LazyFS, a file system of FUSE that keeps what was not synced and drops it on command.

Its source is fetched by the user, or lies where LAZYFS_SOURCE says; nothing of it is part of Cairn. Metadata
goes through to the directory below at once, so only unsynced bytes and sizes are lost: less than a power cut takes.
"""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import programs
from .cuts import TURNS, WORKLOADS
from .judge import Judge

REPOSITORY = "https://github.com/dsrhaslab/lazyfs"
COMMIT = "a47a5baea559020f29902662de77764b0cbd62ce"
PACKAGES = {
    "g++": "g++",
    "git": "git",
    "pkg-config": "pkg-config",
    "fuse3": "fusermount3",
    "libfuse3-dev": "/usr/include/fuse3/fuse.h",
    "libspdlog-dev": "/usr/include/spdlog/spdlog.h",
    "libtoml11-dev": "/usr/include/toml.hpp",
}
CONFIGURATION = """
[faults]
fifo_path="{folder}/faults"
fifo_path_completed="{folder}/completed"
[cache]
apply_eviction=false
[cache.simple]
custom_size="0.5GB"
blocks_per_page=1
[filesystem]
log_all_operations=false
logfile="{folder}/log"
"""


def source():
    """Where the source lies, fetched when it is not there."""
    if given := os.environ.get("LAZYFS_SOURCE"):
        return Path(given)
    path = programs.BUILD / "lazyfs-source"
    if not (path / "lazyfs").exists():
        path.mkdir(parents=True, exist_ok=True)
        for words in (["init", "-q"], ["fetch", "-q", "--depth", "1", REPOSITORY, COMMIT]):
            subprocess.run(["git", *words], cwd=path, check=True)
        subprocess.run(["git", "checkout", "-q", "FETCH_HEAD"], cwd=path, check=True)
    return path


def build():
    """The program, from its source and Debian's libraries."""
    program = programs.BUILD / "lazyfs"
    if program.exists():
        return program
    programs.install(PACKAGES)
    root = source()
    files = [*root.glob("lazyfs/src/*.cpp"), root / "lazyfs/include/lazyfs/fusepp/Fuse.cpp"]
    files += root.glob("libs/libpcache/src/**/*.cpp")
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "fuse3", "spdlog"],
        check=True, capture_output=True, encoding="utf-8",
    ).stdout.split()  # fmt: skip
    includes = [f"-I{root}/lazyfs/include", f"-I{root}/libs/libpcache/include"]
    program.parent.mkdir(exist_ok=True)
    command = ["g++", "-std=c++17", "-O1", "-w", "-o", f"{program}.new", *includes]
    subprocess.run([*command, *map(str, files), *flags, "-lpthread"], check=True)
    Path(f"{program}.new").rename(program)
    return program


class Mount:
    """A mounted LazyFS in a folder."""

    def __init__(self, program, folder):
        self.folder = folder
        self.path, root = folder / "mount", folder / "root"
        self.path.mkdir()
        root.mkdir()
        configuration = folder / "lazyfs.toml"
        configuration.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
        self.process = subprocess.Popen(
            [
                str(program), str(self.path), "--config-path", str(configuration),
                "-o", "modules=subdir", "-o", f"subdir={root}", "-f",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 20
        while not os.path.ismount(self.path) or not (folder / "completed").exists():
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit("LazyFS cannot be mounted: is there a /dev/fuse?")
            time.sleep(0.05)

    def drop_unsynced(self):
        """Returns when it is done."""
        completed = os.open(self.folder / "completed", os.O_RDWR | os.O_NONBLOCK)
        with open(self.folder / "faults", "w", encoding="utf-8") as commands:
            commands.write("lazyfs::clear-cache\n")
        os.set_blocking(completed, True)
        os.read(completed, 4096)
        os.close(completed)

    def end(self):
        subprocess.run(["fusermount3", "-u", "-z", str(self.path)], check=False)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def cut(mount, crashlab, boot, judge, acknowledgements):
    """A process that checks and writes, killed after so many acknowledgements; then what was not synced is gone."""
    words = [str(crashlab), "power", f"--root={mount.path}", f"--boot={boot}"]
    words += [f"--workload={name}" for name in WORKLOADS + TURNS]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
    )  # fmt: skip
    is_checked = False
    for line in process.stdout:
        judge.read(line.rstrip("\n"), boot)
        is_checked = is_checked or line.startswith("C ")
        acknowledgements -= line.startswith("A ")
        if (is_checked and acknowledgements <= 0) or line.startswith("D "):
            break
    process.kill()
    for line in process.stdout:
        if line.endswith("\n"):
            judge.read(line.rstrip("\n"), boot)
    process.wait()
    mount.drop_unsynced()


def run(crashlab, seed, say, cuts=100):
    """Cuts on one mount; returns the judge. Only the control may lose."""
    program = build()
    generator = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="powercut-lazyfs-"))
    judge = Judge()
    mount = Mount(program, folder)
    try:
        for boot in range(1, cuts + 1):
            cut(mount, crashlab, boot, judge, generator.randrange(10, 400))
    finally:
        mount.end()
        shutil.rmtree(folder, ignore_errors=True)
    say(f"LazyFS: {cuts} cuts, seed {seed}")
    return judge
