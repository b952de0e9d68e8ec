# SPDX-License-Identifier: Apache-2.0
"""What a reader has to know of the machine and of the versions."""

import os
import subprocess


def output(*command):
    """What a program prints; nothing when it fails."""
    try:
        process = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    except OSError:
        return ""
    return (process.stdout or process.stderr).strip()


def package(name):
    return output("dpkg-query", "--show", "--showformat=${Version}", name) or "none"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    return os.uname().machine


def facts(programs):
    """Names and what they stand for."""
    guest = output("linux.uml", "--version").splitlines()
    swift = [line for line in output("swift", "--version").splitlines() if "Swift version" in line]
    tools = ("e2fsprogs", "xfsprogs", "btrfs-progs")
    peers = ("librocksdb-dev", "libleveldb-dev", "liblmdb-dev", "libsqlite3-dev")
    lora = output(str(programs.lora), "-c", "import lora_python as l; print(l.__version__)")
    return {
        "Processor": f"{processor()}, {os.cpu_count()} cores",
        "Kernel of the guests": f"{guest[-1] if guest else 'unknown'} (user-mode-linux {package('user-mode-linux')})",
        "Kernel of the host": os.uname().release,
        "File systems": ", ".join(f"{name} {package(name)}" for name in tools),
        "Peers": ", ".join(f"{name.removesuffix('-dev')} {package(name)}" for name in peers)
        + f", LoraDB {lora or 'none'}",
        "Compiler": swift[0] if swift else "unknown",
    }
