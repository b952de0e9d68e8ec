// SPDX-License-Identifier: Apache-2.0

/// Takes an input apart from its front: first switches, then what is fed.
struct FuzzInput: ~Escapable {
    private(set) var rest: RawSpan

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { rest = bytes }

    /// The next byte; 0 behind the end.
    @_lifetime(self: copy self)
    mutating func byte() -> UInt8 {
        guard rest.byteCount > 0 else { return 0 }
        let byte = rest.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
        rest = rest.extracting(droppingFirst: 1)
        return byte
    }

    /// The next two bytes, the low one first.
    @_lifetime(self: copy self)
    mutating func short() -> Int {
        let low = Int(byte())
        return low | Int(byte()) << 8
    }

    /// The next `count` bytes, or as many as there are.
    @_lifetime(self: copy self)
    mutating func bytes(_ count: Int) -> [UInt8] {
        let count = min(count, rest.byteCount)
        let taken = rest.extracting(first: count).withUnsafeBytes { [UInt8]($0) }
        rest = rest.extracting(droppingFirst: count)
        return taken
    }

    /// All that is left.
    @_lifetime(self: copy self)
    mutating func remainder() -> [UInt8] { bytes(rest.byteCount) }
}

extension UInt8 {
    /// Whether a switch is on.
    func has(_ bit: Int) -> Bool { self & (1 << UInt8(bit)) != 0 }
}
