// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnSegments

/// Tells an observer how much of a log was read.
struct OpeningMeter {
    private static let stepByteCount: UInt64 = 1 << 20

    private let observer: OpeningObserver?
    private let byteCounts: [SegmentName: UInt64]
    private let total: UInt64?
    /// The bytes of the segments before the one at hand.
    private var before: UInt64 = 0
    private var current: SegmentName?
    /// From which offset of the segment at hand on the observer is to be told.
    private(set) var due: UInt64 = .max

    /// A meter for the segments that are there now.
    init(_ observer: OpeningObserver?, _ segments: SegmentDirectory) throws(LogError) {
        self.observer = observer
        var byteCounts: [SegmentName: UInt64] = [:]
        if observer != nil {
            do {
                for name in try segments.names() {
                    byteCounts[name] = try segments.open(name, .readOnly).byteCount()
                }
            } catch let error as StorageError {
                throw LogError(error)
            } catch {
                preconditionFailure("an error that no directory throws: \(error)")
            }
        }
        self.byteCounts = byteCounts
        total = byteCounts.values.reduce(0, +)
    }

    /// A meter for a log that a writer in another process extends.
    init(besideWriter observer: OpeningObserver?) {
        self.observer = observer
        byteCounts = [:]
        total = nil
        due = observer == nil ? .max : Self.stepByteCount
    }

    /// Begins the next segment.
    mutating func begin(_ name: SegmentName) {
        guard observer != nil else { return }
        before += current.flatMap { byteCounts[$0] } ?? 0
        current = name
        due = Self.stepByteCount
    }

    /// Says that the segment at hand was read up to `offset`, which is due.
    ///
    /// - Throws: ``LogError`` with code `.cancelled`.
    @inline(never)
    mutating func report(_ offset: UInt64) throws(LogError) {
        due = offset + Self.stepByteCount
        try tell(before + offset)
    }

    /// Says that everything was read.
    func finish(_ readByteCount: UInt64 = 0) throws(LogError) { try tell(total ?? readByteCount) }

    private func tell(_ readByteCount: UInt64) throws(LogError) {
        guard let observer else { return }
        do throws(CancellationError) {
            try observer(.init(.log, readByteCount: readByteCount, byteCount: total))
        } catch {
            throw LogError(code: .cancelled)
        }
    }
}
