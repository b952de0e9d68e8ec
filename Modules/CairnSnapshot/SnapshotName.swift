// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN

/// The names of the files in a snapshot directory. Files with other names are not touched.
///
/// - `<fence>.snap`: a whole snapshot.
/// - `<fence>.snap.<16 hex digits>.creating`: one that is being written, or was when a process died.
/// - `<fence>.snap.<16 hex digits>.damaged`: one that did not verify, kept as evidence.
enum SnapshotName: Hashable {
    case snapshot(LSN)
    case creating(LSN, UInt64)
    case damaged(LSN, UInt64)

    init?(_ name: FileName) {
        let parts = name.string.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 4, let fence = Self.fence(parts[0]),
            parts[1].elementsEqual("snap".utf8)
        else { return nil }
        if parts.count == 2 {
            self = .snapshot(fence)
            return
        }
        guard let tag = Self.tag(parts[2]) else { return nil }
        switch String(decoding: Array(parts[3]), as: UTF8.self) {
        case "creating": self = .creating(fence, tag)
        case "damaged": self = .damaged(fence, tag)
        default: return nil
        }
    }

    var fileName: FileName {
        let text =
            switch self {
            case .snapshot(let fence): "\(Self.digits(fence)).snap"
            case .creating(let fence, let tag):
                "\(Self.digits(fence)).snap.\(Self.hex(tag)).creating"
            case .damaged(let fence, let tag): "\(Self.digits(fence)).snap.\(Self.hex(tag)).damaged"
            }
        return FileName(stringLiteral: text)
    }

    private static func fence(_ digits: Substring.UTF8View) -> LSN? {
        digits.count == 20 ? LSN(String(decoding: Array(digits), as: UTF8.self)) : nil
    }

    private static func tag(_ digits: Substring.UTF8View) -> UInt64? {
        let isHex = digits.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        guard digits.count == 16, isHex else { return nil }
        return UInt64(String(decoding: Array(digits), as: UTF8.self), radix: 16)
    }

    private static func digits(_ fence: LSN) -> String { padded(fence.description, 20) }

    private static func hex(_ tag: UInt64) -> String { padded(String(tag, radix: 16), 16) }

    private static func padded(_ digits: String, _ count: Int) -> String {
        String(repeating: "0", count: count - digits.utf8.count) + digits
    }
}
