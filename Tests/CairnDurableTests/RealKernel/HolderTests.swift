// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import Foundation
import SystemPackage
import Testing

extension RealKernelTests {
    @Suite(.serialized) struct HolderTests {}
}

extension RealKernelTests.HolderTests {
    /// Another process has the store: opening fails at once and names it. When that process is killed,
    /// the lock is free, whatever the lock file still says.
    @Test(.timeLimit(.minutes(1)))
    func anotherProcessIsNamedAndItsDeathFreesTheStore() async throws {
        try await withFolder { folder in
            let workload = KernelWorkload(folder: folder)
            try KillPlan(folder: folder).hand()
            let child = Task { () async -> Void in
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    let workload = try KillPlan.take().workload
                    let store = try workload.open()
                    try workload.commitNext(store, writer: 0)
                    try Data("\(getpid())".utf8).write(
                        to: URL(fileURLWithPath: workload.folder + "/ready"), options: .atomic)
                    while true { sleep(1) }
                }
            }
            let holder = try await number(in: folder + "/ready")
            let clock = ContinuousClock()
            let start = clock.now
            var refusal: DurableError?
            do { try await workload.open().close() } catch let error as DurableError {
                refusal = error
            }
            #expect(clock.now - start < .seconds(2))
            #expect(refusal?.cause?.code == .locked)
            #expect(refusal?.cause?.holder == holder)
            #expect(refusal?.description.contains("process \(holder)") == true)
            // Readers do get in beside a writer.
            var options = workload.options
            options.access = .readOnly
            let reader = try Durable<Ledger>.open(FilePath(workload.store), options: options)
            let seen = await reader.read { $0.numbers[0] }
            #expect(seen == [1])
            kill(holder, SIGKILL)
            await child.value
            let lock = try String(contentsOfFile: workload.store + "/LOCK", encoding: .utf8)
            #expect(lock == "pid \(holder)\n")
            let store = try workload.open()
            let numbers = await store.read { $0.numbers[0] }
            #expect(numbers == [1])
            try await store.close()
        }
        KillPlan.forget()
    }

    /// The number that a child writes into a file when it is ready.
    private func number(in path: String) async throws -> Int32 {
        while true {
            if let text = try? String(contentsOfFile: path, encoding: .utf8),
                let number = Int32(text)
            {
                return number
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
