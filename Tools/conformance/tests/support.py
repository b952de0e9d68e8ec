# SPDX-License-Identifier: Apache-2.0
"""What several tests need: the places of things, a small format of their own, and copies to break."""

import copy
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOOL = HERE.parent
ROOT = TOOL.parent.parent
DESCRIPTIONS = ROOT / "Docs/Formats"
VECTORS = ROOT / "Tests/Golden/vectors"

sys.path.insert(0, str(TOOL))
sys.setrecursionlimit(20_000)

from formatreader.description import Format  # noqa: E402


def described(**parts):
    """A description with what the parts leave out."""
    whole = {
        "name": "sample", "root": "root", "delivers": "item", "context": [], "limits": {},
        "tags": {}, "errors": {}, "tail": None, "allocation": 1 << 20, "types": {},
    }
    whole.update(copy.deepcopy(parts))
    return whole


def reading(steps, result=None, **parts):
    """A format whose root has these steps."""
    root = {"meaning": "", "steps": steps}
    if result is not None:
        root["result"] = result
    types = dict(parts.pop("types", {}), root=root)
    return Format(described(types=types, **parts))


def field(name, kind, **parts):
    return {"step": "field", "name": name, "kind": {"kind": kind, **parts}, "meaning": ""}


def check(identifier, formula, error="wrong", at="start"):
    return {
        "step": "check", "id": identifier, "formula": formula, "text": "", "error": error,
        "at": at, "meaning": "",
    }


def json_files(directory):
    return {path.name: json.loads(path.read_text()) for path in sorted(directory.glob("*.json"))}
