# SPDX-License-Identifier: Apache-2.0
"""Inputs that are damaged at random, from those that the vectors have.

An input follows from the seed, its format and its number alone, so that these three tell it again.
"""

import random

from . import vectors

#: Larger inputs are rarely chosen: they take long and show little that small ones do not.
USUAL_BYTES_MAX = 6_000
SECTOR_BYTES = 512
TELLING_BYTES = (0, 1, 0x7F, 0x80, 0xFF)
REPAIRED_SHARE = 0.6


class Damage:
    """Makes damaged inputs of one format."""

    def __init__(self, file, format, formats, seed):
        self.format, self.formats, self.seed = format, formats, seed
        self.name = file.format
        self._file = file
        self._cases = [file.case(test) for test in file.content["tests"]]
        if self.is_set:
            self._contents = [
                data for case in self._cases for _, data in case.files if data is not None
            ]
        else:
            self._contents = [case.bytes for case in self._cases]
        #: The modes of which every test says something that has files in such a folder.
        self._modes = {}
        for case in self._cases if self.is_set else ():
            for folder in map(_folder, case.files):
                known = self._modes.get(folder, case.modes)
                self._modes[folder] = [mode for mode in known if mode in case.modes]
        self._usual = [
            case for case in self._cases
            if self.is_set or len(case.bytes) <= USUAL_BYTES_MAX
        ] or self._cases

    @property
    def is_set(self):
        return "files" in self.format.description

    def case(self, number):
        """The damaged input of that number."""
        rng = random.Random("%s/%s/%d" % (self.seed, self.name, number))
        base = rng.choice(self._cases if rng.random() < 0.02 else self._usual)
        if self.is_set:
            return self._damaged_set(rng, base)
        data, context = base.bytes, base.context
        if context and rng.random() < 0.1:
            context = {name: _other_value(rng, value) for name, value in context.items()}
        data = self._damaged(rng, data, lambda found: self.format.repaired(found, context))
        test = {"context": context} if context else {}
        return vectors.Case(
            base.name, self.name, ("damaged",), test, {}, self._file.content["modes"], bytes=data
        )

    def _damaged(self, rng, data, repair):
        """Damage, then maybe all checksums made right, then maybe more damage."""
        for _ in range(rng.choice((1, 1, 2, 3))):
            data = rng.choice(OPERATIONS)(rng, data, self._contents)
        if rng.random() < REPAIRED_SHARE:
            data = repair(data)
            if rng.random() < 0.5:
                data = rng.choice(OPERATIONS)(rng, data, self._contents)
        return data

    # Sets of files

    def _damaged_set(self, rng, base):
        files = list(base.files)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            choice = rng.random()
            if choice < 0.6:
                self._damage_file(rng, files)
            elif choice < 0.7 and files:
                files.pop(rng.randrange(len(files)))
            elif choice < 0.8:
                self._rename(rng, files)
            elif choice < 0.9:
                other = rng.choice(self._cases)
                if other.files:
                    _put(files, *rng.choice(other.files))
            else:
                self._exchange(rng, files)
        modes = [
            mode for mode in self._file.content["modes"]
            if all(mode in self._modes.get(folder, (mode,)) for folder in map(_folder, files))
        ]
        return vectors.Case(base.name, self.name, ("damaged",), {}, {}, modes, files=sorted(files))

    def _damage_file(self, rng, files):
        whole = [index for index, (_, data) in enumerate(files) if data is not None]
        if not whole:
            return
        index = rng.choice(whole)
        name, data = files[index]
        files[index] = name, self._damaged(rng, data, lambda found: self.format.repaired(name, found))

    @staticmethod
    def _rename(rng, files):
        """A file gets another name: one digit is another one, or it is the name of another file."""
        if not files:
            return
        name, data = files.pop(rng.randrange(len(files)))
        places = [place for place, letter in enumerate(name) if letter.isdigit()]
        if places and rng.random() < 0.8:
            # The last digits of a number are those that decide.
            ends = [place for place in places if place + 1 not in places]
            place = rng.choice(ends if rng.random() < 0.7 else places)
            name = name[:place] + rng.choice("0123456789") + name[place + 1 :]
        else:
            name += rng.choice((".bak", "0", "~"))
        _put(files, name, data)

    @staticmethod
    def _exchange(rng, files):
        whole = [index for index, (_, data) in enumerate(files) if data is not None]
        if len(whole) < 2:
            return
        one, other = rng.sample(whole, 2)
        left, right = files[one], files[other]
        files[one], files[other] = (left[0], right[1]), (right[0], left[1])


def _folder(file):
    return file[0].rpartition("/")[0]


def _put(files, name, data):
    """A path is there once."""
    if all(name != other for other, _ in files):
        files.append((name, data))


def _other_value(rng, value):
    if isinstance(value, int):
        return max(0, value + rng.choice((-1, 1, 100)))
    (kind, content), = value.items()
    if kind == "hex" and content:
        flipped = bytearray(bytes.fromhex(content))
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
        return {kind: flipped.hex()}
    if kind == "number":
        return {kind: str(int(content) ^ 1)}
    return value


# What is done to bytes


def _place(rng, count):
    """One of so many places; the later ones more often, because an early error hides all that follows."""
    return rng.randrange(count // 2 if rng.random() < 0.5 else 0, count)


def _flip(rng, data, _):
    if not data:
        return bytes((rng.randrange(256),))
    place = _place(rng, len(data))
    return data[:place] + bytes((data[place] ^ 1 << rng.randrange(8),)) + data[place + 1 :]


def _flip_several(rng, data, others):
    for _ in range(rng.randint(2, 6)):
        data = _flip(rng, data, others)
    return data


def _set(rng, data, _):
    if not data:
        return data
    place = _place(rng, len(data))
    value = rng.choice(TELLING_BYTES) if rng.random() < 0.6 else rng.randrange(256)
    return data[:place] + bytes((value,)) + data[place + 1 :]


def _number(rng, data, _):
    """A number of 2, 4 or 8 bytes, which often lies at a multiple of its size, becomes another one."""
    size = rng.choice((2, 4, 8))
    if len(data) < size:
        return data
    place = _place(rng, len(data) - size + 1) // size * size
    old = int.from_bytes(data[place : place + size], "little")
    new = rng.choice((old + 1, old - 1, old + 8, old - 8, old * 2, old ^ 1, 0, -1, rng.getrandbits(8 * size)))
    return data[:place] + (new % (1 << 8 * size)).to_bytes(size, "little") + data[place + size :]


def _part(rng, data):
    start = _place(rng, len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 2, 8, rng.randrange(64), rng.randrange(600))))


def _zero(rng, data, _):
    start, end = _part(rng, data)
    return data[:start] + bytes(end - start) + data[end:]


def _zero_sectors(rng, data, _):
    """As a crash leaves them: whole sectors that were never written, or all from one on."""
    count = (len(data) + SECTOR_BYTES - 1) // SECTOR_BYTES
    start = rng.randrange(count + 1) * SECTOR_BYTES
    end = len(data) if rng.random() < 0.5 else start + SECTOR_BYTES
    end = max(start, min(len(data), end))
    return data[:start] + bytes(end - start) + data[end:]


def _zero_end(rng, data, _):
    start = _place(rng, len(data) + 1)
    return data[:start] + bytes(len(data) - start)


def _cut(rng, data, _):
    return data[: _place(rng, len(data) + 1)]


def _append(rng, data, others):
    kind = rng.random()
    if kind < 0.4:
        return data + bytes(rng.choice((1, 8, 40, SECTOR_BYTES)))
    if kind < 0.7:
        return data + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 64)))
    start, end = _part(rng, other := rng.choice(others))
    return data + other[start:end]


def _remove(rng, data, _):
    start, end = _part(rng, data)
    return data[:start] + data[end:]


def _repeat(rng, data, _):
    start, end = _part(rng, data)
    return data[:end] + data[start:end] + data[end:]


def _insert(rng, data, _):
    place = _place(rng, len(data) + 1)
    value = rng.choice(TELLING_BYTES) if rng.random() < 0.5 else rng.randrange(256)
    return data[:place] + bytes((value,)) + data[place:]


def _splice(rng, data, others):
    """Bytes of another input, in the same place or elsewhere."""
    other = rng.choice(others)
    start, end = _part(rng, other)
    place = start if rng.random() < 0.5 else rng.randrange(len(data) + 1)
    return data[:place] + other[start:end] + data[place + end - start :]


OPERATIONS = (
    _flip, _flip, _flip_several, _set, _set, _number, _number, _zero, _zero_sectors, _zero_end, _cut,
    _append, _remove, _repeat, _insert, _splice,
)
