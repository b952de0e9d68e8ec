# SPDX-License-Identifier: Apache-2.0
"""The batches of the replay vectors are read whole; what comes of their events, only a store can tell."""

import json
import unittest

from .support import DESCRIPTIONS, ROOT
from formatreader import description

GOLDEN = ROOT / "Tests/Golden/replay.json"


class ReplayTests(unittest.TestCase):
    def test_every_batch_is_read(self):
        golden = json.loads(GOLDEN.read_text())
        formats, _ = description.load(DESCRIPTIONS)
        format = formats[golden["format"]]
        self.assertGreater(len(golden["tests"]), 10)
        for test in golden["tests"]:
            with self.subTest(test["name"]):
                outcome = format.read(bytes.fromhex(test["bytes"]))
                self.assertEqual(outcome.modes["strict"]["result"], "valid")
                self.assertEqual(outcome.modes["strict"]["delivered"], test["eventCount"])
