// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting

extension Bug {
    /// Bugs that are calls left out, changed, or not listened to.
    static let lies: [Bug] = [
        Bug(
            "ack-before-sync", "a commit is acknowledged before it is synced",
            "etcd 14370; NATS 2.12.1"
        ) {
            operation, target, proceed throws(StorageError) in
            if let writeOnly = target.writeOnly { try writeOnly() } else { try proceed() }
        },
        Bug(
            "segment-entry-not-synced", "a new segment's directory entry is not synced",
            "etcd 6368; raft-wal before its release"
        ) { operation, _, proceed throws(StorageError) in
            if operation.isSync(of: "/store/log") || operation.isSync(of: "/store/log.creating") {
                return
            }
            try proceed()
        },
        Bug(
            "snapshot-entry-not-synced", "no directory sync between rename and unlink",
            "LevelDB 195; RocksDB 10573"
        ) { operation, _, proceed throws(StorageError) in
            if operation.isSync(of: "/store/snapshots") { return }
            try proceed()
        },
        Bug(
            "root-entry-not-synced", "the log's own directory entry is not synced",
            "raft-wal, ALICE"
        ) {
            operation, _, proceed throws(StorageError) in
            if operation.isSync(of: "/store") { return }
            try proceed()
        },
        Bug(
            "new-segment-not-synced", "a segment gets its name before its header is durable",
            "LevelDB 189; ZOOKEEPER-2332"
        ) { operation, _, proceed throws(StorageError) in
            if operation.kind == .syncFile, operation.path.hasPrefix("/store/log"),
                operation.path.hasSuffix(".creating")
            {
                return
            }
            try proceed()
        },
        Bug(
            "snapshot-not-synced", "a snapshot gets its name before its content is durable",
            "etcd 3.5 (13766); LevelDB 189"
        ) { operation, _, proceed throws(StorageError) in
            if operation.kind == .syncFile, operation.path.hasPrefix("/store/snapshots") { return }
            try proceed()
        },
        Bug(
            "old-segment-not-synced",
            "the next segment takes commits before the last one is durable",
            "LevelDB 193; RocksDB 12918; Badger 153"
        ) { operation, _, proceed throws(StorageError) in
            if operation.kind == .syncFile, operation.path.hasSuffix(".wal") { return }
            try proceed()
        },
        Bug(
            "sync-error-ignored", "the result of a sync is ignored",
            "Redis 8111; RocksDB 7.4.0", by: "errors"
        ) {
            operation, _, proceed throws(StorageError) in
            do throws(StorageError) { try proceed() } catch {
                guard operation.kind.isSync else { throw error }
            }
        },
        Bug(
            "sync-retried", "a failed sync is called again", "PostgreSQL, fsync errors of 2018",
            by: "errors"
        ) {
            operation, _, proceed throws(StorageError) in
            do throws(StorageError) { try proceed() } catch {
                guard operation.kind.isSync else { throw error }
                try proceed()
            }
        },
        Bug(
            "write-error-ignored", "the result of a write is ignored",
            "Redis 587; RocksDB 13263", by: "errors"
        ) {
            operation, _, proceed throws(StorageError) in
            do throws(StorageError) { try proceed() } catch {
                guard operation.kind == .write else { throw error }
            }
        },
        Bug(
            "quarantine-not-synced", "the copy of what is cut is not durable before the cut",
            "etcd 21372"
        ) {
            operation, _, proceed throws(StorageError) in
            if operation.kind == .syncFile, operation.path.hasPrefix("/store/quarantine") { return }
            try proceed()
        },
        Bug(
            "torn-end-not-cut", "new records follow what is left of a torn one",
            "Kuzu 5852; etcd 5230"
        ) {
            operation, _, proceed throws(StorageError) in
            if operation.kind == .truncate { return }
            try proceed()
        },
        Bug("no-lock", "two programs write at once", "SQLite and POSIX locks", by: "threads") {
            operation, _, proceed throws(StorageError) in
            if operation.kind == .lock || operation.kind == .lockShared { return }
            try proceed()
        },
        Bug("reading-writes", "opening for reading leaves a file", "the rule I8") {
            operation, target, proceed throws(StorageError) in
            if operation.kind == .lockShared { _ = try? target.directory?.createFile("READER") }
            try proceed()
        },
        Bug(
            "strangers-removed", "unknown files are cleaned away",
            "rabbitmq/ra 589; NATS 2.12.1"
        ) {
            operation, target, proceed throws(StorageError) in
            if operation.kind == .remove { try? target.directory?.remove("README") }
            try proceed()
        },
        Bug(
            "evidence-removed", "opening cleans away what an earlier repair put into quarantine",
            "the rule I9", by: "damage"
        ) {
            operation, target, proceed throws(StorageError) in
            if operation.kind == .lock,
                let quarantine = try? target.directory?.openDirectory("quarantine")
            {
                for name in try quarantine.list().compactMap(\.name) where name != "evidence" {
                    try quarantine.remove(name)
                }
            }
            try proceed()
        },
        Bug(
            "rename-error-ignored", "the result of a rename is ignored", "LevelDB 195",
            by: "errors"
        ) {
            operation, _, proceed throws(StorageError) in
            do throws(StorageError) { try proceed() } catch {
                guard operation.kind == .rename else { throw error }
            }
        },
    ]
}

extension SimulatedOperation {
    fileprivate func isSync(of directory: String) -> Bool {
        kind == .syncDirectory && path == directory
    }
}
