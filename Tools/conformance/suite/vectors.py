# SPDX-License-Identifier: Apache-2.0
"""Vector files: what they hold, and the many inputs that a sweep stands for."""

import json
import pathlib


class VectorError(Exception):
    """A vector file contradicts itself."""


class Case:
    """One input and what is expected of it."""

    __slots__ = (
        "name", "format", "categories", "bytes", "files", "context", "expect", "test", "modes",
    )

    def __init__(self, name, format, categories, test, expect, modes, bytes=None, files=None):
        self.name, self.format, self.categories = name, format, categories
        self.test, self.expect, self.bytes, self.files = test, expect, bytes, files
        self.context = test.get("context")
        #: The modes of which something is said.
        self.modes = modes

    def request(self, identifier, modes):
        """The request to a testee."""
        request = {"id": identifier, "format": self.format, "modes": modes}
        if self.files is None:
            request["bytes"] = self.bytes.hex()
        else:
            request["files"] = [
                {"name": name, "bytes": None if content is None else content.hex()}
                for name, content in self.files
            ]
        if self.context:
            request["context"] = self.context
        if self.test.get("value") is not None:
            request["value"] = True
        return request


class VectorFile:
    """The tests and sweeps of one format."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.content = json.loads(self.path.read_bytes())
        self.format = self.content["format"]["id"]
        self.tests = {test["tcId"]: test for test in self.content["tests"]}
        self._inputs = {}

    def case(self, test):
        """A test that is written out."""
        bytes, files = None, None
        if "files" in test:
            files = [
                (file["name"], None if file["bytes"] is None else self.built(file["bytes"]))
                for file in test["files"]
            ]
        else:
            bytes = self.input(test["tcId"])
        name = "%s/%s" % (self.format, test["name"])
        expect = test["expect"]
        modes = list(expect) if files is not None else self.content["modes"]
        return Case(name, self.format, test["flags"], test, expect, modes, bytes, files)

    def derived(self, sweep, start, stop, format):
        """The cases of a part of a sweep. `format` makes the checksums of an input right."""
        base = self.tests[sweep["from"]]
        expectations = _expanded(sweep["outcomes"])
        context = {key: base[key] for key in ("context",) if key in base}
        first = sweep["range"][0]
        files = self.case(base).files
        for index in range(start, stop):
            expect = expectations[index - first]
            expect = {mode: _placed(outcome, index) for mode, outcome in expect.items()}
            name = "%s/%s/%d" % (self.format, sweep["name"], index)
            categories = ["sweep-" + sweep["op"]]
            if files is None:
                repaired = lambda data: format.repaired(data, base.get("context"))
                varied = {"bytes": vary(self.input(base["tcId"]), sweep["op"], index, repaired)}
                modes = self.content["modes"]
            else:
                varied = {"files": _vary_set(files, sweep, index, format)}
                modes = list(expect)
            yield Case(name, self.format, categories, context, expect, modes, **varied)

    def input(self, identifier):
        if identifier not in self._inputs:
            test = self.tests.get(identifier)
            if test is None:
                raise VectorError("%s: no test has the id %r" % (self.path.name, identifier))
            self._inputs[identifier] = self.built(test["bytes"])
        return self._inputs[identifier]

    def built(self, form):
        """Bytes from the form in which vectors have them."""
        if "hex" in form:
            return bytes.fromhex(form["hex"])
        if "file" in form:
            return (self.path.parent / form["file"]).read_bytes()
        data = bytearray(self.input(form["from"]))
        for operation in form["ops"]:
            _operate(data, *operation)
        return bytes(data)

    def defects(self, formats, digests):
        """What the file says about itself and about the description that does not hold."""
        content = self.content
        if self.format not in formats:
            yield "no description of %s" % self.format
            return
        if content["format"]["descriptionSHA256"] != digests[self.format]:
            yield "the digest of the description is another one"
        if content["numberOfTests"] != len(content["tests"]):
            yield "numberOfTests is not %d" % len(content["tests"])
        if len(self.tests) != len(content["tests"]):
            yield "two tests have the same tcId"
        ranges = [sweep["range"][1] - sweep["range"][0] for sweep in content["sweeps"]]
        if content["numberOfDerivedTests"] != sum(ranges):
            yield "numberOfDerivedTests is not %d" % sum(ranges)
        for sweep, size in zip(content["sweeps"], ranges):
            count = sum(outcome["count"] for outcome in sweep["outcomes"])
            if count != size:
                yield "the outcomes of %s are %d, its range is %d" % (sweep["name"], count, size)
            files = [file["name"] for file in self.tests.get(sweep["from"], {}).get("files", ())]
            if "file" in sweep and sweep["file"] not in files:
                yield "%s changes a file that its test does not have" % sweep["name"]
        described = formats[self.format].description["errors"]
        for name, category in content["errors"].items():
            if name not in described or described[name]["category"] != category:
                yield "the description does not say that %s is %s" % (name, category)
        for test in content["tests"]:
            for flag in test["flags"]:
                if flag not in content["notes"]:
                    yield "no note says what %s means" % flag


def load(directory):
    """All vector files of a directory."""
    paths = sorted(pathlib.Path(directory).glob("*.json"))
    if not paths:
        raise VectorError("no vectors are in %s" % directory)
    return [VectorFile(path) for path in paths]


def vary(data, operation, index, repaired):
    """What a sweep makes of an input at an index."""
    if operation == "truncate":
        return data[:index]
    if operation == "zeroFrom":
        return data[:index] + bytes(len(data) - index)
    if operation == "invert":
        return data[:index] + bytes((data[index] ^ 0xFF,)) + data[index + 1 :]
    if operation not in ("flip", "flipAndRepair"):
        raise VectorError("no sweep has the operation %r" % operation)
    place = index // 8
    flipped = data[:place] + bytes((data[place] ^ 1 << index % 8,)) + data[place + 1 :]
    return repaired(flipped) if operation == "flipAndRepair" else flipped


def _vary_set(files, sweep, index, format):
    """The files of a set, one of which a sweep changes or leaves out."""
    if sweep["op"] == "remove":
        return files[:index] + files[index + 1 :]

    def varied(name, content):
        if name != sweep["file"]:
            return name, content
        return name, vary(content, sweep["op"], index, lambda data: format.repaired(name, data))

    return [varied(*file) for file in files]


def _operate(data, operation, *operands):
    if operation == "truncate":
        del data[operands[0] :]
    elif operation == "set":
        content = bytes.fromhex(operands[1])
        data[operands[0] : operands[0] + len(content)] = content
    elif operation == "append":
        data += bytes.fromhex(operands[0])
    elif operation == "repeat":
        data += bytes.fromhex(operands[0]) * operands[1]
    else:
        raise VectorError("no input is made by the operation %r" % operation)


def _expanded(outcomes):
    return [outcome["expect"] for outcome in outcomes for _ in range(outcome["count"])]


def _placed(outcome, index):
    """An outcome in which the place where the input was cut is its offset."""
    return {**outcome, "at": index} if outcome.get("at") == "cut" else outcome
