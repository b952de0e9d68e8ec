# SPDX-License-Identifier: Apache-2.0
"""Reads a directory of files by a description that says which files there are and what holds across them.

Such a description has the types, tags and limits of any other, and `directory`: a list of kinds of files, each with

- `name`, `folder`, `file` (the parts of the name: texts; `{"digits": n, "as": name}`, where 0 is any number of
  digits; and `{"hex": n}`), `format`;
- `context`: what the format is told, as formulas over the numbers in the name and the variables;
- `use`: `all` of them, in the order of their names, or the `newest` that is valid;
- `modes`: how the `last` file is read, and how the `others`;
- `before`, `each`, `after`: types whose steps are taken before a file is read, for what it delivers, and after.

All steps share the scope of `variables`. `each` reads the file, from where the delivered thing begins, whose names
it knows as `element`; `after` knows the value of the file as `content` and the numbers in its name as `named`.
"""

import re

from .decoding import Compiler
from .expressions import DescriptionError, Expressions, Scope
from .machine import Failure, Machine, ResourceFailure
from .values import Record, shown


class Finding:
    """What is wrong with a file, or what was cut short."""

    def __init__(self, file, error, at, check, end):
        self.file, self.error, self.at, self.check, self.end = file, error, at, check, end

    def as_json(self):
        told = {"file": self.file, "error": self.error, "at": self.at, "check": self.check}
        return {"end": self.end, **{name: item for name, item in told.items() if item is not None}}


class DirectoryReader:
    """A description of a directory, compiled."""

    def __init__(self, description, formats):
        self.description = description
        self.formats = formats
        expressions = Expressions(description["limits"], description["tags"])
        self._compiler = Compiler({**description, "tail": None}, expressions)
        self._variables = [
            (one["name"], expressions.compile(one["value"])) for one in description["variables"]
        ]
        self._kinds = [_FileKind(kind, self._compiler) for kind in description["directory"]]

    def read(self, root, deliver):
        """Reads all files below `root`; `deliver` gets names and values. Gives findings, worst last."""
        scope = Scope(None, 0)
        machine = Machine(b"")
        for name, value in self._variables:
            scope.names[name] = value(machine, scope)
        findings = []
        for kind in self._kinds:
            files = kind.files(root)
            if kind.uses_newest:
                files = files[::-1]
            for index, (path, named) in enumerate(files):
                is_last = index == len(files) - 1
                found, is_valid = self._file(kind, path, named, is_last, scope, deliver, root)
                findings += found
                if kind.uses_newest and is_valid:
                    break
                if not is_valid and not kind.uses_newest:
                    return findings
        return findings

    def _file(self, kind, path, named, is_last, scope, deliver, root):
        name = str(path.relative_to(root))
        data = path.read_bytes()
        scope.names["named"] = Record(named, frozenset(named))
        scope.names["isLast"] = is_last

        def handed(_, inner):
            value = inner.names.get(_)
            deliver(name, _, value if value is not None else Record(inner.names, inner.shown))

        def run(type, start, **names):
            if type is None:
                return
            machine = Machine(data, deliver=handed)
            machine.here = start
            scope.names.update(names)
            type.read(machine, scope)

        def follow(delivered, inner):
            if delivered == self.formats[kind.format].delivers:
                run(kind.each, inner.start, element=Record(inner.names, inner.shown))

        try:
            run(kind.before, 0)
            mode = kind.modes["last" if is_last else "others"]
            context = {key: value(Machine(data), scope) for key, value in kind.context}
            outcome = self.formats[kind.format].read(data, context, [mode], deliver=follow)
            found = outcome.modes[mode]
            if found["result"] == "invalid":
                return [Finding(name, found["error"], found["at"], outcome.check, "error")], False
            run(kind.after, 0, content=outcome.value)
        except Failure as failure:
            return [Finding(name, failure.error, failure.at, failure.check, "error")], False
        except ResourceFailure as failure:
            return [Finding(name, str(failure), None, None, "error")], False
        if found["end"] == "torn":
            return [Finding(name, None, found["truncateTo"], outcome.check, "torn")], True
        return [], True


class _FileKind:
    """The files of one kind: which they are, and what is done with them."""

    def __init__(self, kind, compiler):
        self.folder, self.format = kind["folder"], kind["format"]
        self.uses_newest = kind["use"] == "newest"
        self.modes = kind["modes"]
        self.context = [
            (name, compiler.formula(value)) for name, value in kind.get("context", {}).items()
        ]
        self.before, self.each, self.after = (
            compiler.type(kind[part]) if part in kind else None
            for part in ("before", "each", "after")
        )
        self._pattern, self._numbers = _pattern(kind["file"])

    def files(self, root):
        """The files of this kind, in the order of their names, with the numbers in these."""
        folder = root / self.folder
        found = []
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            match = self._pattern.fullmatch(path.name)
            if match and path.is_file():
                numbers = [int(text) for text in match.groups()]
                found.append((path, dict(zip(self._numbers, numbers))))
        return found


def _pattern(parts):
    expression, names = "", []
    for part in parts:
        if isinstance(part, str):
            expression += re.escape(part)
        elif "hex" in part:
            expression += "[0-9a-f]{%d}" % part["hex"]
        else:
            expression += "([0-9]{%d})" % part["digits"] if part["digits"] else "([0-9]+)"
            names.append(part["as"])
    return re.compile(expression), names


def contents(value, member, formats, format):
    """Decodes a member of a delivered value that holds bytes of another format, or a list of such."""
    parts = value.get(member)
    if parts is None:
        return value
    decoded = [
        _decoded(bytes.fromhex(part), formats, format)
        for part in (parts if isinstance(parts, list) else [parts])
    ]
    return {**value, member: decoded if isinstance(parts, list) else decoded[0]}


def _decoded(data, formats, format):
    if format not in formats:
        raise DescriptionError("there is no format %r" % format)
    outcome = formats[format].read(data, None, ["strict"])
    found = outcome.modes["strict"]
    return shown(outcome.value) if found["result"] == "valid" else found
