# SPDX-License-Identifier: Apache-2.0
import unittest

from . import support  # noqa: F401
from formatreader.expressions import DescriptionError, Expressions, Scope
from formatreader.machine import Machine
from formatreader.values import Listing, Record, shown

TAGS = {
    "shape": {
        "unknown": None,
        "values": [{"value": 3, "name": "round", "attributes": {"corners": 9}}],
    }
}


def computed(formula, data=b"abcdef", **names):
    scope = Scope(None, 0)
    scope.names.update(names)
    return Expressions({"most": 7}, TAGS).compile(formula)(Machine(data), scope)


class ExpressionTests(unittest.TestCase):
    def test_arithmetic_is_exact(self):
        self.assertEqual(computed(["*", {"number": "18446744073709551615"}, 3]), (2**64 - 1) * 3)
        self.assertEqual(computed(["-", 1, 2]), -1)
        self.assertEqual(computed(["/", ["-", 0, 7], 2]), -3)
        self.assertEqual(computed(["%", 7, 4]), 3)

    def test_what_cannot_be_computed_is_none_and_spreads(self):
        for formula in (["/", 1, 0], ["+", 1, "unknown"], ["at", ["list", 1], 1], ["<<", 1, 64]):
            self.assertIsNone(computed(formula))
            self.assertIsNone(computed(["+", 1, formula]))
            self.assertIs(computed(["==", formula, "none"]), True)

    def test_none_is_not_true_and_has_no_order(self):
        self.assertIs(computed(["||", "none", ["==", 1, 1]]), True)
        self.assertIs(computed(["&&", "none", ["==", 1, 1]]), False)
        self.assertIs(computed(["<", "none", 1]), False)
        self.assertIs(computed([">=", "none", "none"]), False)

    def test_equality_tells_kinds_of_values_apart(self):
        self.assertIs(computed(["==", "one", ["==", 1, 1]], one=1), False)
        self.assertIs(computed(["==", "text", "bytes"], text="a", bytes=b"a"), False)
        self.assertIs(computed(["==", ["list", 1, 2], ["list", 1, 2]]), True)

    def test_text_is_ordered_by_its_bytes(self):
        self.assertIs(computed(["<", "a", "b"], a="\uffff", b="\U00010000"), True)
        self.assertIs(computed(["<", ["list", 1], ["list", 1, 0]]), True)

    def test_names_are_those_of_the_scope_then_of_its_parents_then_limits(self):
        outer = Scope(None, 0)
        outer.names.update(most=1, here=5)
        inner = Scope(outer, 4)
        compile = Expressions({"most": 7, "least": 2}, {}).compile
        machine = Machine(b"abc")
        self.assertEqual(compile("most")(machine, inner), 1)
        self.assertEqual(compile("least")(machine, inner), 2)
        self.assertEqual(compile("start")(machine, inner), 4)
        self.assertEqual(compile("here")(machine, inner), 0)
        self.assertEqual(compile("size")(machine, inner), 3)

    def test_tags(self):
        self.assertEqual(computed({"tag": ["shape", "round"]}), 3)
        self.assertIs(computed(["known", {"text": "shape"}, 4]), False)
        self.assertEqual(computed(["attribute", {"text": "shape"}, 3, {"text": "corners"}]), 9)
        self.assertEqual(computed(["attribute", {"text": "shape"}, 4, {"text": "corners"}]), 0)

    def test_bytes_are_cut_to_the_input(self):
        self.assertEqual(computed(["bytes", 4, 100]), b"ef")
        self.assertEqual(computed(["bytes", ["-", 0, 5], 2]), b"ab")
        self.assertIs(computed(["isZero", ["bytes", 3, 3]]), True)

    def test_lists(self):
        several = Listing([3, 1, 3])
        self.assertEqual(computed(["count", ["append", "x", 4]], x=several), 4)
        self.assertEqual(computed(["sum", "x"], x=several), 7)
        self.assertIs(computed(["isSet", "x"], x=several), False)
        self.assertIs(computed(["contains", "x", 1], x=several), True)
        self.assertEqual(computed(["rank", ["list", 5, 1], 65]), 3)
        self.assertEqual(computed(["rank", ["list", 5, 1], 2]), 1)

    def test_appending_leaves_the_shorter_list_alone(self):
        short = Listing([1])
        first, second = short.appended(2), short.appended(3)
        self.assertEqual([list(short), list(first), list(second)], [[1], [1, 2], [1, 3]])
        self.assertFalse(short.contains(2))
        self.assertTrue(first.contains(2) and not second.contains(2))

    def test_digits(self):
        self.assertEqual(computed(["digits", {"text": "0012"}]), 12)
        self.assertEqual(computed(["digits", ["bytes", 0, 6]], data=b"000711"), 711)
        for other in ("", "-1", "1x", "\u0661"):
            self.assertIsNone(computed(["digits", {"text": other}]))

    def test_unicode(self):
        self.assertIs(computed(["isNFC", {"text": "e\u0301"}]), False)
        self.assertEqual(computed(["nfd", {"text": "\u00e9"}]), "e\u0301")

    def test_unknown_operators_are_refused_when_compiling(self):
        with self.assertRaises(DescriptionError):
            Expressions({}, {}).compile(["mystery", 1])

    def test_what_is_shown(self):
        record = Record({"a": b"\x01\xff", "b": 2**53, "hidden": 1}, {"a", "b"})
        self.assertEqual(shown(record), {"a": "01ff", "b": "9007199254740992"})
