// SPDX-License-Identifier: Apache-2.0

package import CairnFormats

/// How an input is read.
package enum ReadingMode: String, CaseIterable, Sendable {
    /// Ends at the first error.
    case strict
    /// Takes a torn end for an end.
    case recover
    /// Goes on behind an error; only a set of files can, with the next one.
    case salvage
}

/// What comes of reading an input in one mode.
package struct Outcome: Hashable, Sendable {
    /// The class of the error; nil for a valid input.
    package var error: ErrorClass?
    /// Where the error is.
    package var at: Int?
    /// How much was handed to the caller.
    package var delivered: Int
    /// Where a torn end begins: what recovery cuts off.
    package var truncateTo: Int?
    /// The proof that made an error a loss instead of a torn end.
    package var proof: String?
    /// The check that failed.
    package var check: String?

    package init(
        error: ErrorClass? = nil, at: Int? = nil, delivered: Int, truncateTo: Int? = nil,
        proof: String? = nil, check: String? = nil
    ) {
        self.error = error
        self.at = at
        self.delivered = delivered
        self.truncateTo = truncateTo
        self.proof = proof
        self.check = check
    }

    /// Whether both say the same to a caller.
    package func agrees(with other: Outcome) -> Bool {
        error?.name == other.error?.name && at == other.at && delivered == other.delivered
            && truncateTo == other.truncateTo
    }
}

extension Reader {
    /// What comes of an input in each mode, and its value.
    package typealias Outcomes = (outcomes: [ReadingMode: Outcome], value: DynamicValue)

    /// Reads an input in all modes.
    package static func outcomes(
        _ format: ResolvedFormat, _ input: [UInt8], context: [String: DynamicValue] = [:],
        disabled: Set<String> = []
    ) -> Outcomes {
        Reader(format, input, disabled: disabled).outcomes(context)
    }

    private func outcomes(_ context: [String: DynamicValue]) -> Outcomes {
        do throws(ReadingFailure) {
            let value = try readRoot(context)
            let outcome = Outcome(delivered: delivered)
            return ([.strict: outcome, .recover: outcome], value)
        } catch {
            let strict = Outcome(
                error: error.error, at: error.at, delivered: delivered, check: error.check)
            return ([.strict: strict, .recover: recover(error, strict)], .none)
        }
    }

    /// The input with all checksums right, as far as it can be read, and what comes of it then.
    package static func repaired(
        _ format: ResolvedFormat, _ input: [UInt8], context: [String: DynamicValue] = [:]
    ) -> (input: [UInt8], outcomes: Outcomes) {
        var input = input
        // A checksum may cover another one that is read later.
        for _ in 0..<8 {
            let reader = Reader(format, input, repairs: true)
            let outcomes = reader.outcomes(context)
            // A reading that found nothing to repair is like any other.
            if reader.input == input { return (input, outcomes) }
            input = reader.input
        }
        return (input, outcomes(format, input, context: context))
    }

    /// What recovery makes of an error: a torn end, or a loss.
    func recover(_ failure: ReadingFailure, _ strict: Outcome) -> Outcome {
        guard let tail = format.reading.tail, let scope = tailScope, let damage = tailElement,
            tail.torn.contains(where: { $0.name == failure.error.name })
        else { return strict }
        let count = delivered
        scope.declare("damage", .int(Int128(damage)), isShown: false)
        for proof in tail.proofs where !disabled.contains(proof.id) {
            guard holds(proof.search, failure, scope, damage) else { continue }
            var outcome = strict
            outcome.proof = proof.id
            return outcome
        }
        return Outcome(delivered: count, truncateTo: damage)
    }

    private func holds(
        _ search: TailRule.Search, _ failure: ReadingFailure, _ scope: Scope, _ damage: Int
    ) -> Bool {
        switch search {
        case .later(let kind, let step, let when):
            for place in stride(from: damage, to: input.count, by: step) {
                if let found = attempt(kind, at: place, scope, input), evaluate(when, found).isTrue
                {
                    return true
                }
            }
            return false
        case .flip(let kind, let byteCount, let when, let extent, let unless):
            guard damage + byteCount <= input.count else { return false }
            for bit in bits(of: damage..<damage + byteCount, kind, scope) {
                var candidate = input
                candidate[damage + bit / 8] ^= 1 << UInt8(bit % 8)
                guard let found = attempt(kind, at: damage, scope, candidate),
                    evaluate(when, found).isTrue
                else { continue }
                return !isExplained(damage + bit / 8, extent, unless, found)
            }
            return false
        case .flipUnder(let check, let extent, let unless):
            guard failure.check == check, let span = failure.checksum, let found = failure.scope,
                let place = flippedBits(span).first.map({ $0 / 8 })
            else { return false }
            return !isExplained(place, extent, unless, found)
        }
    }

    /// The bits from the start of the range whose flip may make a type readable there, in order: if it fails at
    /// a checksum over bytes of the range that comes whatever they are, only those that make that one hold.
    private func bits(of range: Range<Int>, _ kind: FieldKind, _ scope: Scope) -> [Int] {
        let all = Array(0..<range.count * 8)
        guard case .failure(let failure) = reading(kind, at: range.lowerBound, scope, input),
            let span = failure.checksum, range.contains(span.covered.lowerBound),
            span.stored.upperBound <= range.upperBound, comesAlways(span.check, in: kind)
        else { return all }
        let right = Set(flippedBits(span))
        return all.filter { bit in
            let place = range.lowerBound + bit / 8
            return right.contains(range.lowerBound * 8 + bit)
                || !span.covered.contains(place) && !span.stored.contains(place)
        }
    }

    /// Whether nothing before a check of a type depends on what is read.
    private func comesAlways(_ check: String, in kind: FieldKind) -> Bool {
        guard case .type(let name, _) = kind, let type = format.types[name] else { return false }
        for step in type.steps {
            switch step {
            case .check(let found) where found.id == check: return true
            case .layout, .check: continue
            default: return false
            }
        }
        return false
    }

    private func isExplained(
        _ byte: Int, _ extent: Formula, _ unless: Formula, _ scope: Scope
    ) -> Bool {
        (position, end) = (0, input.count)
        scope.declare("byte", .int(Int128(byte)), isShown: false)
        scope.declare("extent", evaluate(extent, scope), isShown: false)
        return evaluate(unless, scope).isTrue
    }

    /// The scope of a type that reads without an error at a place.
    private func attempt(
        _ kind: FieldKind, at place: Int, _ scope: Scope, _ bytes: [UInt8]
    ) -> Scope? {
        try? reading(kind, at: place, scope, bytes)?.get()
    }

    private func reading(
        _ kind: FieldKind, at place: Int, _ scope: Scope, _ bytes: [UInt8]
    ) -> Result<Scope, ReadingFailure>? {
        guard case .type(let name, let arguments) = kind else { return nil }
        let reader = Reader(format, bytes, disabled: disabled)
        reader.position = place
        let values = arguments.map { ($0.name, evaluate($0.value, scope)) }
        return Result { () throws(ReadingFailure) in
            try reader.read(type: name, values, scope).scope
        }
    }

    /// The bits of which one, flipped, makes a checksum hold, from the start of the input.
    private func flippedBits(_ span: ChecksumSpan) -> [Int] {
        guard span.stored.upperBound <= input.count else { return [] }
        let covered = Array(input[span.covered])
        let stored = span.stored.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(input[$1]) }
        let difference = SlowCRC32C.checksum(covered, seed: span.seed) ^ stored
        var bits: [Int] = []
        if difference.nonzeroBitCount == 1 {
            bits.append(span.stored.lowerBound * 8 + difference.trailingZeroBitCount)
        }
        // A checksum is linear: the effect of a flip depends only on how many bytes follow it.
        var effects = (0..<8).map {
            SlowCRC32C.checksum([1 << UInt8($0)]) ^ SlowCRC32C.checksum([0])
        }
        for place in span.covered.reversed() {
            for bit in 0..<8 {
                if effects[bit] == difference { bits.append(place * 8 + bit) }
                effects[bit] = SlowCRC32C.behindZero(effects[bit])
            }
        }
        return bits
    }
}

extension Reader {
    /// The most bytes that reading this input may allocate.
    package func allocationCap(_ context: [String: DynamicValue]) -> Int {
        let scope = Scope(parent: nil, start: 0)
        for known in format.reading.context {
            scope.declare(
                known.name, context[known.name] ?? evaluate(known.unknown, scope), isShown: false)
        }
        return evaluate(format.reading.allocation, scope).int.map { Int($0) } ?? 0
    }
}
