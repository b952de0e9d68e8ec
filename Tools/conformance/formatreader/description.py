# SPDX-License-Identifier: Apache-2.0
"""The machine-readable description of a format, made ready to read inputs with."""

import hashlib
import json
import pathlib

from .decoding import Compiler
from .expressions import DescriptionError, Expressions, Scope
from .machine import Failure, Machine, ResourceFailure
from .recovery import TailRule
from .sets import Set
from .values import shown

MODES = ("strict", "recover", "salvage")
#: A single input has no place to go on at behind an error.
INPUT_MODES = MODES[:2]
REPAIRS_MAX = 8


class Outcome:
    """What comes of reading an input: a value or an error, in each mode."""

    def __init__(self, modes, value, allocated, check, data, scope=None):
        self.modes = modes
        #: The names of the root, as far as it was read.
        self.scope = scope
        self.value = value
        #: The most bytes that were taken at once, as `Machine` counts them.
        self.allocated = allocated
        #: The check that failed in strict mode.
        self.check = check
        #: The input; with checksums made right, if that was asked for.
        self.data = data


class Format:
    """A description, compiled. It is all that is known about the format."""

    def __init__(self, description):
        self.description = description
        self.name = description["name"]
        self.delivers = description["delivers"]
        expressions = Expressions(description["limits"], description["tags"])
        self._compiler = Compiler(description, expressions)
        self._root = self._compiler.type(description["root"])
        self._context = [
            (one["name"], expressions.compile(one["unknown"]))
            for one in description["context"]
        ]
        self._allowance = expressions.compile(description["allocation"])
        self._has_checksums = any("checksum" in step for step in self.checks().values())
        tail = description["tail"]
        self._tail = TailRule(tail, self._compiler, self.checks()) if tail else None

    def checks(self):
        """All steps that check something, by their ids."""
        return {step["id"]: step for _, step in walk_steps(self.description) if "id" in step}

    def category(self, error):
        found = self.description["errors"].get(error)
        return found and found["category"]

    def allowance(self, byte_count, context=None):
        """The most bytes that a reader may allocate for an input of that size."""
        machine = Machine(bytes(byte_count))
        return self._allowance(machine, self._outer(machine, context))

    def _outer(self, machine, context):
        """The outermost scope: what the caller knows beforehand."""
        outer = Scope(None, 0)
        for name, unknown in self._context:
            value = known((context or {}).get(name))
            outer.names[name] = unknown(machine, outer) if value is None else value
        return outer

    def read(self, data, context=None, modes=INPUT_MODES, **options):
        """Reads an input. `options` are those of `Machine`."""
        machine = Machine(bytes(data), **options)
        outer = self._outer(machine, context)
        machine.allowance = self._allowance(machine, outer)
        value, outcomes, check = None, {}, None
        scope = Scope(outer, 0)
        try:
            value = self._root.read(machine, outer, scope=scope)[0]
            outcomes = {mode: _valid(machine.delivered) for mode in modes}
        except Failure as failure:
            check = failure.check
            strict = {
                "result": "invalid", "error": failure.error, "at": failure.at,
                "delivered": machine.delivered, "end": "error",
            }
            outcomes = {mode: dict(strict) for mode in modes}
            if "recover" in modes and self._tail:
                outcomes["recover"] = self._recovered(machine, failure, strict)
        return Outcome(outcomes, value, machine.peak, check, machine.data, scope)

    def _recovered(self, machine, failure, strict):
        delivered = machine.delivered
        torn_at, proof = self._tail.judge(machine, failure)
        if torn_at is not None:
            return {**_valid(delivered), "end": "torn", "truncateTo": torn_at}
        return {**strict, "proof": proof} if proof else dict(strict)

    def repaired(self, data, context=None):
        """The input with every checksum right that a reading meets, in the order in which it meets them."""
        if not self._has_checksums:
            return data
        for _ in range(REPAIRS_MAX):
            # Again and again: a checksum may cover another one that is read later.
            before = data
            try:
                data = self.read(data, context, modes=("strict",), repairs=True).data
            except ResourceFailure:
                return before
            if data == before:
                break
        return data


def known(form):
    """What a caller knows beforehand, from the form in which vectors have it, or a value."""
    if isinstance(form, dict):
        (kind, content), = form.items()
        return {"hex": bytes.fromhex, "number": int, "text": str}[kind](content)
    return form


def _valid(delivered):
    return {"result": "valid", "delivered": delivered, "end": "clean"}


def walk_steps(description):
    """All steps of all types, those within others too, each with the list that it is in."""
    lists = [declared["steps"] for declared in description["types"].values()]
    while lists:
        steps = lists.pop()
        for step in steps:
            yield steps, step
            lists += [step[name] for name in ("steps", "otherwise") if name in step]
            lists += [case["steps"] for case in step.get("cases", ())]


def load(directory):
    """The formats that a directory of descriptions has, by name, with the digests of their files."""
    formats, digests = {}, {}
    for path in sorted(pathlib.Path(directory).glob("*.json")):
        content = path.read_bytes()
        description = json.loads(content)
        if not isinstance(description, dict) or "types" not in description:
            continue
        is_set = "files" in description
        made = Set(description, formats) if is_set else Format(description)
        formats[description["name"]] = made
        digests[description["name"]] = hashlib.sha256(content).hexdigest()
    if not formats:
        raise DescriptionError("no description of a format is in %s" % directory)
    return formats, digests


__all__ = ["Format", "Outcome", "DescriptionError", "load", "shown", "walk_steps", "MODES"]
