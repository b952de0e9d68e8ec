# SPDX-License-Identifier: Apache-2.0
"""Why no machine boots."""

import unittest

from powercuts.programs import ProcessorTooNew, refusal


class RefusalTests(unittest.TestCase):
    def test_a_processor_with_more_registers_is_told_from_other_reasons(self):
        words = "mmapper_init - find_iomem failed; userspace - ptrace set fp regs failed, errno = 14"
        self.assertIsInstance(refusal(words), ProcessorTooNew)
        other = refusal("Checking that ptrace can change system call numbers...check_ptrace failed")
        self.assertNotIsInstance(other, ProcessorTooNew)
        self.assertIn("check_ptrace failed", str(other))
