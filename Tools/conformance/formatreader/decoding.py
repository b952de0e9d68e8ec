# SPDX-License-Identifier: Apache-2.0
"""Turns the steps of a description into functions of a machine and a scope.

The order of the steps is the order of validation: the first check that fails decides.
"""

import struct
import zlib

from .checksums import ALGORITHMS
from .expressions import DescriptionError, Scope
from .kinds import KindCompiler
from .machine import DEPTH_MAX, ROUNDS_MAX, WORD_BYTES, Failure, ResourceFailure
from .values import Listing, Record, raw


class Compiler(KindCompiler):
    """Makes functions of kinds, steps and types; `types` is filled as they are met."""

    def __init__(self, description, expressions):
        self.description = description
        self.formula = expressions.compile
        self.tables = description["tags"]
        tail = description["tail"]
        self.tail_loop = tail and tail["loop"]
        self.types = {}

    # MARK: types

    def type(self, name):
        if name not in self.types:
            if name not in self.description["types"]:
                raise DescriptionError("there is no type %r" % name)
            self.types[name] = Type()
            self.types[name].fill(self, self.description["types"][name])
        return self.types[name]

    # MARK: steps

    def steps(self, steps):
        compiled, index = [], 0
        while index < len(steps):
            run = index
            while run < len(steps) and _fixed_size(steps[run]) is not None:
                run += 1
            if run - index > 1:
                compiled.append(self.fixed_fields(steps[index:run]))
                index = run
            else:
                compiled.append(self.step(steps[index]))
                index += 1
        return tuple(compiled)

    def step(self, step):
        method = getattr(self, "step_" + step["step"], None)
        if method is None:
            raise DescriptionError("there is no step %r" % step["step"])
        return method(step)

    def fixed_fields(self, steps):
        """Fields whose sizes are known, read at once if all are there, else one after the other."""
        names = [step["name"] for step in steps]
        layout = struct.Struct("<" + "".join(_struct_code(step["kind"]) for step in steps))
        singly = [self.step(step) for step in steps]
        size = layout.size
        cost = sum(
            step["kind"].get("count", WORD_BYTES) for step in steps
        )

        def read(machine, scope):
            here = machine.here
            if machine.end - here < size:
                for one in singly:
                    one(machine, scope)
                return
            machine.hold(cost)
            machine.here = here + size
            scope.names.update(zip(names, layout.unpack_from(machine.data, here)))
            scope.shown.update(names)

        return read

    def step_field(self, step):
        name, read = step["name"], self.kind(step["kind"])

        def field(machine, scope):
            scope.names[name] = read(machine, scope)
            scope.shown.add(name)

        return field

    def step_define(self, step):
        name, value = step["name"], self.formula(step["value"])

        def define(machine, scope):
            scope.names[name] = value(machine, scope)

        return define

    step_variable = step_define

    def step_assign(self, step):
        name, value = step["name"], self.formula(step["value"])
        return lambda machine, scope: scope.assign(name, value(machine, scope))

    def step_check(self, step):
        if "checksum" in step:
            return self.checksum(step)
        identifier, error = step["id"], step["error"]
        formula, at = self.formula(step["formula"]), self.formula(step["at"])
        file = self.formula(step["file"]) if "file" in step else None

        def check(machine, scope):
            if formula(machine, scope) is not True and identifier not in machine.disabled:
                named = file(machine, scope) if file else None
                failure = Failure(error, _place(at(machine, scope)), identifier, scope, named)
                if machine.note is None:
                    raise failure
                machine.note(failure)

        return check

    def checksum(self, step):
        identifier, error = step["id"], step["error"]
        formula, at = self.formula(step["formula"]), self.formula(step["at"])
        parts = step["checksum"]
        if parts["algorithm"] not in ALGORITHMS:
            raise DescriptionError("no checksum has the name %r" % parts["algorithm"])
        compute = ALGORITHMS[parts["algorithm"]]
        low, high, seed, stored_at = (
            self.formula(parts[name]) for name in ("from", "to", "seed", "storedAt")
        )
        path = parts["field"].split(".")

        def check(machine, scope):
            if formula(machine, scope) is True:
                return
            place = stored_at(machine, scope)
            if machine.repairs and type(place) is int and 0 <= place <= machine.size - 4:
                covered = machine.slice(low(machine, scope), high(machine, scope))
                right = compute(covered, seed(machine, scope))
                stored = right.to_bytes(4, "little")
                machine.data = machine.data[:place] + stored + machine.data[place + 4 :]
                _replace(scope, path, right)
            elif identifier not in machine.disabled:
                raise Failure(error, _place(at(machine, scope)), identifier, scope)

        return check

    def step_when(self, step):
        condition = self.formula(step["condition"])
        steps, otherwise = self.steps(step["steps"]), self.steps(step.get("otherwise", []))

        def when(machine, scope):
            for one in steps if condition(machine, scope) is True else otherwise:
                one(machine, scope)

        return when

    def step_select(self, step):
        tag, at, table = self.formula(step["tag"]), self.formula(step["at"]), step["table"]
        cases = {}
        for case in step["cases"]:
            steps = self.steps(case["steps"])
            for value in case["tags"]:
                cases.setdefault(int(value), steps)
        policy = self.tables.get(table, {}).get("unknown")
        error = policy and policy["error"]

        def select(machine, scope):
            value = tag(machine, scope)
            steps = cases.get(value) if type(value) is int else None
            if steps is None:
                if error is not None and "[%s]" % table not in machine.disabled:
                    raise Failure(error, _place(at(machine, scope)), "[%s]" % table, scope)
                return
            for one in steps:
                one(machine, scope)

        return select

    def step_loop(self, step):
        name, read = step["name"], self.kind(step["kind"])
        counted = "times" in step
        bound = self.formula(step["times"] if counted else step["until"])
        is_tail = name == self.tail_loop

        def loop(machine, scope):
            scope.names.setdefault(name, Listing())
            scope.shown.add(name)
            done = 0
            while True:
                limit = bound(machine, scope)
                if (type(limit) is not int or done >= limit) if counted else limit is True:
                    break
                start = machine.here
                machine.rounds += 1
                if machine.rounds > ROUNDS_MAX:
                    raise ResourceFailure("a loop goes round too often")
                if is_tail:
                    machine.round = (scope, start)
                value = read(machine, scope)
                machine.hold(WORD_BYTES)
                scope.names[name] = scope.names[name].appended(value)
                done += 1
                if not counted and machine.here == start:
                    raise ResourceFailure("a loop stays at %d" % start)
            if is_tail:
                machine.round = None

        return loop

    def step_each(self, step):
        name, elements = step["name"], self.formula(step["list"])
        steps = self.steps(step["steps"])

        def each(machine, scope):
            listing = elements(machine, scope)
            for element in listing if type(listing) is Listing else ():
                scope.names[name] = element
                for one in steps:
                    one(machine, scope)

        return each

    def step_window(self, step):
        low, high = self.formula(step["from"]), self.formula(step["to"])
        steps = self.steps(step["steps"])

        def window(machine, scope):
            before = machine.here, machine.end
            start, stop = low(machine, scope), high(machine, scope)
            if type(start) is not int or type(stop) is not int or not (
                0 <= start <= stop <= machine.size
            ):
                raise Failure("truncated", machine.here, "[end]")
            machine.here, machine.end = start, stop
            for one in steps:
                one(machine, scope)
            machine.here, machine.end = before

        return window

    def step_within(self, step):
        content, place = self.formula(step["bytes"]), self.formula(step["at"])
        steps = self.steps(step["steps"])

        def within(machine, scope):
            inner, at = raw(content(machine, scope)), place(machine, scope)
            if inner is None or type(at) is not int or not 0 <= at <= machine.size:
                raise Failure("truncated", machine.here, "[end]")
            before = machine.data, machine.size, machine.here, machine.end
            machine.borrow(at + len(inner))
            machine.data = machine.data[:at] + inner
            machine.size = machine.end = at + len(inner)
            machine.here = at
            try:
                for one in steps:
                    one(machine, scope)
            finally:
                machine.data, machine.size, machine.here, machine.end = before

        return within

    def step_seek(self, step):
        place = self.formula(step["to"])

        def seek(machine, scope):
            target = place(machine, scope)
            if type(target) is not int or not 0 <= target <= machine.end:
                raise Failure("truncated", machine.here, "[end]")
            machine.here = target

        return seek

    def step_inflate(self, step):
        name, identifier, error = step["name"], step["id"], step["error"]
        low, high, count, at = (
            self.formula(step[part]) for part in ("from", "to", "byteCount", "at")
        )

        def inflate(machine, scope):
            start, stop, byte_count = (part(machine, scope) for part in (low, high, count))
            content = None
            known = type(start) is type(stop) is type(byte_count) is int
            if known and byte_count >= 0 and 0 <= start <= stop <= machine.size:
                machine.hold(byte_count)
                content = _inflated(machine.slice(start, stop), byte_count)
            if content is None and identifier in machine.disabled:
                return
            if content is None:
                raise Failure(error, _place(at(machine, scope)), identifier, scope)
            scope.names[name] = content
            scope.shown.add(name)

        return inflate

    def step_deliver(self, step):
        name, counts = step["name"], step["name"] == self.description["delivers"]

        def deliver(machine, scope):
            if counts:
                machine.delivered += 1
            if machine.deliver is not None:
                machine.deliver(name, scope)

        return deliver


class Type:
    """A type, compiled: made empty first, because types can refer to themselves."""

    __slots__ = ("steps", "result")

    def fill(self, compiler, declared):
        self.steps = compiler.steps(declared["steps"])
        self.result = compiler.formula(declared["result"]) if "result" in declared else None

    def read(self, machine, parent, arguments=(), scope=None):
        """The value of the type, and its scope, which the caller may have made."""
        scope = scope or Scope(parent, machine.here)
        for name, value in arguments:
            scope.names[name] = value(machine, parent)
        machine.depth += 1
        if machine.depth > DEPTH_MAX:
            raise ResourceFailure("types lie within one another too deeply")
        for step in self.steps:
            step(machine, scope)
        machine.depth -= 1
        if self.result is not None:
            return self.result(machine, scope), scope
        return Record(scope.names, scope.shown), scope


def _place(value):
    """The offset of an error: 0 where none can be computed."""
    return value if type(value) is int else 0


def _fixed_size(step):
    kind = step.get("kind") if step["step"] == "field" else None
    if not kind or kind["kind"] not in ("unsigned", "bytes"):
        return None
    size = kind["bytes"] if kind["kind"] == "unsigned" else kind["count"]
    return size if isinstance(size, int) else None


def _struct_code(kind):
    if kind["kind"] == "unsigned":
        return {1: "B", 2: "H", 4: "I", 8: "Q"}[kind["bytes"]]
    return "%ds" % kind["count"]


def _replace(scope, path, value):
    """Changes a value, also a member of an object, as in `a.b`."""
    for depth in range(len(path) - 1, 0, -1):
        record = scope.names[path[0]]
        for name in path[1:depth]:
            record = record.members[name]
        value = record.replacing(path[depth], value)
    scope.assign(path[0], value)


def _inflated(stream, byte_count):
    """The content of exactly one zlib stream of that many bytes, else None. Never holds more."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(stream, byte_count + 1)
    except zlib.error:
        return None
    is_whole = inflater.eof and not inflater.unused_data and not inflater.unconsumed_tail
    return content if is_whole and len(content) == byte_count else None
