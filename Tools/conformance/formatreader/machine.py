# SPDX-License-Identifier: Apache-2.0
"""One reading of one input: where it is, how much it may still take, and why it ended.

- No number is trusted before it was compared with the bytes left, and nothing is allocated for a count.
- `held` counts what values take; going above the allowance of the description ends the reading.
"""

DEPTH_MAX = 400
ROUNDS_MAX = 4_000_000
WORD_BYTES = 8


class Failure(Exception):
    """Why the input does not follow the format."""

    def __init__(self, error, at, check, scope=None, file=None):
        super().__init__(error, at, check)
        self.error, self.at, self.check, self.scope = error, at, check, scope
        #: The file that is wrong, where a rule across files says another than the one that is read.
        self.file = file


class ResourceFailure(Exception):
    """Reading would take more than the description, or this reader, allows."""


class Machine:
    """One reading of one input."""

    __slots__ = (
        "data", "size", "here", "end", "delivered", "held", "peak", "allowance", "depth",
        "rounds", "disabled", "repairs", "deliver", "round", "note",
    )

    def __init__(self, data, disabled=frozenset(), repairs=False, deliver=None):
        self.data = data
        self.size = self.end = len(data)
        self.here = self.delivered = self.held = self.peak = self.depth = self.rounds = 0
        self.allowance = None
        self.disabled = disabled
        self.repairs = repairs
        self.deliver = deliver
        self.round = None
        #: Takes checks that do not hold, which then do not end the reading.
        self.note = None

    def slice(self, low, high):
        low = max(0, min(low, self.size))
        high = max(low, min(high, self.size))
        self.borrow(high - low)
        return self.data[low:high]

    def hold(self, byte_count):
        """Counts memory that values keep, before it is taken."""
        self.held += byte_count
        self.borrow(0)

    def borrow(self, byte_count):
        """Counts memory that is taken for a moment."""
        if self.held + byte_count > self.peak:
            self.peak = self.held + byte_count
            if self.allowance is not None and self.peak > self.allowance:
                raise ResourceFailure(
                    "reading takes %d bytes, %d are allowed" % (self.peak, self.allowance)
                )

    def unsigned(self, byte_count):
        here = self.here
        if self.end - here < byte_count:
            raise Failure("truncated", here, "[end]")
        self.here = here + byte_count
        return int.from_bytes(self.data[here : here + byte_count], "little")

    def varint(self):
        start, shift, value = self.here, 0, 0
        while True:
            byte = self.unsigned(1)
            if shift == 63 and byte > 1:
                raise Failure("numberTooLarge", start, "[numberTooLarge]")
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0 and shift:
                    raise Failure("nonCanonical", start, "[shortest]")
                self.hold(WORD_BYTES)
                return value
            shift += 7

    def take(self, byte_count):
        if type(byte_count) is not int or not 0 <= byte_count <= self.end - self.here:
            raise Failure("truncated", self.here, "[end]")
        self.hold(byte_count)
        start = self.here
        self.here = start + byte_count
        return self.data[start : self.here]
