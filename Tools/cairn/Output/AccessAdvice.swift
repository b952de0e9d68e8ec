// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnIO
internal import CairnLog
internal import CairnRecorder
internal import CairnSegments
internal import CairnSnapshot
internal import Foundation
internal import SystemPackage

/// Advice for a file of a store that this process may not open: whose it is, and who can give it back.
///
/// A command that another user ran, root above all, leaves files of that user in the store: the new segment, the
/// new snapshot. The owner of the store is locked out by them from then on.
struct AccessAdvice {
    let text: String

    private static let folders: Set<String> = [
        "log", "log.creating", "snapshots", "programs", "quarantine",
    ]

    /// - Returns: Nil for an error of another kind, and when nothing can be seen of the file.
    init?(_ error: any Error) {
        guard let cause = Self.cause(of: error), cause.code == .permissionDenied else { return nil }
        // A directory above may be closed, too; then that one is to blame.
        var path = cause.path
        while true {
            if let facts = Facts(path) {
                let name = path == cause.path ? "it" : path.string
                text = facts.text(name, store: Self.store(of: cause.path).string)
                return
            }
            let above = path.removingLastComponent()
            guard !above.isEmpty, above != path else { return nil }
            path = above
        }
    }

    private static func cause(of error: any Error) -> StorageError? {
        switch error {
        case let error as StorageError: error
        case let error as LogError: error.cause
        case let error as SnapshotError: error.cause
        case let error as SegmentError: error.cause
        case let error as RecorderError: error.cause?.cause
        case let error as DurableError: error.cause
        default: nil
        }
    }

    /// The directory of the store that a path lies in, or is.
    private static func store(of path: FilePath) -> FilePath {
        if folders.contains(path.lastComponent?.string ?? "") {
            return path.removingLastComponent()
        }
        let above = path.removingLastComponent()
        if folders.contains(above.lastComponent?.string ?? "") {
            return above.removingLastComponent()
        }
        return path.lastComponent?.string == StoreDirectory.lockName.string ? above : path
    }

    /// Who owns a file, and what its mode is.
    struct Facts {
        let owner: String
        let mode: Int
        /// Who runs this process.
        let user: String

        init(owner: String, mode: Int, user: String) {
            self.owner = owner
            self.mode = mode
            self.user = user
        }

        /// Nil when nothing can be seen of the file.
        init?(_ path: FilePath) {
            guard let found = try? FileManager.default.attributesOfItem(atPath: path.string),
                let mode = found[.posixPermissions] as? NSNumber,
                let id = found[.ownerAccountID] as? NSNumber
            else { return nil }
            owner = found[.ownerAccountName] as? String ?? "user \(id)"
            self.mode = mode.intValue
            let name = getpwuid(geteuid()).flatMap { $0.pointee.pw_name }
            user = name.map { String(cString: $0) } ?? "user \(geteuid())"
        }

        /// A part of a sentence.
        func text(_ name: String, store: String) -> String {
            let digits = "0" + String(mode, radix: 8)
            if owner == user {
                return "\(name) belongs to \(owner) with mode \(digits): chmod -R u+rwX \(store)"
            }
            return
                "\(name) belongs to \(owner) with mode \(digits), and this process runs as \(user): "
                + "let \(owner) run chown -R \(user) \(store)"
        }
    }
}
