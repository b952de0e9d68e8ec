// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import CairnLSN
internal import CairnSegments

/// Holds truncation back: records after a certain LSN stay in the log, up to a limit.
///
/// The limit keeps a reader that stopped from filling the disk: when truncation finds that a pin alone keeps
/// more bytes of segments than its limit, the pin lapses, and those segments go. The reader then gets
/// `.changesGone`.
///
/// A pin holds as long as the object lives, or until ``release()``. It is not kept on disk: a reader that needs one
/// after the log was opened again makes it before the next checkpoint.
public final class LogPin: Sendable {
    private let core: LogCore
    private let number: UInt64

    init(_ core: LogCore, number: UInt64) {
        self.core = core
        self.number = number
    }

    deinit { release() }

    /// The end of the reader; later records stay. Nil when the pin lapsed or was released.
    public var lsn: LSN? { core.state.withLock { $0.retention.pins[number] } }

    /// Releases the records at or below `lsn`. A pin never moves back, and stays lapsed once it lapsed.
    public func advance(to lsn: LSN) {
        core.state.withLock { $0.retention.pins.advance(number, to: lsn) }
    }

    /// Gives everything free.
    public func release() {
        core.state.withLock { $0.retention.pins.remove(number) }
    }
}

extension WriteAheadLog {
    /// Keeps the records after `lsn` from truncation.
    ///
    /// - Parameters:
    ///   - lsn: The last LSN that may be dropped.
    ///   - byteCountMax: How many bytes of segments, that could be removed otherwise, the pin may
    ///     keep at most.
    /// - Throws: ``LogError`` with code `.changesGone` when it was truncated already.
    public func pin(at lsn: LSN, byteCountMax: UInt64) throws(LogError) -> LogPin {
        try core.state.withLock { (state) throws(LogError) in
            let first = state.segmentNames.first?.baseLSN ?? .first
            guard first.predecessor <= lsn else { throw LogError(code: .changesGone, lsn: first) }
            return LogPin(core, number: state.retention.pins.add(lsn, byteCountMax: byteCountMax))
        }
    }
}
