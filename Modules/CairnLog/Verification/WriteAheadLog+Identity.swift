// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
public import CairnIO
public import CairnLSN
internal import CairnSegments

extension WriteAheadLog {
    /// The first LSN that the log in a store still holds, or will hold, by the name of its first segment; nil when there
    /// is no log.
    package static func firstLSN(
        in store: StoreDirectory, environment: StorageEnvironment
    ) throws(LogError) -> LSN? {
        let directory = LogDirectory(store: store, environment: environment)
        guard let segments = try directory.segments() else { return nil }
        do throws(SegmentError) { return try segments.names().first?.baseLSN } catch {
            throw LogError(error)
        }
    }

    /// The identity of the log in a store, as its first segment says; nil when there is no log.
    ///
    /// - Throws: ``LogError`` with code `.damaged` when that segment cannot be read, or `.io`.
    public static func identity(
        in store: StoreDirectory, environment: StorageEnvironment = .system
    ) throws(LogError) -> LogID? {
        let directory = LogDirectory(store: store, environment: environment)
        guard let segments = try directory.segments() else { return nil }
        do throws(SegmentError) {
            guard let name = try segments.names().first else { return nil }
            return try SegmentReader(segments.open(name, .readOnly), name: name).header.logID
        } catch {
            guard error.code != .io else { throw LogError(error) }
            let verdict: Verdict =
                error.code == .notALog
                ? .notALog : error.code == .unsupportedVersion ? .unsupportedVersion : .corruption
            throw LogError(
                code: .damaged,
                finding: Finding(
                    verdict: verdict, file: error.name.map { "log/\($0)" } ?? "log",
                    segment: error.name?.segment, offset: error.offset, lsn: error.name?.baseLSN,
                    meaning: error.description))
        }
    }
}
