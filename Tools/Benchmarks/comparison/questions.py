# SPDX-License-Identifier: Apache-2.0
"""Questions in openCypher's language on the packages of Debian: their data, runs, targets and table."""

import json
import shutil
import subprocess
from pathlib import Path

from .chart import NAMES
from .runs import HERE, Group, Run, cairn
from .tables import table
from .target import Target

QUESTIONS = HERE.parent / "questions/debian.json"
PEERS = ("loradb", "ladybug", "graphqlite")
GRAPHQLITE_SECONDS_MAX = 90
BY_HAND = "cairn-by-hand"
DATA = "debian.jsonl"


def identifiers():
    """The questions in their order."""
    return [question["id"] for question in json.loads(QUESTIONS.read_text(encoding="utf-8"))]


def prepare(directory):
    """Exports the packages that apt knows of into a directory, once; false where there is no apt."""
    export = directory / DATA
    if export.exists():
        return True
    if not shutil.which("apt-cache"):
        return False
    root = HERE.parent.parent
    build = ["swift", "build", "--package-path", root, "-c", "release", "--product", "cairn"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    shown = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True)
    program = Path(shown.stdout.strip()) / "cairn"
    store = directory / "debian-store"
    with subprocess.Popen(["apt-cache", "dumpavail"], stdout=subprocess.PIPE) as packages:
        command = [program, "import", "dpkg", "-", "--into", store]
        subprocess.run(command, check=True, stdin=packages.stdout, stdout=subprocess.DEVNULL)
    with open(directory / "export.new", "wb") as file:
        subprocess.run([program, "export", store, "--format", "jsonl"], check=True, stdout=file)
    (directory / "export.new").rename(export)
    shutil.rmtree(store)
    return True


def groups(directory, seconds, rounds):
    """One group: all engines, one after the other."""
    data = ("--data", str(directory / DATA), "--seconds", str(seconds))
    peers = [Run("query", ("--peer", name, *data)) for name in ("lora", "ladybug")]
    if (HERE / ".venv-graphqlite/installed.txt").exists():
        # Some questions take it minutes.
        limit = GRAPHQLITE_SECONDS_MAX
        peers.append(Run("graphqlite", ("--peer", "graphqlite", *data), seconds_max=limit))
    return [Group("query", (cairn("query", *data), *peers), rounds)]


def times(results, peer, identifier):
    """Milliseconds by round."""
    return results.by_round("ms", workload="query", peer=peer, what=identifier)


def ratios(results, identifier, others):
    """Ours divided by the best of others, for each round with both."""
    ours = times(results, "cairn", identifier)
    theirs = [times(results, peer, identifier) for peer in others]
    found = []
    for number, value in sorted(ours.items()):
        best = min((other[number] for other in theirs if number in other), default=None)
        if best:
            found.append(value / best)
    return found


def targets(results):
    """What the questions are to reach; none without results."""
    if not results.select(workload="query", peer="cairn"):
        return []
    rows = [
        Target(f"question {name}", "best peer's time", "×", ratios(results, name, PEERS), 1.5, 1, True)
        for name in identifiers()
    ]
    rows += [
        Target(f"question {name}", "the same walk by hand", "×", found, 3, None, True)
        for name in identifiers()
        if (found := ratios(results, name, [BY_HAND]))
    ]
    look_up = [1000 * value for value in times(results, "cairn", "1").values()]
    return rows + [Target("prepared look-up by key", "", "µs", look_up, 5, None, True)]


def sections(results):
    """The table of the page; nothing without results."""
    if not results.select(workload="query"):
        return []
    peers = [peer for peer in PEERS if results.select(workload="query", peer=peer)]
    rows = []
    for name in identifiers():
        row = [name, shown(results, "cairn", name), shown(results, BY_HAND, name)]
        rows.append(row + [shown(results, peer, name) for peer in peers])
    head = ["ms", "Cairn", "by hand", *(NAMES.get(peer, peer) for peer in peers)]
    note = (
        "The questions are in [Tools/questions](../Tools/questions/debian.json). Peers are asked through Python, with their own "
        f"wording where `own` stands. GraphQLite is ended after {GRAPHQLITE_SECONDS_MAX} s in each round: what it had not "
        "answered by then has no figure.\n"
    )
    return ["## Questions on the packages of Debian\n", table(head, rows), note]


def shown(results, peer, identifier):
    selection = {"workload": "query", "peer": peer, "what": identifier}
    value = results.median("ms", **selection)
    lines = results.select(**selection)
    if value is None:
        return "error" if lines else ""
    own = " own" if any(line.get("wording") for line in lines) else ""
    return (f"{value:.4f}" if value < 0.1 else f"{value:,.1f}") + own
