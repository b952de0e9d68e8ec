# SPDX-License-Identifier: Apache-2.0
import random
import unittest

from . import support  # noqa: F401
from formatreader.checksums import crc32c, flipped_byte


class ChecksumTests(unittest.TestCase):
    def test_known_answers(self):
        for data, answer in (
            (b"", 0),
            (b"123456789", 0xE3069283),
            (bytes(32), 0x8A9136AA),
            (b"\xff" * 32, 0x62A8AB43),
            (bytes(range(32)), 0x46DD794E),
        ):
            self.assertEqual(crc32c(data), answer)

    def test_a_seed_is_the_checksum_of_the_bytes_before(self):
        self.assertEqual(crc32c(b"56789", crc32c(b"1234")), crc32c(b"123456789"))

    def test_every_flipped_bit_is_found(self):
        data = random.Random(1).randbytes(70) if hasattr(random, "randbytes") else bytes(range(70))
        whole = crc32c(data, 7)
        for bit in range(len(data) * 8):
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            self.assertEqual(flipped_byte(len(data), crc32c(flipped, 7) ^ whole), bit // 8)

    def test_two_flipped_bits_are_no_single_one(self):
        data = bytes(64)
        for other in range(1, 512):
            flipped = bytearray(data)
            flipped[0] ^= 1
            flipped[other // 8] ^= 1 << other % 8
            self.assertIsNone(flipped_byte(len(data), crc32c(flipped) ^ crc32c(data)))
