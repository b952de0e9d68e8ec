# SPDX-License-Identifier: Apache-2.0
"""Turns the formulas of a description into functions of a machine and a scope.

What cannot be computed is none, and so is everything computed from it; none is not true.
"""

import operator
import unicodedata
from functools import lru_cache

from .checksums import crc32c
from .values import Listing, Record, ordered, raw

CHECKSUM_CACHE_BYTES_MAX = 4096
#: Numbers are of 128 bits; what is outside is none.
NUMBER_MIN, NUMBER_MAX = -(1 << 127), (1 << 127) - 1
LITTLE_ENDIAN_BYTES_MAX = 16
WORD_LIMIT = 1 << 64


class DescriptionError(Exception):
    """The description says something that this reader does not understand."""


class Scope:
    """Names and their values in a type that is being read; the type that reads it has the others."""

    __slots__ = ("names", "shown", "parent", "start")

    def __init__(self, parent, start):
        self.names = {}
        self.shown = set()
        self.parent = parent
        self.start = start

    def assign(self, name, value):
        scope = self
        while scope is not None:
            if name in scope.names:
                scope.names[name] = value
                return
            scope = scope.parent


class Expressions:
    """Compiles formulas; knows the limits and the tags that they may name."""

    def __init__(self, limits, tags):
        self.limits = {name: int(value) for name, value in limits.items()}
        self.tables = {}
        self.tag_names = {}
        for table, content in tags.items():
            values = {int(tag["value"]): tag for tag in content["values"]}
            self.tables[table] = values
            self.tag_names[table] = {tag["name"]: value for value, tag in values.items()}

    def compile(self, formula):
        if isinstance(formula, bool) or formula is None:
            raise DescriptionError("not a formula: %r" % (formula,))
        if isinstance(formula, int):
            return _constant(formula)
        if isinstance(formula, str):
            return self._name(formula)
        if isinstance(formula, dict):
            return _constant(self._literal(formula))
        name, operands = formula[0], formula[1:]
        if name == ".":
            return _member(self.compile(operands[0]), operands[1])
        compiled = [self.compile(operand) for operand in operands]
        special = SPECIAL.get(name)
        if special is not None:
            return special(*compiled)
        function = FUNCTIONS.get(name) or getattr(self, "tag_" + name, None)
        if function is None:
            raise DescriptionError("no operator has the name %r" % name)
        return _apply(function, compiled)

    def _literal(self, formula):
        (kind, content), = formula.items()
        if kind == "number":
            return int(content)
        if kind == "text":
            return content
        if kind == "tag":
            table, name = content
            return self.tag_names[table][name]
        raise DescriptionError("no literal has the kind %r" % kind)

    def _name(self, name):
        known = KNOWN_NAMES.get(name)
        if known is not None:
            return known
        limit = self.limits.get(name)

        def look_up(machine, scope):
            while scope is not None:
                names = scope.names
                if name in names:
                    return names[name]
                scope = scope.parent
            return limit

        return look_up

    def tag_known(self, table, tag):
        return tag in self.tables.get(table, {})

    def tag_attribute(self, table, tag, name):
        found = self.tables.get(table, {}).get(tag)
        return int(found.get("attributes", {}).get(name, 0)) if found else 0


KNOWN_NAMES = {
    "here": lambda machine, scope: machine.here,
    "end": lambda machine, scope: machine.end,
    "size": lambda machine, scope: machine.size,
    "start": lambda machine, scope: scope.start,
    "none": lambda machine, scope: None,
}


def _constant(value):
    return lambda machine, scope: value


def _member(source, name):
    def member(machine, scope):
        record = source(machine, scope)
        return record.members.get(name) if type(record) is Record else None

    return member


def _apply(function, operands):
    if len(operands) == 1:
        (only,) = operands

        def apply_one(machine, scope):
            value = only(machine, scope)
            return None if value is None else function(value)

        return apply_one
    if len(operands) == 2:
        first, second = operands

        def apply_two(machine, scope):
            left = first(machine, scope)
            right = second(machine, scope)
            return None if left is None or right is None else function(left, right)

        return apply_two

    def apply_all(machine, scope):
        values = [operand(machine, scope) for operand in operands]
        return None if None in values else function(*values)

    return apply_all


# MARK: operators that take a none, or do not compute all operands


def _and(left, right):
    return lambda m, s: left(m, s) is True and right(m, s) is True


def _or(left, right):
    return lambda m, s: left(m, s) is True or right(m, s) is True


def _not(operand):
    return lambda m, s: operand(m, s) is not True


def _choose(condition, first, second):
    return lambda m, s: first(m, s) if condition(m, s) is True else second(m, s)


def _equal(left, right):
    def compare(machine, scope):
        one, other = left(machine, scope), right(machine, scope)
        return type(one) is type(other) and one == other

    return compare


def _unequal(left, right):
    def compare(machine, scope):
        one, other = left(machine, scope), right(machine, scope)
        return type(one) is not type(other) or one != other

    return compare


def _order(holds):
    """`holds` compares two numbers, or an order with 0."""

    def compiled(left, right):
        def compare(machine, scope):
            one, other = left(machine, scope), right(machine, scope)
            if type(one) is int and type(other) is int:
                return holds(one, other)
            order = ordered(one, other)
            return order is not None and holds(order, 0)

        return compare

    return compiled


def _bounded(value):
    """A number, or none if it is out of bounds."""
    return None if type(value) is int and not NUMBER_MIN <= value <= NUMBER_MAX else value


def _numbers(function):
    """An operator of two numbers; of anything else it is none."""

    def compiled(left, right):
        def compute(machine, scope):
            one, other = left(machine, scope), right(machine, scope)
            both = type(one) is int and type(other) is int
            return _bounded(function(one, other)) if both else None

        return compute

    return compiled


def _plus(left, right):
    def add(machine, scope):
        one, other = left(machine, scope), right(machine, scope)
        if type(one) is int and type(other) is int:
            return _bounded(one + other)
        is_lists = type(one) is Listing and type(other) is Listing
        return Listing([*one, *other]) if is_lists else None

    return add


def _divide(left, right):
    """Rounds to zero; nothing is divided by what is not above zero."""
    if right <= 0:
        return None
    return left // right if left >= 0 else -(-left // right)


def _remainder(left, right):
    quotient = _divide(left, right)
    return None if quotient is None else left - quotient * right


def _shift(function):
    return _numbers(lambda left, right: function(left, right) if 0 <= right < 64 else None)


def _little_endian(value, byte_count):
    if not 0 <= byte_count <= LITTLE_ENDIAN_BYTES_MAX:
        return None
    return (value & (1 << 8 * byte_count) - 1).to_bytes(byte_count, "little")


def _list(*operands):
    return lambda m, s: Listing([operand(m, s) for operand in operands])


def _append(listing, element):
    def append(machine, scope):
        whole = listing(machine, scope)
        return whole.appended(element(machine, scope)) if type(whole) is Listing else None

    return append


def _occurrences(listing, element):
    def occurrences(machine, scope):
        whole = listing(machine, scope)
        if type(whole) is not Listing:
            return None
        wanted = element(machine, scope)
        return sum(1 for one in whole if Listing([one]).contains(wanted))

    return occurrences


def _contains(listing, element):
    def contains(machine, scope):
        whole = listing(machine, scope)
        return whole.contains(element(machine, scope)) if type(whole) is Listing else None

    return contains


def _object(*operands):
    def build(machine, scope):
        values = [operand(machine, scope) for operand in operands]
        members = dict(zip(values[0::2], values[1::2]))
        return Record(members, frozenset(members))

    return build


def _bytes(start, stop):
    def slice_input(machine, scope):
        low, high = start(machine, scope), stop(machine, scope)
        if type(low) is not int or type(high) is not int:
            return None
        return machine.slice(low, high)

    return slice_input


SPECIAL = {
    "&&": _and,
    "||": _or,
    "!": _not,
    "?:": _choose,
    "==": _equal,
    "!=": _unequal,
    "<": _order(operator.lt),
    "<=": _order(operator.le),
    ">": _order(operator.gt),
    ">=": _order(operator.ge),
    "+": _plus,
    "-": _numbers(operator.sub),
    "*": _numbers(operator.mul),
    "/": _numbers(_divide),
    "%": _numbers(_remainder),
    "&": _numbers(operator.and_),
    "|": _numbers(operator.or_),
    "^": _numbers(operator.xor),
    "<<": _shift(operator.lshift),
    ">>": _shift(operator.rshift),
    "min": _numbers(min),
    "max": _numbers(max),
    "le": _numbers(_little_endian),
    "list": _list,
    "append": _append,
    "contains": _contains,
    "occurrences": _occurrences,
    "object": _object,
    "bytes": _bytes,
}

# MARK: functions of values, none of which is a none


def _sum(listing):
    items = list(listing) if type(listing) is Listing else [None]
    return _bounded(sum(items)) if all(type(item) is int for item in items) else None


def _count(value):
    if type(value) is Listing:
        return len(value)
    content = raw(value)
    return None if content is None else len(content)


def _at(listing, index):
    if type(listing) is not Listing or type(index) is not int:
        return None
    return listing.at(index) if 0 <= index < len(listing) else None


def _last(listing):
    return _at(listing, len(listing) - 1) if type(listing) is Listing else None


def _is_set(listing):
    if type(listing) is not Listing:
        return None
    seen = Listing()
    for item in listing:
        if seen.contains(item):
            return False
        seen = seen.appended(item)
    return True


def _pluck(listing, name):
    if type(listing) is not Listing:
        return None
    return Listing(
        [item.members.get(name) if type(item) is Record else None for item in listing]
    )


def _ones(value):
    numbers = list(value) if type(value) is Listing else [value]
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    return sum(bin(number).count("1") for number in numbers)


def _rank(words, place):
    """How many bits are set below a place, in a list of 64-bit words."""
    if type(words) is not Listing or type(place) is not int or place < 0:
        return None
    if not all(type(word) is int and 0 <= word < WORD_LIMIT for word in words):
        return None
    whole = min(place // 64, len(words))
    count = sum(bin(words.at(index)).count("1") for index in range(whole))
    if whole < len(words):
        count += bin(words.at(whole) & (1 << place % 64) - 1).count("1")
    return count


def _is_zero(value):
    content = raw(value)
    return None if content is None else not content.strip(b"\0")


def _first(value, count):
    content = raw(value)
    if content is None or type(count) is not int or not 0 <= count <= len(content):
        return None
    return bytes(content[:count])


def _is_utf8(value):
    content = raw(value)
    if content is None:
        return None
    try:
        bytes(content).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _joined(left, right):
    left, right = raw(left), raw(right)
    return None if left is None or right is None else left + right


_short_checksum = lru_cache(maxsize=1 << 14)(crc32c)


def _crc32c(value, seed):
    content = raw(value)
    if content is None or type(seed) is not int:
        return None
    compute = _short_checksum if len(content) <= CHECKSUM_CACHE_BYTES_MAX else crc32c
    return compute(content, seed & 0xFFFFFFFF)


def _text(function):
    return lambda value: function(value) if type(value) is str else None


def _digits(value):
    """Of bytes, too: the number that they are as ASCII."""
    content = raw(value)
    return _bounded(int(content)) if content and content.isdigit() else None


FUNCTIONS = {
    "sum": _sum,
    "count": _count,
    "at": _at,
    "last": _last,
    "isSet": _is_set,
    "pluck": _pluck,
    "ones": _ones,
    "rank": _rank,
    "isZero": _is_zero,
    "joined": _joined,
    "first": _first,
    "isUTF8": _is_utf8,
    "crc32c": _crc32c,
    "utf8": raw,
    "nfd": _text(lambda value: unicodedata.normalize("NFD", value)),
    "isNFC": _text(lambda value: unicodedata.is_normalized("NFC", value)),
    "digits": _digits,
}
