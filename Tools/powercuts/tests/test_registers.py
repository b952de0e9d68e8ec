# SPDX-License-Identifier: Apache-2.0
"""Which processors need the library."""

import unittest

from powercuts import registers


class RegistersTests(unittest.TestCase):
    def test_only_processors_with_tiles_need_it(self):
        flags = "processor\t: 0\nflags\t\t: fpu avx avx512f{}\nbugs\t\t: amx_tile\n"
        self.assertEqual(registers.settings(flags.format("")), {})
        self.assertEqual(
            registers.settings(flags.format(" amx_tile")), {"LD_PRELOAD": str(registers.LIBRARY)}
        )
        self.assertEqual(registers.settings(""), {})
