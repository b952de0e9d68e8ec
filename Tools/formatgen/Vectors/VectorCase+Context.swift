// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

extension VectorCase {
    /// A file in the form of a snapshot, read by a caller that knows its log and the number in its name.
    ///
    /// - Parameters:
    ///   - whole: A valid file of the fence 7.
    ///   - number: What the format calls that number.
    static func contexts(of whole: [UInt8], number: String) -> [VectorCase] {
        [
            VectorCase(
                "right-context", .good, .context, expect: nil, whole,
                context: ["expectedLogID": .bytes(SnapshotForge.logID), "expectedFence": .int(7)],
                "Log and \(number) are those that the caller means."),
            VectorCase(
                "foreign-log", .context, expect: "foreignLog", whole,
                context: ["expectedLogID": .bytes([UInt8](repeating: 9, count: 16))],
                "The file belongs to another log."),
            VectorCase(
                "wrong-name", .context, expect: "wrongName", whole,
                context: ["expectedFence": .int(8)],
                "The name of the file says another \(number) than its header."),
        ]
    }
}
