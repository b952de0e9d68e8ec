// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import Foundation
import SystemPackage

/// A state in which a torn or half read one shows: the sum is that of the numbers up to the last, and the recent ones
/// are its last numbers.
struct SoakLedger: DurableState, Codable {
    var last = 0
    var sum = 0
    var recent: [Int] = []
    /// Makes snapshots take some time.
    var ballast: [String: Int] = [:]

    enum Event: DurableEvent, Codable {
        case next(Int, padding: String)
    }

    mutating func apply(_ event: Event) {
        guard case .next(let number, let padding) = event else { return }
        last = number
        sum += number
        recent.append(number)
        if recent.count > 8 { recent.removeFirst() }
        ballast["\(number % 2_000)"] = padding.utf8.count
    }

    /// What is wrong with it, if anything is.
    var complaint: String? {
        guard sum == last * (last + 1) / 2 else {
            return "the sum \(sum) is not that up to \(last)"
        }
        let first = max(1, last - recent.count + 1)
        guard recent == (last == 0 ? [] : Array(first...last)) else {
            return "the recent ones \(recent) do not end at \(last)"
        }
        return nil
    }

    static func options(_ access: FileAccess) -> LogOptions {
        var options = LogOptions()
        options.access = access
        options.segmentByteCount = 48 << 10
        return options
    }
}

/// Numbers that processes tell one another, beside the store: each written in one piece.
struct SoakBoard {
    let folder: String

    func path(_ name: String) -> String { folder + "/" + name }

    func write(_ name: String, _ number: Int) {
        let descriptor = open(path(name), O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var value = Int64(number)
        _ = pwrite(descriptor, &value, 8, 0)
    }

    func read(_ name: String) -> Int {
        let descriptor = open(path(name), O_RDONLY)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var value: Int64 = 0
        return pread(descriptor, &value, 8, 0) == 8 ? Int(value) : 0
    }
}
