# SPDX-License-Identifier: Apache-2.0
"""The log of a `dm-log-writes` device: every write that reached a disk, in order, with its flushes.

The target logs a write only when the flush behind it is done, so what stands before a flush is what that flush made
durable; a write with FUA is logged when it is done. (Documentation/admin-guide/device-mapper/log-writes.rst of the
kernel.) In little-endian numbers:

    sector 0   magic u64, version u64, number of entries u64, bytes per sector u32
    an entry   sector u64, count of sectors u64, flags u64, count of bytes u64; one sector long
               then the data, or for a mark the text within that same sector; nothing for a discard
"""

import random
import struct
from dataclasses import dataclass, field

MAGIC, VERSION = 0x6A736677736872, 1
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
HEADER = struct.Struct("<QQQI")
ENTRY = struct.Struct("<QQQQ")


class Malformed(Exception):
    """The log is none, or is cut short."""


@dataclass(frozen=True)
class Write:
    """Bytes that went to the disk; `position` is where the log has them, None for a discard."""

    offset: int
    byte_count: int
    position: int | None
    flags: int

    @property
    def is_flushed_first(self):
        return bool(self.flags & FLUSH)


@dataclass(frozen=True)
class Flush:
    """Everything before it is on the medium."""


@dataclass(frozen=True)
class Mark:
    """Something that a program said when everything before it was done."""

    text: str


def read_entry_count(file):
    """How many entries a log has so far; 0 for a disk that has none yet."""
    file.seek(0)
    head = file.read(HEADER.size)
    if len(head) < HEADER.size or HEADER.unpack(head)[0] != MAGIC:
        return 0
    return HEADER.unpack(head)[2]


def read_steps(file):
    """All entries of a log, in order."""
    file.seek(0)
    head = file.read(HEADER.size)
    if len(head) < HEADER.size:
        raise Malformed("no header")
    magic, version, count, sector_size = HEADER.unpack(head)
    if magic != MAGIC or version != VERSION or sector_size not in (512, 1024, 2048, 4096):
        raise Malformed(f"magic {magic:#x}, version {version}, sectors of {sector_size} bytes")
    steps, position = [], sector_size
    for number in range(count):
        file.seek(position)
        block = file.read(sector_size)
        if len(block) < sector_size:
            raise Malformed(f"entry {number} of {count} is not there")
        sector, sector_count, flags, byte_count = ENTRY.unpack_from(block)
        position += sector_size
        if flags & MARK:
            text = block[ENTRY.size : ENTRY.size + byte_count]
            steps.append(Mark(text.rstrip(b"\0").decode(errors="replace")))
        elif sector_count == 0:
            steps.append(Flush())
        elif flags & DISCARD:
            size = sector_count * sector_size
            steps.append(Write(sector * sector_size, size, None, flags))
        else:
            size = sector_count * sector_size
            steps.append(Write(sector * sector_size, size, position, flags))
            position += size
    return steps


@dataclass
class Image:
    """A state of the disk that a power cut may leave: the first `applied` writes, and then only `chosen` of those
    behind them."""

    applied: int
    chosen: tuple = ()
    acknowledged: dict = field(default_factory=dict)  # (system, lane) -> entry

    @property
    def name(self):
        return f"{self.applied}" + "".join(f"+{number}" for number in self.chosen)


def acknowledgement(mark):
    """`A|SYSTEM|LANE|ENTRY`, as a key and a number; None for other marks."""
    words = mark.text.split("|")
    if len(words) != 4 or words[0] != "A" or not words[2].isdigit() or not words[3].isdigit():
        return None
    return (words[1], int(words[2])), int(words[3])


def images(steps, seed=None):
    """The disk before each write and after the last one, with what was acknowledged by then: every prefix once.

    With a seed there is one more image for each stretch between two flushes that has several writes: a selection of
    them by chance, since a disk may keep what is not flushed in any order. Writes with FUA are always in it, and
    nothing that was acknowledged within the stretch is asked for.
    """
    writes = [step for step in steps if isinstance(step, Write)]
    generator = random.Random(seed)
    acknowledged, applied, stretch = {}, 0, None
    for step in steps:
        if isinstance(step, Mark):
            if entry := acknowledgement(step):
                acknowledged[entry[0]] = max(entry[1], acknowledged.get(entry[0], 0))
        elif isinstance(step, Flush) or step.is_flushed_first:
            if seed is not None and stretch:
                yield from _selection(writes, stretch, applied, generator)
            stretch = None
        if isinstance(step, Write):
            yield Image(applied, (), dict(acknowledged))
            stretch = stretch or (applied, dict(acknowledged))
            applied += 1
    yield Image(applied, (), dict(acknowledged))


def _selection(writes, stretch, end, generator):
    """One image of a stretch, unless the selection is a prefix, which is an image already."""
    start, acknowledged = stretch
    chosen = tuple(
        number
        for number in range(start, end)
        if writes[number].flags & FUA or generator.random() < 0.5
    )
    if chosen != tuple(range(start, start + len(chosen))):
        yield Image(start, chosen, acknowledged)
