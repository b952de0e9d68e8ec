# SPDX-License-Identifier: Apache-2.0
"""The suite must go red: for a changed expectation, a changed input, and each check taken out."""

import copy
import json
import pathlib
import re
import tempfile
import unittest
from xml.etree import ElementTree

from .support import DESCRIPTIONS, VECTORS
from formatreader import description
from formatreader.description import Format, walk_steps
from suite import report, runner, vectors


def worker(formats=None, digests=None, files=None, **options):
    """A worker in this process, whose formats or vectors are others than those on disk."""
    chosen = runner.Options(DESCRIPTIONS, VECTORS, stop_early=True, **options)
    loaded = (formats, digests) if formats else description.load(DESCRIPTIONS)
    return runner.Worker(chosen, loaded, files)


def failures(worker, parts=None):
    found = []
    for part in worker.parts() if parts is None else parts:
        found += [one for one in worker.run(part) if one.status == runner.FAILED]
        if found and worker.options.stop_early:
            break
    return found


class ExpectationTests(unittest.TestCase):
    """Each part of an expectation, changed a little, turns its case red."""

    @classmethod
    def setUpClass(cls):
        cls.loaded = description.load(DESCRIPTIONS)

    def changed(self, change, limit=12):
        """Applies `change` to copies of tests until it takes, and gives the failures of each."""
        tried = 0
        for file in vectors.load(VECTORS):
            for index, test in enumerate(file.content["tests"]):
                test = copy.deepcopy(test)
                if change(test) is False:
                    continue
                broken = vectors.VectorFile(file.path)
                broken.content["tests"][index] = test
                broken.tests[test["tcId"]] = test
                tested = worker(*self.loaded, files=[broken])
                found = failures(tested, [(0, None, index, index + 1)])
                self.assertTrue(found, "%s/%s stays green" % (file.format, test["name"]))
                tried += 1
                if tried == limit:
                    return
        self.assertGreater(tried, 0)

    def test_offset(self):
        def change(test):
            strict = test["expect"]["strict"]
            if "at" not in strict:
                return False
            strict["at"] += 1

        self.changed(change)

    def test_error_class(self):
        def change(test):
            strict = test["expect"]["strict"]
            if "error" not in strict:
                return False
            strict["error"] += "x"

        self.changed(change)

    def test_delivered(self):
        def change(test):
            test["expect"]["strict"]["delivered"] += 1

        self.changed(change)

    def test_validity(self):
        def change(test):
            strict = test["expect"]["strict"]
            if strict["result"] != "valid":
                return False
            strict["result"] = "invalid"

        self.changed(change)

    def test_cut_point(self):
        def change(test):
            recover = test["expect"].get("recover", {})
            if "truncateTo" not in recover:
                return False
            recover["truncateTo"] -= 1

        self.changed(change)

    def test_proof(self):
        def change(test):
            recover = test["expect"].get("recover", {})
            if "proof" not in recover:
                return False
            del recover["proof"]

        self.changed(change)

    def test_a_digit_of_the_value(self):
        def change(test):
            if "value" not in test:
                return False
            text = json.dumps(test["value"])
            place = max(text.rfind(digit) for digit in "0123456789")
            if place < 0:
                return False
            digit = str((int(text[place]) + 1) % 10)
            test["value"] = json.loads(text[:place] + digit + text[place + 1 :])

        self.changed(change, limit=40)

    def test_allocation(self):
        def change(test):
            test["expect"]["strict"]["maxAllocation"] = 1
            return "value" in test and bool(test["value"])

        self.changed(change)

    def test_a_sweep(self):
        tried = 0
        for file in vectors.load(VECTORS):
            for index in range(len(file.content["sweeps"])):
                broken = vectors.VectorFile(file.path)
                sweep = broken.content["sweeps"][index]
                mode = next(iter(sweep["outcomes"][-1]["expect"]))
                sweep["outcomes"][-1]["expect"][mode]["delivered"] += 1
                tested = worker(*self.loaded, files=[broken])
                last = sweep["range"][1]
                self.assertTrue(failures(tested, [(0, index, last - 1, last)]), sweep["name"])
                tried += 1
        self.assertGreater(tried, 3)


class FileTests(unittest.TestCase):
    def defects(self, change):
        formats, digests = description.load(DESCRIPTIONS)
        file = vectors.load(VECTORS)[0]
        change(file, digests)
        return list(file.defects(formats, digests))

    def test_sound_files_have_no_defects(self):
        formats, digests = description.load(DESCRIPTIONS)
        for file in vectors.load(VECTORS):
            self.assertEqual(list(file.defects(formats, digests)), [], file.format)

    def test_another_description_is_noticed(self):
        def change(file, digests):
            digests[file.format] = "0" * 64

        self.assertTrue(self.defects(change))

    def test_a_missing_test_is_noticed(self):
        self.assertTrue(self.defects(lambda file, digests: file.content["tests"].pop()))

    def test_a_shorter_sweep_is_noticed(self):
        def change(file, digests):
            file.content["sweeps"][0]["outcomes"][0]["count"] += 1

        self.assertTrue(self.defects(change))

    def test_a_sweep_of_a_file_that_is_not_there_is_noticed(self):
        formats, digests = description.load(DESCRIPTIONS)
        (file,) = [one for one in vectors.load(VECTORS) if any("file" in sweep for sweep in one.content["sweeps"])]
        sweep = next(sweep for sweep in file.content["sweeps"] if "file" in sweep)
        sweep["file"] += ".old"
        self.assertEqual(len(list(file.defects(formats, digests))), 1)

    def test_another_category_is_noticed(self):
        def change(file, digests):
            file.content["errors"] = {name: "limit" for name in file.content["errors"]}

        self.assertTrue(self.defects(change))

    def test_caps_are_those_of_the_description(self):
        formats, _ = description.load(DESCRIPTIONS)
        for file in vectors.load(VECTORS):
            for test in file.content["tests"]:
                if "bytes" in test:
                    size = len(file.input(test["tcId"]))
                    expected = test["expect"]["strict"].get("maxAllocation")
                    computed = formats[file.format].allowance(size, test.get("context"))
                    self.assertEqual(computed, expected, test["name"])
                    self.assertIsInstance(computed, int)


#: Checks that cannot fail in a format, because it replaces what they are about by opaque bytes.
CANNOT_FAIL = {("batch", "eventEnd")}


def reachable(whole):
    """The steps with an id in types that reading can come to: a format may have more, from one it uses."""
    types, seen, pending = whole["types"], set(), [whole["root"]]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        words = set(re.findall(r'"([^"]*)"', json.dumps(types[name]["steps"])))
        pending += words & set(types)
    for _, step in walk_steps({"types": {name: types[name] for name in seen}}):
        if "id" in step and (whole["name"], step["id"]) not in CANNOT_FAIL:
            yield step


def without(whole, identifier):
    """A copy of a description in which a check always holds, or a proof is not looked for."""
    broken = copy.deepcopy(whole)
    for _, step in walk_steps(broken):
        if step.get("id") == identifier:
            step["formula"] = ["==", 0, 0]
    tail = broken["tail"]
    if tail:
        tail["proofs"] = [proof for proof in tail["proofs"] if proof["id"] != identifier]
    return broken


class AdequacyTests(unittest.TestCase):
    """Each check, taken out of all descriptions that have it, must turn some vector red."""

    def test_every_check_is_noticed(self):
        formats, digests = description.load(DESCRIPTIONS)
        files = {file.format: file for file in vectors.load(VECTORS)}
        owners = {}
        for name in files:
            whole = formats[name].description
            for step in reachable(whole):
                if step["step"] == "check":
                    same = (step["id"], json.dumps(step["formula"]))
                    owners.setdefault(same, []).append(name)
            for proof in (whole["tail"] or {}).get("proofs", ()):
                owners.setdefault((proof["id"], ""), []).append(name)
        unnoticed = []
        for (identifier, _), names in owners.items():
            others = dict(formats)
            for name in names:
                others[name] = Format(without(formats[name].description, identifier))
            if not self.notices([files[name] for name in names], others, digests, identifier):
                unnoticed.append("%s in %s" % (identifier, ", ".join(names)))
        self.assertGreater(len(owners), 40)
        self.assertEqual(unnoticed, [])

    def notices(self, files, formats, digests, identifier):
        """First the tests that say that they are about it, then all tests, then sweeps."""
        tested = worker(formats, digests, files=files)
        about = [
            (number, None, index, index + 1)
            for number, file in enumerate(files)
            for index, test in enumerate(file.content["tests"])
            if identifier in test.get("rules", ())
        ]
        parts = sorted(tested.parts(), key=lambda part: part[1] is not None)
        return bool(failures(tested, about) or failures(tested, parts))


class ReportTests(unittest.TestCase):
    RESULTS = [
        runner.Result("a/one", "a/one", ["good"], runner.PASSED),
        runner.Result("a/two", "a/two", ["good", "torn"], runner.FAILED, "strict.at: expected 1, got 2"),
        runner.Result("b/sweep/0", "b/sweep", ["sweep-flip"], runner.SKIPPED, "not read"),
    ]

    def test_for_people(self):
        text = "\n".join(report.text({"name": "it"}, self.RESULTS, 1.5, 10))
        self.assertIn("FAILED a/two: strict.at: expected 1, got 2", text)
        self.assertIn("it: 3 cases in 1.5 s: 1 passed, 1 failed, 1 skipped", text)

    def test_as_json(self):
        read = json.loads(report.as_json({"name": "it"}, self.RESULTS, 1.5))
        self.assertEqual((read["passed"], read["failed"], read["skipped"]), (1, 1, 1))
        self.assertEqual(read["categories"]["good"], {"passed": 1, "failed": 1, "skipped": 0})

    def test_as_junit(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "junit.xml"
            report.write_junit(path, self.RESULTS, 1.5)
            suite = ElementTree.parse(path).getroot()
        self.assertEqual(suite.attrib["failures"], "1")
        self.assertEqual([case.attrib["name"] for case in suite], ["one", "two", "sweep"])
        self.assertEqual(len(suite.findall(".//failure")), 1)
