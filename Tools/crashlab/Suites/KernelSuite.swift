// SPDX-License-Identifier: Apache-2.0
//
// A disk that fails does not only fail where bytes are read and written. When the kernel cannot say what a file is,
// that is an error: taken for "no file of ours", it turns a segment or a snapshot into a stranger, and a store with a
// history into one without.

import CSystemFaults
import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSnapshot
import CairnTesting
import Foundation
import SystemPackage

struct KernelSuite: Suite {
    static let name = "kernel"
    static let summary = "on the real kernel: each call for the status of a file fails once"

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let store = try KernelStore()
        defer { store.remove() }
        let honest = try store.open(failingAt: -1)
        var figures = Figures()
        guard honest.isSupported else {
            figures["left out"] += 1
            return figures
        }
        for call in 0..<honest.callCount {
            figures["faults"] += 1
            do {
                try check(call, of: store, honest, &figures)
            } catch {
                var line = Reproduction(Self.name, Configuration(), Workload([]), "\(call)")
                line.bug = laboratory.bug?.name ?? ""
                figures.found(Violation(reason: "\(error)", reproduction: line))
            }
        }
        return figures
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        guard let call = Int(reproduction.detail) else {
            throw Complaint("no such call: \(reproduction.detail)")
        }
        let store = try KernelStore()
        defer { store.remove() }
        var figures = Figures()
        try check(call, of: store, try store.open(failingAt: -1), &figures)
    }

    private func check(
        _ call: Int, of store: KernelStore, _ honest: KernelStore.Outcome, _ figures: inout Figures
    ) throws {
        let before = try store.contents()
        let outcome = try store.open(failingAt: call)
        if let error = outcome.error {
            figures["refused"] += 1
            guard error.code == .io, error.finding == nil else {
                throw Complaint("status call \(call) failed, and opening says: \(error)")
            }
        } else {
            figures["opened"] += 1
            guard outcome.state == honest.state, outcome.fence == honest.fence else {
                throw Complaint("status call \(call) failed, and another snapshot was read")
            }
        }
        guard try store.contents() == before else {
            throw Complaint("status call \(call) failed, and a file was changed")
        }
    }
}

/// A store with snapshots and a log on the file system of the machine.
private struct KernelStore {
    struct Outcome: Sendable {
        var isSupported = true
        var callCount = 0
        var state: Ledger?
        var fence: SnapshotFence?
        var error: DurableError?
    }

    private let path: FilePath

    /// Without files that a thread makes in the background.
    private static let options: LogOptions = {
        var options = LogOptions()
        options.preparesSegments = false
        return options
    }()

    init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("crashlab-\(UUID().uuidString)")
        let store = try Durable<Ledger>.open(path, options: Self.options)
        for number in 1...3 {
            for _ in 0..<4 { try store.commit(Ledger.Event(number: UInt64(number), byteCount: 40)) }
            try store.checkpoint()
        }
        try store.commit(Ledger.Event(number: 4, byteCount: 40))
        try store.close()
    }

    func remove() { try? FileManager.default.removeItem(atPath: path.string) }

    /// Opens it for writing in a thread of its own, in which one call for a status fails.
    func open(failingAt call: Int) throws -> Outcome {
        let found = Locked(Outcome())
        let thread = try BackgroundThread { [path] in
            var outcome = Outcome()
            outcome.isSupported = cairn_fail_status_call(Int32(call), EIO) == 0
            do throws(DurableError) {
                let store = try Durable<Ledger>.open(path, options: Self.options)
                outcome.callCount = Int(cairn_status_call_count())
                outcome.state = store.read { $0 }
                outcome.fence = store.recovery.snapshotFence
                try store.close()
            } catch {
                outcome.error = error
            }
            found.withLock { $0 = outcome }
        }
        thread.join()
        return found.withLock { $0 }
    }

    /// The files but the lock, which says who has the store open.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        let files = FileManager.default.enumerator(atPath: path.string)
        for case let name as String in files ?? .init() where name != "LOCK" {
            contents[name] = FileManager.default.contents(atPath: path.string + "/" + name)
        }
        return contents
    }
}
