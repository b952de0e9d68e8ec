# SPDX-License-Identifier: Apache-2.0
"""The log of dm-log-writes, byte by byte, and which images it allows."""

import io
import struct
import unittest

from powercuts import blocklog
from powercuts.blocklog import DISCARD, FLUSH, FUA, MARK, Flush, Image, Mark, Write


def log(*entries, count=None, sector_size=512):
    """The bytes of a log: an entry is (sector, flags, data)."""
    number = len(entries) if count is None else count
    blocks = [struct.pack("<QQQI", blocklog.MAGIC, 1, number, sector_size)]
    for sector, flags, data in entries:
        if flags & MARK:
            text = struct.pack("<QQQQ", sector, 0, flags, len(data)) + data
            blocks.append(text)
            continue
        size = data if flags & DISCARD else len(data) // sector_size
        blocks.append(struct.pack("<QQQQ", sector, size, flags, 0))
        if data and not flags & DISCARD:
            blocks.append(data)
    padded = (block + bytes(-len(block) % sector_size) for block in blocks)
    return io.BytesIO(b"".join(padded))


A, B, C = (bytes([letter]) * 512 for letter in b"ABC")
DONE = (0, MARK, b"A|s|0|1")


def images(*entries, seed=None):
    return list(blocklog.images(blocklog.read_steps(log(*entries)), seed))


class ReadingTests(unittest.TestCase):
    def test_all_kinds(self):
        file = log(
            (2, 0, A + B), (0, FLUSH, b""), (7, FUA, C), (4, DISCARD, 16), (0, MARK, b"hello")
        )
        steps = blocklog.read_steps(file)
        self.assertEqual(
            steps,
            [
                Write(1024, 1024, 1024, 0),
                Flush(),
                Write(3584, 512, 3072, FUA),
                Write(2048, 8192, None, DISCARD),
                Mark("hello"),
            ],
        )
        file.seek(steps[0].position)
        self.assertEqual(file.read(1024), A + B)
        file.seek(steps[2].position)
        self.assertEqual(file.read(512), C)

    def test_larger_sectors(self):
        steps = blocklog.read_steps(log((3, 0, A * 8), sector_size=4096))
        self.assertEqual(steps, [Write(3 * 4096, 4096, 8192, 0)])

    def test_only_entries_that_the_header_counts(self):
        self.assertEqual(len(blocklog.read_steps(log((0, 0, A), (1, 0, B), count=1))), 1)

    def test_what_is_no_log(self):
        for content in (b"", bytes(512), b"x" * 4096):
            with self.assertRaises(blocklog.Malformed):
                blocklog.read_steps(io.BytesIO(content))
        other = bytearray(log((0, 0, A)).getvalue())
        other[0] ^= 1
        with self.assertRaises(blocklog.Malformed):
            blocklog.read_steps(io.BytesIO(bytes(other)))
        with self.assertRaises(blocklog.Malformed):
            blocklog.read_steps(log((0, 0, A), count=2))
        self.assertEqual(blocklog.read_entry_count(io.BytesIO(bytes(512))), 0)
        self.assertEqual(blocklog.read_entry_count(log((0, 0, A))), 1)


class ImageTests(unittest.TestCase):
    def test_each_prefix_once(self):
        found = images((0, 0, A), (0, FLUSH, b""), (1, 0, B), (2, 0, C))
        self.assertEqual([image.applied for image in found], [0, 1, 2, 3])

    def test_an_acknowledgement_counts_from_its_mark_on(self):
        found = images((0, 0, A), (0, FLUSH, b""), DONE, (1, 0, B), (0, MARK, b"A|s|0|2"))
        self.assertEqual(
            found, [Image(0), Image(1, (), {("s", 0): 1}), Image(2, (), {("s", 0): 2})]
        )

    def test_lanes_are_apart_and_never_fall(self):
        found = images((0, MARK, b"A|s|0|5"), (0, MARK, b"A|s|1|2"), (0, MARK, b"A|s|0|4"))
        self.assertEqual(found, [Image(0, (), {("s", 0): 5, ("s", 1): 2})])

    def test_other_marks_say_nothing(self):
        for text in (b"hello", b"A|s|0|x", b"B|s|0|1"):
            self.assertEqual(images((0, MARK, text)), [Image(0)])

    def test_selections_lie_between_flushes(self):
        entries = [(number, 0, A) for number in range(6)]
        seen = set()
        for seed in range(60):
            found = images(
                *entries[:3], (0, FLUSH, b""), DONE, *entries[3:], (0, FLUSH, b""), seed=seed
            )
            for image in found:
                if image.chosen:
                    seen.add((image.applied, image.chosen))
                    self.assertEqual(image.acknowledged, {("s", 0): 1} if image.applied else {})
        self.assertEqual({applied for applied, _ in seen}, {0, 3})
        for applied, chosen in seen:
            self.assertTrue(set(chosen) < set(range(applied, applied + 3)), chosen)
        # A selection that is a prefix is an image already.
        self.assertNotIn((0, (0, 1)), seen)
        self.assertIn((0, (1,)), seen)
        self.assertIn((3, (3, 5)), seen)

    def test_writes_with_fua_are_in_every_selection(self):
        for seed in range(40):
            found = images((0, 0, A), (1, FUA, B), (2, 0, C), (0, FLUSH, b""), seed=seed)
            for image in found:
                if image.chosen:
                    self.assertIn(1, image.chosen)

    def test_a_write_that_flushes_first_ends_a_stretch(self):
        for seed in range(40):
            found = images((0, 0, A), (1, 0, B), (2, FLUSH | FUA, C), (0, FLUSH, b""), seed=seed)
            for image in found:
                if image.chosen:
                    self.assertNotIn(2, image.chosen)

    def test_the_same_seed_gives_the_same_images(self):
        entries = [(number, 0, A) for number in range(9)] + [(0, FLUSH, b"")]
        self.assertEqual(images(*entries, seed="3"), images(*entries, seed="3"))


if __name__ == "__main__":
    unittest.main()
