// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
public import CairnFormat
public import CairnIO
public import CairnLSN
public import CairnLog
public import SystemPackage

extension WalRecorder {
    /// Opens the log in the directory at `path` and hands every committed event to `replay`, in order.
    ///
    /// On return everything that was replayed is durable, and the recorder takes writes.
    ///
    /// ```swift
    /// var totals: [String: Int] = [:]
    /// let recorder = try WalRecorder.open("store", replaying: Sale.self) { sale in
    ///     totals[sale.product, default: 0] += sale.count
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - event: The type of the events.
    ///   - mirror: Follows the log from now on.
    ///   - fence: What the host has already, such as the fence of a snapshot that it loaded; only what was
    ///     committed after it is replayed.
    ///   - replay: Takes one event. What it throws ends the opening, with nothing changed.
    /// - Throws: ``/CairnLog/LogError``, as ``/CairnLog/WriteAheadLog`` does; ``RecorderError`` with code
    ///   `.unreadableEvent` for an event that is no `Event`; or what `replay` throws.
    public static func open<Event: EventDecodable>(
        _ path: FilePath, replaying event: Event.Type, mirror: (any WalMirror)? = nil,
        options: LogOptions = LogOptions(), environment: StorageEnvironment = .system,
        after fence: ReplayFence = ReplayFence(), _ replay: (Event) throws -> Void
    ) throws -> WalRecorder {
        let log = try WriteAheadLog.open(
            path, options: options, environment: environment, after: fence
        ) { batch, transaction in
            func unreadable(_ error: FormatError) -> RecorderError {
                RecorderError(
                    code: .unreadableEvent, lsn: transaction.commitLSN, format: error)
            }
            var reader: BatchReader
            do throws(FormatError) { reader = try BatchReader(batch) } catch {
                throw unreadable(error)
            }
            while true {
                let next: Event?
                do throws(FormatError) { next = try reader.nextEvent(Event.self) } catch {
                    throw unreadable(error)
                }
                guard let next else { return }
                try replay(next)
            }
        }
        return WalRecorder(log: log, mirror: mirror)
    }

    /// Opens the log in the directory at `path`; see the other method.
    public static func open<Event: EventDecodable>(
        _ path: String, replaying event: Event.Type, mirror: (any WalMirror)? = nil,
        options: LogOptions = LogOptions(), environment: StorageEnvironment = .system,
        after fence: ReplayFence = ReplayFence(), _ replay: (Event) throws -> Void
    ) throws -> WalRecorder {
        try open(
            FilePath(path), replaying: event, mirror: mirror, options: options,
            environment: environment, after: fence, replay)
    }

    /// The report of the opening of the log: what was read, replayed and repaired.
    public var recovery: RecoveryReport { log.recovery }
}
