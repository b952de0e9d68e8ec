# SPDX-License-Identifier: Apache-2.0
"""The registers of a process, where the processor has more of them than user-mode Linux knows; see registers.c."""

import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("registers.c")
LIBRARY = Path(__file__).resolve().parents[2] / ".build-powercut" / "registers.so"


def are_more(processors=None):
    """Whether the processor has AMX."""
    if processors is None:
        processors = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    flags = (line for line in processors.splitlines() if line.startswith("flags"))
    return "amx_tile" in next(flags, "").split()


def settings(processors=None):
    """The environment that a machine needs for it."""
    return {"LD_PRELOAD": str(LIBRARY)} if are_more(processors) else {}


def build():
    """Makes the library, if it is needed and not there as it should be."""
    if not are_more() or (LIBRARY.exists() and LIBRARY.stat().st_mtime >= SOURCE.stat().st_mtime):
        return
    LIBRARY.parent.mkdir(exist_ok=True)
    words = ["cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*words, "-o", f"{LIBRARY}.new", str(SOURCE), "-ldl"], check=True)
    Path(f"{LIBRARY}.new").rename(LIBRARY)
