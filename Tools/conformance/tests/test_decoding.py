# SPDX-License-Identifier: Apache-2.0
import unittest
import zlib

from .support import check, field, reading
from formatreader.checksums import crc32c
from formatreader.description import shown
from formatreader.machine import ResourceFailure


def outcome(format, data, mode="strict", **options):
    return format.read(data, **options).modes[mode]


class DecodingTests(unittest.TestCase):
    def refused(self, format, data, error, at):
        found = outcome(format, data)
        self.assertEqual((found.get("error"), found.get("at")), (error, at), data.hex())

    def test_numbers(self):
        format = reading([field("a", "unsigned", bytes=2), field("b", "zigzag"), field("c", "varint")])
        read = format.read(b"\x01\x02\x03\xff\x01")
        self.assertEqual(shown(read.value), {"a": 513, "b": -2, "c": 255})

    def test_fixed_fields_fail_where_the_missing_one_begins(self):
        format = reading([field("a", "unsigned", bytes=2), field("b", "unsigned", bytes=8)])
        self.refused(format, bytes(9), "truncated", 2)
        self.refused(format, bytes(1), "truncated", 0)

    def test_varints(self):
        format = reading([field("a", "varint")])
        self.assertEqual(format.read(b"\xff" * 9 + b"\x01").value.members["a"], 2**64 - 1)
        self.refused(format, b"\xff" * 9 + b"\x02", "numberTooLarge", 0)
        self.refused(format, b"\x80" * 12, "numberTooLarge", 0)
        self.refused(format, b"\x80\x00", "nonCanonical", 0)
        self.refused(format, b"\x80", "truncated", 1)

    def test_counts_are_compared_with_the_bytes_left(self):
        format = reading([field("a", "count", each=2)])
        self.assertEqual(outcome(format, b"\x02abcd")["result"], "valid")
        self.refused(format, b"\x03abcd", "countTooLarge", 0)

    def test_a_huge_length_allocates_nothing(self):
        format = reading([field("n", "unsigned", bytes=4), field("b", "bytes", count="n")])
        read = format.read(b"\xff\xff\xff\xff" + bytes(8))
        self.assertEqual(read.modes["strict"]["error"], "truncated")
        self.assertLess(read.allocated, 64)

    def test_text(self):
        format = reading([field("n", "unsigned", bytes=1), field("t", "text", count="n")])
        for wrong in (b"\xc0\x80", b"\xed\xa0\x80", b"\xff"):
            self.refused(format, bytes((len(wrong),)) + wrong, "invalidUTF8", 1)

    def test_the_first_check_that_fails_decides(self):
        format = reading(
            [field("a", "unsigned", bytes=1), check("one", [">", "a", 1], "low"),
             check("two", [">", "a", 2], "lower", at="here")]
        )
        self.refused(format, b"\x01", "low", 0)
        self.refused(format, b"\x02", "lower", 1)

    def test_a_check_that_is_not_true_or_false_fails(self):
        self.refused(reading([check("one", "missing")]), b"", "wrong", 0)

    def test_variables_are_changed_where_they_are(self):
        inner = {
            "meaning": "", "steps": [
                field("v", "unsigned", bytes=1),
                {"step": "assign", "name": "total", "value": ["+", "total", "v"]},
            ], "result": "v",
        }
        format = reading(
            [{"step": "variable", "name": "total", "value": 0},
             {"step": "loop", "name": "items", "until": ["==", "here", "end"],
              "kind": {"kind": "type", "type": "inner"}, "meaning": ""},
             check("sum", ["==", "total", 6])],
            types={"inner": inner},
        )
        self.assertEqual(shown(format.read(b"\x01\x02\x03").value), {"items": [1, 2, 3]})
        self.refused(format, b"\x01\x02", "wrong", 0)

    def test_a_loop_that_stays_where_it_is_ends(self):
        format = reading(
            [{"step": "loop", "name": "items", "until": ["==", 1, 2],
              "kind": {"kind": "bytes", "count": 0}, "meaning": ""}]
        )
        with self.assertRaises(ResourceFailure):
            format.read(b"")

    def test_windows_and_seeks(self):
        format = reading(
            [{"step": "window", "from": 2, "to": 4, "steps": [
                field("b", "bytes", count=["-", "end", "here"])]},
             {"step": "seek", "to": 5}, field("a", "unsigned", bytes=1)]
        )
        self.assertEqual(shown(format.read(b"012345").value), {"b": "3233", "a": 0x35})
        self.refused(format, b"01", "truncated", 0)
        self.refused(format, b"0123", "truncated", 0)

    def test_unknown_tags(self):
        select = {"step": "select", "tag": "a", "table": "t", "at": "start", "cases": [
            {"tags": [1], "steps": [field("b", "unsigned", bytes=1)]}]}
        tags = {"t": {"unknown": {"error": "newer", "meaning": ""}, "values": []}}
        format = reading([field("a", "unsigned", bytes=1), select], tags=tags)
        self.assertEqual(shown(format.read(b"\x01\x05").value), {"a": 1, "b": 5})
        self.refused(format, b"\x02\x05", "newer", 0)
        tags["t"]["unknown"]["error"] = None
        format = reading([field("a", "unsigned", bytes=1), select], tags=tags)
        self.assertEqual(outcome(format, b"\x02\x05")["result"], "valid")

    def test_delivered_is_counted_up_to_the_error(self):
        format = reading(
            [{"step": "loop", "name": "items", "until": ["==", "here", "end"],
              "kind": {"kind": "type", "type": "item"}, "meaning": ""}],
            types={"item": {"meaning": "", "steps": [
                field("v", "unsigned", bytes=1), check("low", ["<", "v", 9]),
                {"step": "deliver", "name": "item"}, {"step": "deliver", "name": "other"}]}},
        )
        self.assertEqual(outcome(format, b"\x01\x02\x09")["delivered"], 2)

    def inflating(self):
        return reading(
            [field("n", "unsigned", bytes=4),
             {"step": "inflate", "id": "inflates", "name": "content", "from": 4, "to": "size",
              "byteCount": "n", "error": "bad", "at": 0, "meaning": ""}]
        )

    def test_inflating(self):
        format = self.inflating()
        stream = zlib.compress(b"hello hello hello")
        self.assertEqual(
            shown(format.read(b"\x11\0\0\0" + stream).value)["content"], b"hello hello hello".hex()
        )
        for count, bytes in (
            (b"\x10\0\0\0", stream), (b"\x12\0\0\0", stream), (b"\x11\0\0\0", stream[:-1]),
            (b"\x11\0\0\0", stream + b"\0"), (b"\x11\0\0\0", b""), (b"\0\0\0\0", stream),
        ):
            self.refused(format, count + bytes, "bad", 0)

    def test_a_bomb_stays_within_the_allowance(self):
        format = self.inflating()
        bomb = zlib.compress(bytes(64 << 20), 9)
        with self.assertRaises(ResourceFailure):
            format.read((64 << 20).to_bytes(4, "little") + bomb)
        read = format.read(b"\0\x01\0\0" + bomb)
        self.assertEqual(read.modes["strict"]["error"], "bad")
        self.assertLess(read.allocated, 1 << 19)

    def test_nesting_has_an_end(self):
        format = reading([field("inner", "type", type="root")])
        with self.assertRaises(ResourceFailure):
            format.read(b"")


SUM = {
    "step": "check", "id": "sum", "formula": ["==", ["crc32c", ["bytes", 0, 4], 0], "stored"],
    "text": "", "error": "damaged", "at": 4, "meaning": "",
    "checksum": {"algorithm": "crc32c", "field": "stored", "from": 0, "to": 4, "seed": 0,
                 "storedAt": 4, "covers": ["a"]},
}


class RepairTests(unittest.TestCase):
    def test_checksums_are_made_right(self):
        format = reading([field("a", "bytes", count=4), field("stored", "unsigned", bytes=4), SUM])
        right = b"abcd" + crc32c(b"abcd").to_bytes(4, "little")
        self.assertEqual(outcome(format, right)["result"], "valid")
        self.assertEqual(outcome(format, b"abcd\0\0\0\0")["error"], "damaged")
        self.assertEqual(format.repaired(b"abcd\0\0\0\0"), right)

    def test_members_are_made_right_too(self):
        outer = dict(SUM, formula=["==", ["crc32c", ["bytes", 0, 4], 0], [".", "inner", "stored"]],
                     checksum=dict(SUM["checksum"], field="inner.stored"))
        format = reading(
            [field("inner", "type", type="inner"), outer],
            types={"inner": {"meaning": "", "steps": [
                field("a", "bytes", count=4), field("stored", "unsigned", bytes=4)]}},
        )
        repaired = format.repaired(b"abcd\0\0\0\0")
        self.assertEqual(outcome(format, repaired)["result"], "valid")


def torn_format(proofs):
    item = {"meaning": "", "steps": [
        field("v", "unsigned", bytes=1),
        check("low", ["<", "v", 100], "high"),
        check("even", ["==", ["%", "v", 2], 0], "odd")]}
    return reading(
        [{"step": "loop", "name": "items", "until": ["==", "here", "end"],
          "kind": {"kind": "type", "type": "item"}, "meaning": ""},
         check("never", ["==", "size", 3], "high")],
        types={"item": item},
        tail={"loop": "items", "torn": ["high"], "meaning": "", "proofs": proofs},
    )


class RecoveryTests(unittest.TestCase):
    def test_an_error_that_a_torn_write_leaves_is_a_torn_end(self):
        found = outcome(torn_format([]), b"\x02\xff\x03", "recover")
        self.assertEqual((found["result"], found["truncateTo"]), ("valid", 1))

    def test_other_errors_stand(self):
        self.assertEqual(outcome(torn_format([]), b"\x02\x03\x02", "recover")["error"], "odd")

    def test_an_error_behind_the_loop_stands(self):
        self.assertEqual(outcome(torn_format([]), b"\x02\x02", "recover")["error"], "high")

    def test_an_intact_element_behind_the_damage_is_a_proof(self):
        later = {"id": "later", "meaning": "", "search": {
            "search": "later", "kind": {"kind": "type", "type": "item"}, "step": 2,
            "when": ["==", "v", 8]}}
        format = torn_format([later])
        self.assertEqual(outcome(format, b"\x02\xff\xff\x08", "recover")["proof"], "later")
        self.assertEqual(outcome(format, b"\x02\xff\x08\x02", "recover")["truncateTo"], 1)

    def test_a_flipped_bit_is_a_proof_unless_it_is_excused(self):
        flip = {"id": "flip", "meaning": "", "search": {
            "search": "flip", "kind": {"kind": "type", "type": "item"}, "byteCount": 1,
            "when": ["==", "v", 14], "extent": ["+", "damage", 1], "unless": ["==", "byte", 2]}}
        format = torn_format([flip])
        self.assertEqual(outcome(format, b"\x02\x8e\x03", "recover")["proof"], "flip")
        self.assertEqual(outcome(format, b"\x02\xff\x03", "recover")["truncateTo"], 1)
        self.assertEqual(outcome(format, b"\x02\x02\x8e", "recover")["truncateTo"], 2)
