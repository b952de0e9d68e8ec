# SPDX-License-Identifier: Apache-2.0
"""Asks two testees about damaged inputs, side by side, until they differ or the time is over."""

import collections
import time

from . import comparing
from .damage import Damage
from .testee import TesteeError

#: So many inputs of a format, then some of the next.
TURN_CASES = 25


class Difference:
    """The first input about which the two say different things."""

    def __init__(self, format, number, message):
        self.format, self.number, self.message = format, number, message


class Count:
    """How many inputs of a format were asked about, and what the reference said of them."""

    def __init__(self):
        self.cases = 0
        self.outcomes = collections.Counter()


class Differ:
    """Two testees and what damages inputs."""

    def __init__(self, reference, testee, formats, files, seed, by_category=False):
        self.reference, self.testee = reference, testee
        self.by_category, self.formats = by_category, formats
        wanted = set(reference.greeting["formats"]) & set(testee.greeting["formats"])
        self.damages = [
            Damage(file, formats[file.format], formats, seed) for file in files if file.format in wanted
        ]
        self.modes = [
            mode for mode in reference.greeting["modes"] if mode in testee.greeting["modes"]
        ]
        self.counts = {damage.name: Count() for damage in self.damages}

    def run(self, seconds, cases=None, clock=time.monotonic):
        """The first difference, or None when the time is over or each format had so many cases."""
        end, first = clock() + seconds, 0
        while cases is None or first < cases:
            last = first + TURN_CASES if cases is None else min(cases, first + TURN_CASES)
            for damage in self.damages:
                for number in range(first, last):
                    if clock() >= end:
                        return None
                    found = self.compare(damage, number)
                    if found:
                        return found
            first = last
        return None

    def compare(self, damage, number):
        """What the two say differently about one input, or None."""
        case = damage.case(number)
        modes = [mode for mode in case.modes if mode in self.modes]
        if not modes:
            return None
        request = case.request(number, modes)
        told = self.reference.answer(request)
        if "failed" in told or "skipped" in told:
            raise TesteeError("the reference says: %s" % (told.get("failed") or told["skipped"]))
        count = self.counts[damage.name]
        count.cases += 1
        for mode in modes:
            outcome = told["outcomes"][mode]
            count.outcomes[outcome.get("error") or outcome["end"]] += 1
        try:
            answer = self.testee.answer(request)
        except TesteeError as error:
            return Difference(damage.name, number, str(error))
        if "skipped" in answer:
            return None
        if "failed" in answer:
            return Difference(damage.name, number, str(answer["failed"]))
        case.expect = told["outcomes"]
        found = comparing.difference(
            case, _as_far_as_told(answer, case.expect), modes, (), damage.format.category
        )
        if found is None or found.near and self.by_category:
            return None
        return Difference(damage.name, number, str(found))

    def damage(self, format):
        return next((damage for damage in self.damages if damage.name == format), None)


def _as_far_as_told(answer, expected):
    """The answer without offsets where the reference tells none."""
    outcomes = answer.get("outcomes")
    if not isinstance(outcomes, dict):
        return answer
    kept = {
        mode: {
            name: value for name, value in outcome.items()
            if name != "at" or "at" in expected.get(mode, {})
        } if isinstance(outcome, dict) else outcome
        for mode, outcome in outcomes.items()
    }
    return {**answer, "outcomes": kept}
