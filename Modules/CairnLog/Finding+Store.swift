// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnSegments
internal import SystemPackage

extension Finding {
    /// The finding of a file that holds the files of a store, and cannot be read.
    init(container error: StorageError) {
        let verdict: Verdict =
            switch error.code {
            case .unsupportedVersion: .unsupportedVersion
            case .notAContainer: .notALog
            default: .corruption
            }
        self.init(
            verdict: verdict, file: error.path.lastComponent?.string ?? ".", offset: error.offset,
            meaning: error.description)
    }

    /// The finding of a directory without a log.
    static func noStore(in store: StoreDirectory) -> Finding {
        Finding(
            verdict: .notALog, file: ".", meaning: "there is no store in \(store.root.path)")
    }
}
