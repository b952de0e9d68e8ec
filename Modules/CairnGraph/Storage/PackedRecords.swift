// SPDX-License-Identifier: Apache-2.0
//
// Records of up to eight numbers, as many bytes for each number as the largest one of its field needs.
//
// - All records of one chunk have the same layout. A number that does not fit widens its field, for all
//   records of the chunk; a field never becomes narrower. A field that is 0 everywhere takes no byte.
// - Behind the last record are 8 more bytes, so that a number is read and written as one word.

/// The records of one chunk: their numbers by index and field.
struct PackedRecords: Sendable {
    private var bytes: [UInt8]
    private var layout: PackedLayout
    private var storedCount: UInt32 = 0

    /// The number of records.
    private(set) var count: Int {
        get { Int(storedCount) }
        set { storedCount = UInt32(newValue) }
    }

    /// The number of bytes behind the last record.
    private static let padding = 8

    /// No records; the fields are to be as wide as they are in `other`.
    init(layoutOf other: Self? = nil) {
        layout = other?.layout ?? PackedLayout()
        bytes = Array(repeating: 0, count: Self.padding)
    }

    /// Records of zeros.
    init(count: Int) {
        self.init()
        self.count = count
    }

    /// Complete records, as wide as the numbers of all of them need.
    @inline(__always)
    init(count: Int, _ numbers: (Int) -> SIMD8<UInt64>) {
        var all = SIMD8<UInt64>()
        for index in 0..<count { all |= numbers(index) }
        var layout = PackedLayout()
        for field in 0..<8 where all[field] > 0 { layout = layout.widened(field, for: all[field]) }
        self.layout = layout
        let total = count * layout.stride + Self.padding
        bytes = Array(unsafeUninitializedCapacity: total) { room, initializedCount in
            let room = UnsafeMutableRawBufferPointer(room)
            room.storeBytes(of: 0, toByteOffset: total - 8, as: UInt64.self)
            for index in 0..<count {
                let (start, record) = (index &* layout.stride, numbers(index))
                // Each word ends in zeros where the next number will be, the last one behind the record.
                for field in 0..<8 {
                    room.storeBytes(
                        of: record[field].littleEndian,
                        toByteOffset: start &+ Int(layout.offsets[field]), as: UInt64.self)
                }
            }
            initializedCount = total
        }
        self.count = count
    }

    /// The number of bytes that the records take.
    var byteCount: Int { bytes.count }

    /// One number of one record.
    subscript(index: Int, field: Int) -> UInt64 {
        @inline(__always)
        get {
            precondition(index < count)
            let start = index &* layout.stride &+ Int(layout.offsets[field])
            // Never behind the padding: the layout, `count` and the array are always in step.
            let word = bytes.span.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: start, as: UInt64.self)
            return UInt64(littleEndian: word) & layout.mask(field)
        }
        set {
            precondition(index < count)
            if newValue > layout.mask(field) { widen(field, for: newValue) }
            let start = index &* layout.stride &+ Int(layout.offsets[field])
            let mask = layout.mask(field)
            bytes.withUnsafeMutableBytes { bytes in
                let word = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                bytes.storeBytes(
                    of: (word & ~mask | newValue).littleEndian, toByteOffset: start,
                    as: UInt64.self)
            }
        }
    }

    /// All numbers of one record.
    func numbers(_ index: Int) -> SIMD8<UInt64> {
        precondition(index < count)
        let start = index &* layout.stride
        let bytes = bytes.span.bytes
        var numbers = SIMD8<UInt64>()
        for field in 0..<8 {
            // Never behind the padding, as above.
            numbers[field] = UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: start &+ Int(layout.offsets[field]), as: UInt64.self))
        }
        return numbers & layout.masks
    }

    /// Adds a record.
    ///
    /// - Parameter total: How many records there will be in the end, probably.
    mutating func append(_ numbers: SIMD8<UInt64> = SIMD8(), expecting total: Int) {
        // From here on the chunk will be filled; until then a small one stays small.
        if count == 64 { reserve(total) }
        widen(for: numbers)
        // The record and the padding, whose first eight bytes come where the padding was.
        var block = SIMD64<UInt8>()
        withUnsafeMutableBytes(of: &block) { block in
            for field in 0..<8 {
                block.storeBytes(
                    of: numbers[field].littleEndian, toByteOffset: Int(layout.offsets[field]),
                    as: UInt64.self)
            }
            bytes.append(
                contentsOf: UnsafeRawBufferPointer(
                    rebasing: block[Self.padding..<Self.padding &+ layout.stride]))
            let first = block.loadUnaligned(as: UInt64.self)
            let start = count &* layout.stride
            bytes.withUnsafeMutableBytes {
                $0.storeBytes(of: first, toByteOffset: start, as: UInt64.self)
            }
        }
        count += 1
    }

    /// Makes the fields as wide as these numbers need.
    @inline(__always)
    private mutating func widen(for numbers: SIMD8<UInt64>) {
        guard any(numbers .> layout.masks) else { return }
        for field in 0..<8 where numbers[field] > layout.mask(field) {
            widen(field, for: numbers[field])
        }
    }

    /// Makes room for this many records, as wide as they are now.
    mutating func reserve(_ total: Int) {
        bytes.reserveCapacity(total * layout.stride + Self.padding)
    }

    /// Makes records that are all zero as wide as those of `other`.
    mutating func adoptLayout(of other: Self) {
        guard layout.stride == 0 else { return }
        layout = other.layout
        bytes = Array(repeating: 0, count: count * layout.stride + Self.padding)
    }

    /// Gives memory back that was reserved for growing.
    mutating func trim() {
        guard bytes.capacity > bytes.count + bytes.count / 16 + 32 else { return }
        bytes = bytes.withUnsafeBufferPointer { Array($0) }
    }

    @inline(never)
    private mutating func widen(_ field: Int, for value: UInt64) {
        let wider = layout.widened(field, for: value)
        let capacity =
            layout.stride == 0 ? count : (bytes.capacity - Self.padding) / layout.stride
        let head = Int(layout.offsets[field] &+ layout.widths[field])
        let tail = layout.stride - head
        let gap = wider.stride - layout.stride
        let total = max(capacity, count) * wider.stride + Self.padding
        bytes = bytes.withUnsafeBytes { [count, layout] old in
            Array(unsafeUninitializedCapacity: total) { room, initializedCount in
                let new = UnsafeMutableRawBufferPointer(room)
                // Excess bytes are overwritten by the following field or record.
                for index in 0..<count {
                    let source = index &* layout.stride
                    let target = index &* wider.stride
                    Self.copyWords(old, source, to: new, target, head)
                    new.storeBytes(of: 0, toByteOffset: target &+ head, as: UInt64.self)
                    Self.copyWords(old, source &+ head, to: new, target &+ head &+ gap, tail)
                }
                initializedCount = count * wider.stride + Self.padding
                for place in count * wider.stride..<initializedCount { new[place] = 0 }
            }
        }
        layout = wider
    }

    /// Copies bytes in words, the last of which may go on up to 7 bytes behind them: into the padding, at
    /// most.
    private static func copyWords(
        _ source: UnsafeRawBufferPointer, _ start: Int, to target: UnsafeMutableRawBufferPointer,
        _ place: Int, _ count: Int
    ) {
        var done = 0
        while done < count {
            let word = source.loadUnaligned(fromByteOffset: start &+ done, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: place &+ done, as: UInt64.self)
            done &+= 8
        }
    }

    /// Writes all numbers of one record.
    mutating func write(_ numbers: SIMD8<UInt64>, to index: Int) {
        precondition(index < count)
        widen(for: numbers)
        bytes.withUnsafeMutableBytes { [layout] bytes in
            let start = index &* layout.stride
            let end = start &+ layout.stride
            let behind = bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)
            // Each word ends in zeros where the next number will be, the last one behind the record.
            for field in 0..<8 {
                bytes.storeBytes(
                    of: numbers[field].littleEndian,
                    toByteOffset: start &+ Int(layout.offsets[field]), as: UInt64.self)
            }
            bytes.storeBytes(of: behind, toByteOffset: end, as: UInt64.self)
        }
    }
}

/// The size and the place of each field of a record, in bytes.
struct PackedLayout: Sendable {
    private(set) var widths = SIMD8<UInt8>()
    private(set) var offsets = SIMD8<UInt8>()
    private var storedStride: UInt32 = 0

    /// The number of bytes that a record takes.
    private(set) var stride: Int {
        get { Int(storedStride) }
        set { storedStride = UInt32(newValue) }
    }

    /// The largest number that fits into a field. No field is wider than 5 bytes.
    func mask(_ field: Int) -> UInt64 { 1 &<< (8 &* UInt64(widths[field])) &- 1 }

    /// The largest number that fits into each field.
    @inline(__always)
    var masks: SIMD8<UInt64> {
        1 &<< (8 &* SIMD8<UInt64>(truncatingIfNeeded: widths)) &- 1
    }

    /// The layout in which this number fits into the field.
    func widened(_ field: Int, for value: UInt64) -> Self {
        precondition(value < 1 << 40)
        var wider = self
        wider.widths[field] = UInt8((64 - value.leadingZeroBitCount + 7) / 8)
        for place in 1..<8 {
            wider.offsets[place] = wider.offsets[place - 1] + wider.widths[place - 1]
        }
        wider.stride = Int(wider.offsets[7] + wider.widths[7])
        return wider
    }
}
