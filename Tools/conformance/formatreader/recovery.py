# SPDX-License-Identifier: Apache-2.0
"""What the mode `recover` makes of an error: a torn end, or a loss that something proves.

A proof is looked for as the description says: an intact element behind the damage, or one flipped bit that
makes the damaged one whole.
"""

from .checksums import ALGORITHMS, flipped_byte
from .decoding import Compiler
from .expressions import DescriptionError
from .machine import Failure, Machine, ResourceFailure


class TailRule:
    """The rule of a description, compiled; `judge` is what it is for."""

    def __init__(self, tail, compiler, checks):
        self.torn = frozenset(tail["torn"])
        self.proofs = [
            (proof["id"], self.search(proof["search"], compiler, checks))
            for proof in tail["proofs"]
        ]

    def judge(self, machine, failure):
        """Where the torn end begins, or None for a loss; and the proof of the loss, if it was one."""
        if machine.round is None or failure.error not in self.torn:
            return None, None
        scope, damage = machine.round
        scope.names["damage"] = damage
        for identifier, search in self.proofs:
            if identifier not in machine.disabled and search(machine, failure, scope, damage):
                return None, identifier
        return damage, None

    def search(self, search, compiler: Compiler, checks):
        method = getattr(self, "search_" + search["search"], None)
        if method is None:
            raise DescriptionError("there is no search %r" % search["search"])
        return method(search, compiler, checks)

    def search_later(self, search, compiler, checks):
        attempt = _attempt(search["kind"], compiler)
        stride, when = search["step"], compiler.formula(search["when"])

        def holds(machine, failure, scope, damage):
            trial = _trial(machine)
            for place in range(damage, machine.size, stride):
                found = attempt(trial, place, scope)
                if found is not None and when(trial, found) is True:
                    return True
            return False

        return holds

    def search_flip(self, search, compiler, checks):
        attempt = _attempt(search["kind"], compiler)
        byte_count, when = search["byteCount"], compiler.formula(search["when"])
        excused = _excuse(search, compiler)

        def holds(machine, failure, scope, damage):
            if damage + byte_count > machine.size:
                return False
            trial, whole = _trial(machine), machine.data
            for bit in range(byte_count * 8):
                place = damage + bit // 8
                flipped = bytes((whole[place] ^ 1 << bit % 8,))
                trial.data = whole[:place] + flipped + whole[place + 1 :]
                found = attempt(trial, damage, scope)
                if found is not None and when(trial, found) is True:
                    return not excused(machine, found, place)
            return False

        return holds

    def search_flipUnder(self, search, compiler, checks):
        check = checks[search["check"]]
        parts = check["checksum"]
        compute = ALGORITHMS[parts["algorithm"]]
        low, high, seed, stored_at = (
            compiler.formula(parts[name]) for name in ("from", "to", "seed", "storedAt")
        )
        excused = _excuse(search, compiler)

        def holds(machine, failure, scope, damage):
            if failure.check != check["id"]:
                return False
            inner = failure.scope
            start, stop = low(machine, inner), high(machine, inner)
            stored = stored_at(machine, inner)
            if not 0 <= start <= stop or stored + 4 > machine.size:
                return False
            difference = compute(machine.slice(start, stop), seed(machine, inner))
            difference ^= int.from_bytes(machine.data[stored : stored + 4], "little")
            place = flipped_byte(stop - start, difference)
            if place is not None:
                place += start
            elif bin(difference).count("1") == 1:
                place = stored + (difference.bit_length() - 1) // 8
            else:
                return False
            return not excused(machine, inner, place)

        return holds


def _trial(machine):
    return Machine(machine.data, disabled=machine.disabled)


def _attempt(kind, compiler):
    """A function that gives the scope of the kind at a place of a trial, or None if it is not readable."""
    if kind["kind"] != "type":
        raise DescriptionError("a proof looks for a type, not for %r" % kind["kind"])
    found = compiler.type(kind["type"])
    arguments = compiler.arguments(kind)

    def attempt(trial, place, scope):
        trial.here, trial.end, trial.depth = place, trial.size, 0
        try:
            return found.read(trial, scope, arguments)[1]
        except (Failure, ResourceFailure):
            return None

    return attempt


def _excuse(search, compiler):
    """Whether a torn write can look like the flip of a bit in a byte; computed on the input as it is."""
    extent, unless = compiler.formula(search["extent"]), compiler.formula(search["unless"])

    def excused(machine, scope, byte):
        machine.here, machine.end = 0, machine.size
        scope.names["byte"] = byte
        scope.names["extent"] = extent(machine, scope)
        return unless(machine, scope) is True

    return excused
