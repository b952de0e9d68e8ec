// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a child process is to do. It finds it in a file that bears the number of its parent: the bodies
/// of exit tests capture nothing before Swift 6.3.
struct KillPlan: Codable {
    /// Where the store is.
    var folder: String
    /// The call to die at.
    var call = Int.max
    /// How: a ``KillSwitch/Manner``.
    var manner = 0
    /// When to die, if not at a call.
    var microseconds = 0

    private static func path(_ parent: Int32) -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("cairn-kill-plan-\(parent)").path
    }

    /// Writes the plan for the next child of this process.
    func hand() throws {
        try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: Self.path(getpid())))
    }

    /// The plan that the parent of this process wrote.
    static func take() throws -> KillPlan {
        try JSONDecoder().decode(
            Self.self, from: Data(contentsOf: URL(fileURLWithPath: path(getppid()))))
    }

    static func forget() { try? FileManager.default.removeItem(atPath: path(getpid())) }

    var workload: KernelWorkload { KernelWorkload(folder: folder) }

    var killSwitch: KillSwitch {
        KillSwitch(KillSwitch.Place(call: call, manner: .init(rawValue: manner) ?? .before))
    }
}
