# SPDX-License-Identifier: Apache-2.0
"""What formulas compute with, and what an input is read into.

none is None, truth is bool, a number is int, bytes are bytes, text is str, and there are lists and objects.
Python takes True for 1, so values are compared with `equal`, never with ==.
"""

NUMBER_MAX_EXACT = 1 << 53


class Listing:
    """A list that never changes. Appending takes constant time: lists share what they begin with."""

    __slots__ = ("_shared", "_length")

    def __init__(self, items=()):
        self._shared = _Shared(list(items))
        self._length = len(self._shared.items)

    def __len__(self):
        return self._length

    def __iter__(self):
        items = self._shared.items
        for index in range(self._length):
            yield items[index]

    def at(self, index):
        return self._shared.items[index]

    def appended(self, value):
        shared = self._shared
        if len(shared.items) != self._length:
            shared = _Shared(shared.items[: self._length])
        shared.items.append(value)
        longer = Listing.__new__(Listing)
        longer._shared = shared
        longer._length = self._length + 1
        return longer

    def contains(self, value):
        return self._shared.place(key(value), self._length) is not None

    def __eq__(self, other):
        return isinstance(other, Listing) and key(self) == key(other)

    def __hash__(self):
        return hash(key(self))


class _Shared:
    """The items of lists of which each is a beginning of the next, and where each value is first."""

    __slots__ = ("items", "_places", "_indexed")

    def __init__(self, items):
        self.items = items
        self._places = {}
        self._indexed = 0

    def place(self, wanted, length):
        while self._indexed < length:
            self._places.setdefault(key(self.items[self._indexed]), self._indexed)
            self._indexed += 1
        place = self._places.get(wanted)
        return place if place is not None and place < length else None


class Record:
    """An object: names and values in order. Only the shown ones belong to the value of an input."""

    __slots__ = ("members", "shown")

    def __init__(self, members, shown):
        self.members = members
        self.shown = shown

    def replacing(self, name, value):
        return Record({**self.members, name: value}, self.shown)

    def __eq__(self, other):
        return isinstance(other, Record) and key(self) == key(other)

    def __hash__(self):
        return hash(key(self))


def key(value):
    """Something hashable that is the same for equal values and for no others."""
    if isinstance(value, Listing):
        return (Listing, tuple(key(item) for item in value))
    if isinstance(value, Record):
        return (Record, tuple((name, key(item)) for name, item in value.members.items()))
    return (type(value), value)


def equal(left, right):
    return type(left) is type(right) and left == right


def ordered(left, right):
    """-1, 0 or 1; None for what has no order."""
    if type(left) is not type(right):
        return None
    if isinstance(left, Listing):
        for one, other in zip(left, right):
            order = ordered(one, other)
            if order != 0:
                return order
        left, right = len(left), len(right)
    elif isinstance(left, str):
        left, right = text_bytes(left), text_bytes(right)
    elif isinstance(left, bool) or not isinstance(left, (int, bytes)):
        return None
    return (left > right) - (left < right)


def text_bytes(text):
    return text.encode("utf-8", "surrogateescape")


def raw(value):
    """The bytes of bytes or text, else None."""
    if isinstance(value, bytes):
        return value
    return text_bytes(value) if isinstance(value, str) else None


def shown(value):
    """The value as vectors have it: bytes as hexadecimal digits, large numbers as decimal ones."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Listing):
        return [shown(item) for item in value]
    if isinstance(value, Record):
        return {
            name: shown(item) for name, item in value.members.items() if name in value.shown
        }
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= NUMBER_MAX_EXACT:
        return str(value)
    return value
