# SPDX-License-Identifier: Apache-2.0
"""The programs that run in the machines, built and installed where they are missing."""

import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

from . import registers
from .cuts import Programs
from .machine import Machine

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build-powercut"
CRASHLAB = ROOT / ".build-crashlab" / "release" / "crashlab"
MODULES = Path("/usr/lib/uml/modules")

# What each package is needed for, and a file or program that says that it is there.
PACKAGES = {
    "user-mode-linux": "linux.uml",
    "e2fsprogs": "mkfs.ext4",
    "xfsprogs": "mkfs.xfs",
    "btrfs-progs": "mkfs.btrfs",
}
# What Tools/crashlab/build runs and links.
CRASHLAB_PACKAGES = {"patch": "patch", "zlib1g-dev": "/usr/include/zlib.h"}
PEER_PACKAGES = {
    "g++": "g++",
    "librocksdb-dev": "/usr/include/rocksdb/db.h",
    "libleveldb-dev": "/usr/include/leveldb/db.h",
    "liblmdb-dev": "/usr/include/lmdb.h",
    "libsqlite3-dev": "/usr/include/sqlite3.h",
}


def install(packages):
    """Installs those packages of Debian that are not there."""
    apt_install(
        name
        for name, sign in packages.items()
        if not (os.path.exists(sign) if sign.startswith("/") else shutil.which(sign, path=PATH))
    )


def apt_install(names):
    """Installs packages of Debian."""
    missing = list(names)
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise SystemExit(
            f"Missing: {' '.join(missing)}. Tools/powercut installs them on Debian only."
        )
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    command = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes"]
    command += ["--no-install-recommends", *missing]
    print(f"Installing {' '.join(missing)}.", flush=True)
    # The package lists may be old or missing: then get them and try once more.
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
        subprocess.run([*sudo, "apt-get", "update"], stdout=subprocess.DEVNULL)
        if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
            raise SystemExit(
                f"Tools/powercut cannot work: {' '.join(missing)} cannot be installed."
            )


PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def build_crashlab():
    """The same build as Tools/check-reliability makes: old bugs are in it, and off."""
    install(CRASHLAB_PACKAGES)
    subprocess.run(
        [str(ROOT / "Tools/crashlab/build")], check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    return CRASHLAB


def build_peers():
    """The program around RocksDB, LevelDB, LMDB and SQLite."""
    install(PEER_PACKAGES)
    sources = sorted((ROOT / "Tools/powercuts/peers").glob("*.cc"))
    headers = sorted((ROOT / "Tools/powercuts/peers").glob("*.h"))
    program = BUILD / "peers"
    newest = max(path.stat().st_mtime for path in sources + headers)
    if not program.exists() or program.stat().st_mtime < newest:
        BUILD.mkdir(exist_ok=True)
        words = ["g++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror"]
        if os.uname().machine == "x86_64":
            words.append("-march=x86-64-v2")
        libraries = ["-lrocksdb", "-lleveldb", "-llmdb", "-lsqlite3", "-lpthread"]
        subprocess.run([*words, "-o", f"{program}.new", *map(str, sources), *libraries], check=True)
        Path(f"{program}.new").rename(program)
    return program


def install_lora():
    """A Python with LoraDB in it."""
    environment = BUILD / "venv"
    requirements = ROOT / "Tools/powercuts/requirements.txt"
    installed = environment / "requirements.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        if not importlib.util.find_spec("ensurepip"):
            apt_install(["python3-venv"])
        subprocess.run(["python3", "-m", "venv", str(environment)], check=True)
        pip = [str(environment / "bin/python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", "-r", str(requirements)], check=True)
        installed.write_text(requirements.read_text())
    return environment / "bin/python"


def checked(programs):
    """Whether a machine boots here at all: its first process is `echo`, and the kernel says how that ended."""
    if registers.are_more():
        install({"gcc": "cc", "libc6-dev": "/usr/include/elf.h"})
        registers.build()
    machine = Machine("/bin/echo", [], {})
    end = time.monotonic() + 60
    has_booted = any("exitcode=0x00000000" in line for line in machine.lines(end))
    machine.cut()
    if not has_booted:
        raise SystemExit(
            "Tools/powercut cannot work: user-mode Linux does not boot here (it needs ptrace, and memory that may be "
            f"executed). It said: {machine.last_words()}"
        )
    return programs


def everything():
    """All programs, for the report."""
    install(PACKAGES)
    return Programs(build_crashlab(), build_peers(), install_lora())


def there():
    """What an earlier call has made, for its versions."""
    return Programs(CRASHLAB, BUILD / "peers", BUILD / "venv/bin/python")


def ours():
    """What CI needs: no peers, and one file system."""
    install({name: PACKAGES[name] for name in ("user-mode-linux", "e2fsprogs")})
    return Programs(build_crashlab())
