# SPDX-License-Identifier: Apache-2.0
"""Formulas at their edges give what the golden file says, which the generator is held to as well."""

import json
import unittest

from .support import ROOT
from formatreader.expressions import Expressions, Scope
from formatreader.machine import Machine
from formatreader.values import Listing

GOLDEN = ROOT / "Tests/Golden/formulas.json"


def told(value):
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return "x" + value.hex()
    if isinstance(value, str):
        return "'%s'" % value
    if isinstance(value, Listing):
        return "[%s]" % ", ".join(told(item) for item in value)
    return str(value)


class FormulaTests(unittest.TestCase):
    def test_every_formula(self):
        golden = json.loads(GOLDEN.read_text())
        expressions = Expressions(golden["limits"], golden["tags"])
        data = bytes.fromhex(golden["input"])
        self.assertGreater(len(golden["formulas"]), 100)
        for case in golden["formulas"]:
            with self.subTest(case["text"]):
                formula = expressions.compile(case["formula"])
                self.assertEqual(told(formula(Machine(data), Scope(None, 0))), case["value"])
