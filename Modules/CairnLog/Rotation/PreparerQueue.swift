// SPDX-License-Identifier: Apache-2.0

/// The work of the preparer, the thread that prepares segments.
struct PreparerQueue {
    var count = 0
    var writeback: Writeback.Part?
    var isStopping = false

    enum Order {
        case prepare
        case writeBack(Writeback.Part)
        case stop
    }

    mutating func next() -> Order? {
        if isStopping { return .stop }
        if let part = writeback.take() { return .writeBack(part) }
        guard count > 0 else { return nil }
        count -= 1
        return .prepare
    }
}
