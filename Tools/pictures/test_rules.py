# SPDX-License-Identifier: Apache-2.0
"""Each rule is red for a picture that breaks it, and for nothing else of that picture."""

import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import geometry  # noqa: E402
import rules  # noqa: E402

GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" font-family="system-ui, sans-serif" font-size="14">'
    "<title>A picture</title><style>.page{fill:#ffffff}.box{fill:#f4f6f8;stroke:#57606a}text{fill:#1f2328}"
    "@media (prefers-color-scheme: dark){.page{fill:#0d1117}.box{fill:#22272e;stroke:#8b949e}text{fill:#e6edf3}}</style>"
    '<rect class="page" x="0" y="0" width="300" height="120"/>'
    '<rect class="box" x="20" y="20" width="120" height="40"/><text x="30" y="45">in the box</text>'
    '<text x="30" y="90">below it</text><path d="M140 40L200 40" stroke="#57606a"/></svg>'
)
# What is changed in the good picture, into what, and what must be said of it.
BAD = {
    "longer than its box": ("in the box", "much more than is in the box", "leaves the box at 20, 20"),
    "cut off at the edge": ('x="30" y="90">below it', 'x="270" y="90">below it', "cut off at the edge"),
    "crossed by an arrow": ("M140 40L200 40", "M20 70L100 95", "'below it' is crossed by a line"),
    "crossed by a curve": ("M140 40L200 40", "M140 60C140 110 20 60 35 118", "'below it' is crossed by a line"),
    "over other text": ('x="30" y="90"', 'x="32" y="44"', "overlap"),
    "a box that is cut off": ('width="120" height="40"', 'width="290" height="40"', "the box at 20, 20 is cut off"),
    "no dark colours": ("@media (prefers-color-scheme: dark)", "@media print", "no colours for dark mode"),
    "light only": (".box{fill:#22272e;stroke:#8b949e}", "", ".box has a colour in light mode only"),
    "no background": ('<rect class="page" x="0"', '<rect class="page" x="90"', "there is no background"),
    "no title": ("A picture", "", "there is no title"),
}


def said_of(text):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "picture.svg"
        file.write_text(text)
        return rules.findings(geometry.read(file))


class RuleTests(unittest.TestCase):
    def test_a_good_picture_is_clean(self):
        self.assertEqual(said_of(GOOD), [])

    def test_each_bad_picture_is_red(self):
        for name, (old, new, expected) in BAD.items():
            with self.subTest(name):
                self.assertIn(old, GOOD)
                self.assertTrue(any(expected in one for one in said_of(GOOD.replace(old, new, 1))), name)

    def test_what_is_not_measured_is_refused(self):
        with self.assertRaises(ValueError):
            said_of(GOOD.replace("<text ", '<text transform="scale(2)" ', 1))
        with self.assertRaises(ValueError):
            said_of(GOOD.replace("L200 40", "q200 40 1 1"))
        with self.assertRaises(ValueError):
            said_of(GOOD.replace("</svg>", ""))


if __name__ == "__main__":
    unittest.main()
