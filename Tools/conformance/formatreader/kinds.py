# SPDX-License-Identifier: Apache-2.0
"""Turns the kinds of fields into functions of a machine and a scope."""

from .expressions import DescriptionError
from .machine import WORD_BYTES, Failure
from .values import Listing

PACKED_COUNT_MAX = 1 << 24


class KindCompiler:
    """What `Compiler` knows about kinds."""

    def kind(self, kind):
        return getattr(self, "kind_" + kind["kind"])(kind)

    def kind_unsigned(self, kind):
        byte_count = kind["bytes"]

        def read(machine, scope):
            value = machine.unsigned(byte_count)
            machine.hold(WORD_BYTES)
            return value

        return read

    def kind_varint(self, kind):
        return lambda machine, scope: machine.varint()

    def kind_zigzag(self, kind):
        def read(machine, scope):
            value = machine.varint()
            return -(value + 1 >> 1) if value & 1 else value >> 1

        return read

    def kind_count(self, kind):
        each = kind["each"]

        def read(machine, scope):
            start = machine.here
            value = machine.varint()
            if value * each > machine.end - machine.here:
                raise Failure("countTooLarge", start, "[countTooLarge]")
            return value

        return read

    def kind_bytes(self, kind):
        count = self.formula(kind["count"])
        return lambda machine, scope: machine.take(count(machine, scope))

    def kind_packed(self, kind):
        count, width = self.formula(kind["count"]), self.formula(kind["width"])

        def read(machine, scope):
            start = machine.here
            how_many, bits = count(machine, scope), width(machine, scope)
            if (
                type(how_many) is not int or not 0 <= how_many <= PACKED_COUNT_MAX
                or type(bits) is not int or not 0 <= bits <= 64
            ):
                raise Failure("truncated", start, "[end]")
            word = int.from_bytes(machine.take((how_many * bits + 7) // 8), "little")
            if word >> how_many * bits:
                if "[padding]" not in machine.disabled:
                    raise Failure("nonCanonical", start, "[padding]")
            machine.hold(how_many * WORD_BYTES)
            mask = (1 << bits) - 1
            return Listing([word >> index * bits & mask for index in range(how_many)])

        return read

    def kind_text(self, kind):
        count = self.formula(kind["count"])

        def read(machine, scope):
            start = machine.here
            content = machine.take(count(machine, scope))
            try:
                return content.decode("utf-8")
            except UnicodeDecodeError:
                raise Failure("invalidUTF8", start, "[utf8]") from None

        return read

    def kind_type(self, kind):
        found = self.type(kind["type"])
        arguments = self.arguments(kind)
        return lambda machine, scope: found.read(machine, scope, arguments)[0]

    def kind_named(self, kind):
        name = self.formula(kind["type"])
        arguments = self.arguments(kind)
        for known in self.description["types"]:
            self.type(known)

        def read(machine, scope):
            chosen = self.types.get(name(machine, scope))
            if chosen is None:
                raise DescriptionError("a formula names no type: %r" % (kind["type"],))
            return chosen.read(machine, scope, arguments)[0]

        return read

    def arguments(self, kind):
        return [(name, self.formula(value)) for name, value in kind.get("arguments", {}).items()]
