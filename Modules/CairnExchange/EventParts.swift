// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The data of a line, split between the event that creates and the events that follow it.
///
/// An event has at most 64 MiB, the names of its properties included. A node may take more than that, since they may
/// have come one by one: the large ones come one by one again.
struct EventParts {
    private(set) var labels: [String]
    private(set) var laterLabels: ArraySlice<String> = []
    private(set) var properties: Properties
    /// Ascending by the bytes of their keys.
    private(set) var laterProperties: [(key: String, value: Value)] = []

    /// So many bytes of properties, and of labels, come with the first event.
    private static let byteCountMax = 4 << 20

    /// - Parameter isLong: False for a line whose text is shorter than the bound.
    init(_ line: JSONLine, isLong: Bool) {
        labels = line.labels
        properties = line.properties
        guard isLong else { return }
        var byteCount = 0
        let count = labels.prefix { label in
            byteCount += label.utf8.count
            return byteCount <= Self.byteCountMax
        }.count
        laterLabels = labels[count...]
        labels.removeLast(labels.count - count)
        byteCount = 0
        let bySize = line.properties.map { ($0.key, $0.value, Self.byteCount($0.value)) }
            .sorted { ($0.2, $0.0) < ($1.2, $1.0) }
        for (key, value, size) in bySize {
            byteCount += key.utf8.count + size
            guard byteCount > Self.byteCountMax else { continue }
            properties[key] = nil
            laterProperties.append((key, value))
        }
        laterProperties.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// About how many bytes a value takes.
    private static func byteCount(_ value: Value) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .list(let values): values.reduce(8) { $0 + byteCount($1) }
        case .map(let values): values.reduce(8) { $0 + $1.key.utf8.count + byteCount($1.value) }
        case .vector(let vector): 8 * vector.count
        default: 16
        }
    }
}
