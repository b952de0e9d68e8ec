# SPDX-License-Identifier: Apache-2.0
"""Reads a set of files by a description that says which files there are and what holds across them.

Each file is read by its own format first; then the rules are taken for it, whose scope is that of the root.
"""

import pathlib
from collections import OrderedDict

from .decoding import Compiler
from .expressions import DescriptionError, Expressions, Scope
from .machine import Failure, Machine, ResourceFailure
from .values import Record, shown

NUMBER_LIMIT = 1 << 64
#: How many readings of single files are kept.
KNOWN_MAX = 64
HEX_DIGITS = frozenset("0123456789abcdef")
DIGITS = frozenset("0123456789")
PLACES = ("before", "opened", "each", "closed", "after")


class Set:
    """A description of a set of files, compiled."""

    def __init__(self, description, formats):
        self.description = description
        self.name = description["name"]
        self.delivers = description["delivers"]
        #: The formats of the files; filled when all descriptions are loaded.
        self.formats = formats
        self._expressions = Expressions(description["limits"], description["tags"])
        self._compiler = Compiler(description, self._expressions)
        self._root = self._compiler.type(description["root"])
        self._allowance = self._expressions.compile(description["allocation"])
        self._kinds = [_Kind(kind, self._compiler) for kind in description["files"]]
        self._known = OrderedDict()

    def category(self, error):
        found = self.description["errors"].get(error)
        return found and found["category"]

    def repaired(self, path, data):
        """A file of the set with all checksums right, as far as its own format can be read."""
        for kind in self._kinds:
            if kind.numbers_of(path) is not None:
                return self.formats[kind.format].repaired(data)
        return data

    def read_file(self, own, data, context, mode):
        """What comes of a file by itself, and what it delivers. Other modes and sets have the same files."""
        key = own, data, tuple(context.items()), mode
        found = self._known.pop(key, None)
        if found is None:
            elements = []

            def gather(name, scope):
                if name == own.delivers:
                    elements.append((scope.start, Record(scope.names, scope.shown)))

            found = own.read(data, context, [mode], deliver=gather), elements
        self._known[key] = found
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)
        return found

    def allowance(self, byte_count, context=None):
        machine = Machine(bytes(byte_count))
        return self._allowance(machine, Scope(None, 0))

    def read(self, files, mode, deliver=None, disabled=frozenset()):
        """Reads a set: pairs of a path and what gives its bytes, None for a folder."""
        reading = _Reading(self, files, mode, deliver, disabled)
        try:
            reading.scope = self._root.read(Machine(b""), None)[1]
            reading.scope.names["mode"] = mode
            for kind in self._kinds:
                if any(kind.rules.values()):
                    reading.read(kind)
        except _Refusal as refusal:
            reading.findings.append((refusal.failure, refusal.path))
        return reading.outcome(self._root)


class Outcome:
    """What comes of reading a set in one mode, in the form that vectors have, and its value."""

    def __init__(self, told, value, check, findings, allocated):
        self.told, self.value, self.check = told, value, check
        #: Everything that is wrong, as pairs of a failure and a path.
        self.findings = findings
        self.allocated = allocated


class _Refusal(Exception):
    """A rule that does not hold ends the reading."""

    def __init__(self, failure, path):
        super().__init__(failure, path)
        self.failure, self.path = failure, path


class _Reading:
    """One reading of one set."""

    def __init__(self, whole, files, mode, deliver, disabled):
        self.whole, self.mode, self.disabled = whole, mode, disabled
        self.files, self.deliver = list(files), deliver
        self.scope = None
        self.delivered = self.allocated = 0
        self.findings = []
        self.torn = None

    def outcome(self, root):
        told = {"delivered": self.delivered}
        if not self.findings:
            told.update(result="valid", end="torn" if self.torn else "clean")
            if self.torn:
                told["file"], told["truncateTo"] = self.torn
            machine = Machine(b"")
            value = root.result(machine, self.scope) if root.result else None
            return Outcome(told, value, None, [], self.allocated)
        failure, path = self.findings[0]
        told.update(
            result="invalid", end="error", error=failure.error, at=failure.at,
            file=failure.file or path,
        )
        return Outcome(told, None, failure.check, self.findings, self.allocated)

    def read(self, kind):
        found = kind.matching(self.files)
        folder = kind.folder
        exists = not folder or any(
            path == folder or path.startswith(folder + "/") for path, _ in self.files
        )
        self.know("folder", {"exists": exists, "fileCount": len(found)})
        self.take(kind.rules["before"], b"", 0, folder)
        for index, (path, numbers, content) in enumerate(found):
            place = {"isFirst": index == 0, "isLast": index == len(found) - 1}
            self.read_file(kind, path, {**numbers, **place}, content())
            if kind.until and kind.until(Machine(b""), self.scope) is True:
                break
        self.take(kind.rules["after"], b"", 0, folder)

    def read_file(self, kind, path, known, data):
        facts = {"path": path, **known}
        self.know("file", facts)
        context = {name: value(Machine(data), self.scope) for name, value in kind.context}
        own = self.whole.formats.get(kind.format)
        if own is None:
            raise DescriptionError("there is no format %r" % kind.format)
        mode = "recover" if kind.last_may_be_torn and known["isLast"] else "strict"
        outcome, elements = self.whole.read_file(own, data, context, mode)
        self.allocated = max(self.allocated, outcome.allocated)
        found = outcome.modes[mode]
        facts.update(
            content=Record(outcome.scope.names, outcome.scope.shown), error=found.get("error"),
            category=own.category(found.get("error")), at=found.get("at"),
            torn=found.get("truncateTo"),
        )
        self.know("file", facts)
        if facts["torn"] is not None:
            self.torn = path, facts["torn"]
        self.take(kind.rules["opened"], data, 0, path)
        if kind.rules["each"]:
            for start, element in elements:
                self.scope.names["element"] = element
                self.take(kind.rules["each"], data, start, path)
        self.take(kind.rules["closed"], data, 0, path)

    def know(self, name, members):
        self.scope.names[name] = Record(dict(members), frozenset(members))

    def take(self, rule, data, start, path):
        """Takes the steps of a rule; in salvage, what does not hold is noted, and the next one taken."""
        if rule is None:
            return
        machine = Machine(data, disabled=self.disabled, deliver=self.handed(path))
        machine.here = start
        if self.mode == "salvage":
            machine.note = lambda failure: self.findings.append((failure, path))
        try:
            rule.read(machine, self.scope)
        except Failure as failure:
            if self.mode != "salvage":
                raise _Refusal(failure, path) from None
            self.findings.append((failure, path))
        finally:
            self.delivered += machine.delivered

    def handed(self, path):
        if self.deliver is None:
            return None
        return lambda name, scope: self.deliver(path, name, scope.names.get(name))


class _Kind:
    """The files of one kind: which they are, and what holds for them."""

    def __init__(self, kind, compiler):
        self.folder, self.format = kind["folder"], kind["format"]
        self.named, self.is_descending = kind["named"], kind["isDescending"]
        self.last_may_be_torn = kind["lastMayBeTorn"]
        self.context = [
            (name, compiler.formula(value)) for name, value in kind.get("context", {}).items()
        ]
        self.until = compiler.formula(kind["until"]) if "until" in kind else None
        self.rules = {
            place: compiler.type(kind["rules"][place]) if place in kind["rules"] else None
            for place in PLACES
        }

    def matching(self, files):
        """The files of this kind, in the order in which they are read, with the numbers in their names."""
        found = []
        for path, content in files:
            numbers = None if content is None else self.numbers_of(path)
            if numbers is not None:
                found.append((path, numbers, content))
        found.sort(key=lambda one: list(one[1].values()), reverse=self.is_descending)
        return found

    def numbers_of(self, path):
        """The numbers in the name of a file; None for a file of another kind."""
        prefix = self.folder + "/" if self.folder else ""
        if not path.startswith(prefix):
            return None
        numbers, name = {}, path[len(prefix) :]
        for part in self.named:
            if "text" in part:
                if not name.startswith(part["text"]):
                    return None
                name = name[len(part["text"]) :]
            elif "hexadecimal" in part:
                count = part["hexadecimal"]
                if len(name) < count or not set(name[:count]) <= HEX_DIGITS:
                    return None
                name = name[count:]
            else:
                rest = name.lstrip("0123456789")
                digits = name[: len(name) - len(rest)]
                if not _is_number(digits, part["digits"]):
                    return None
                if not int(part["least"]) <= int(digits) < NUMBER_LIMIT:
                    return None
                numbers[part["number"]] = int(digits)
                name = rest
        return None if name else numbers


def _is_number(digits, least):
    return bool(digits) and len(digits) >= least and (len(digits) == least or digits[0] != "0")


def directory(root):
    """The files of a directory as a set; their bytes are read when they are wanted."""
    root = pathlib.Path(root)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_dir():
            yield name, None
        elif path.is_file():
            yield name, path.read_bytes


def contents(value, member, formats):
    """Decodes a member of a delivered value, a list of bytes, by the first format that can read each."""
    return {**value, member: [_decoded(bytes.fromhex(part), formats) for part in value[member]]}


def _decoded(data, formats):
    for format in formats:
        outcome = format.read(data, None, ["strict"])
        found = outcome.modes["strict"]
        if found["result"] == "valid":
            return shown(outcome.value)
    return found


__all__ = ["Set", "contents", "directory", "ResourceFailure"]
