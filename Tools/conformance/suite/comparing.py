# SPDX-License-Identifier: Apache-2.0
"""Whether an answer is what a case expects; if not, the first difference, field by field."""

MISSING = "nothing"
#: In this order, so that the first difference is the one that says most.
FIELDS = ("result", "error", "file", "at", "delivered", "end", "truncateTo", "proof")
#: What may differ in an implementation that conforms without full marks.
LENIENT = ("at", "file", "proof")


class Difference:
    """Where an answer differs: `near` if an implementation that does so conforms, without full marks."""

    __slots__ = ("place", "expected", "found", "near")

    def __init__(self, place, expected, found, near=False):
        self.place, self.expected, self.found, self.near = place, expected, found, near

    def __str__(self):
        nearly = " (conforms, without full marks)" if self.near else ""
        return "%s: expected %s, got %s%s" % (
            self.place, _brief(self.expected), _brief(self.found), nearly
        )


def difference(case, answer, modes, reports, category):
    """The first difference between an answer and what the case expects, or None."""
    nearly = None
    outcomes = answer.get("outcomes")
    if not isinstance(outcomes, dict):
        return Difference("outcomes", "an object", MISSING if outcomes is None else outcomes)
    for mode in modes:
        expected = case.expect.get(mode) or case.expect["strict"]
        found = outcomes.get(mode)
        if not isinstance(found, dict):
            return Difference(mode, "an outcome", MISSING if found is None else found)
        for field in FIELDS:
            if field in ("proof", "file") and field not in reports:
                continue
            one, other = expected.get(field), found.get(field)
            if _same(one, other):
                continue
            where = "%s.%s" % (mode, field)
            is_near = field in LENIENT or field == "error" and (
                category(one) is not None and category(one) == category(other)
            )
            found_here = Difference(where, _or_missing(one), _or_missing(other), is_near)
            if not is_near:
                return found_here
            nearly = nearly or found_here
    return nearly or _reported(case, answer, reports)


def _reported(case, answer, reports):
    strict = next(iter(case.expect.values()))
    rules = case.test.get("rules")
    if "check" in reports and rules and answer.get("check") not in rules:
        return Difference("check", rules[0], _or_missing(answer.get("check")), near=True)
    if "value" in reports and "value" in case.test:
        found = value_difference("value", case.test["value"], answer.get("value"))
        if found:
            return found
    allowed = strict.get("maxAllocation")
    if "allocated" in reports and allowed is not None:
        allocated = answer.get("allocated")
        if not isinstance(allocated, int) or allocated > allowed:
            return Difference("allocated", "at most %d" % allowed, allocated)
    return None


def value_difference(path, expected, found):
    """The first place, in depth, where two values differ."""
    pending = [(path, expected, found)]
    while pending:
        path, expected, found = pending.pop()
        if isinstance(expected, dict) and isinstance(found, dict):
            names = list(expected) + [name for name in found if name not in expected]
            inner = [
                (path + "." + name, expected.get(name, MISSING), found.get(name, MISSING))
                for name in names
            ]
            pending += reversed(inner)
        elif isinstance(expected, list) and isinstance(found, list):
            if len(expected) != len(found):
                return Difference(path + ".count", len(expected), len(found))
            inner = [
                ("%s[%d]" % (path, index), *both) for index, both in enumerate(zip(expected, found))
            ]
            pending += reversed(inner)
        elif not _same(expected, found):
            return Difference(path, expected, found)
    return None


def _same(one, other):
    return type(one) is type(other) and one == other


def _or_missing(value):
    return MISSING if value is None else value


def _brief(value):
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
