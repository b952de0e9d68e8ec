# SPDX-License-Identifier: Apache-2.0
"""Commands that measure something."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """One command that prints lines of JSON."""

    side: str  # "cairn", "peers", "lora", "ladybug", "query" or "graphqlite"
    arguments: tuple
    marks: tuple = ()  # fields to add to each line
    seconds_max: float | None = None  # then it is ended; what it printed until then counts

    def command(self, directory):
        program = {
            "cairn": [str(HERE / ".build/release/cairn-bench"), "--json"],
            "peers": [str(HERE / ".build-peers/peers")],
            "lora": [str(HERE / ".venv-bench/bin/python"), str(HERE / "Peers/lora_peer.py")],
            "ladybug": [str(HERE / ".venv-bench/bin/python"), str(HERE / "Peers/ladybug_peer.py")],
            "query": [str(HERE / ".venv-bench/bin/python"), str(HERE / "Peers/query_peer.py")],
            # A Python whose sqlite3 loads extensions.
            "graphqlite": [str(HERE / ".venv-graphqlite/bin/python"), str(HERE / "Peers/query_peer.py")],
        }[self.side]
        return program + [*self.arguments, "--dir", str(directory)]

    @property
    def shown(self):
        """The command as a reader would type it in Tools/Benchmarks."""
        program = {
            "cairn": "cairn-bench",
            "peers": "peers",
            "lora": "lora_peer.py",
            "ladybug": "ladybug_peer.py",
            "query": "query_peer.py",
            "graphqlite": "query_peer.py",
        }[self.side]
        return " ".join([program, *self.arguments])


def cairn(workload, *arguments, **marks):
    return Run("cairn", ("--workload", workload, *map(str, arguments)), tuple(marks.items()))


def peer(name, workload, *arguments):
    return Run("peers", ("--workload", workload, "--peer", name, *map(str, arguments)))


def lora(workload, *arguments):
    return Run("lora", ("--workload", workload, *map(str, arguments)))


def ladybug(workload, *arguments):
    return Run("ladybug", ("--workload", workload, *map(str, arguments)))


@dataclass(frozen=True)
class Group:
    """Runs that follow each other in each round, in another order each time."""

    name: str
    runs: tuple
    rounds: int
