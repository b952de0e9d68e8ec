// SPDX-License-Identifier: Apache-2.0

/// One result: named numbers and words, in the order in which they were added.
public struct ResultLine: Sendable {
    /// The value of a field.
    public enum Field: Hashable, Sendable {
        case text(String)
        case number(Double)
        case count(UInt64)
        case flag(Bool)
    }

    /// The fields, in order.
    public private(set) var fields: [(name: String, value: Field)] = []

    /// A result of a workload.
    public init(workload: String, peer: String) {
        self["workload"] = .text(workload)
        self["peer"] = .text(peer)
    }

    /// A field; nil when there is none of the name.
    public subscript(name: String) -> Field? {
        get { fields.first { $0.name == name }?.value }
        set {
            let index = fields.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Adds how much was done in a time.
    public mutating func setRates(
        operations: UInt64, bytes: UInt64, nanoseconds: UInt64
    ) {
        let seconds = Double(max(nanoseconds, 1)) / 1e9
        self["ops_per_s"] = .number(Double(operations) / seconds)
        self["mb_per_s"] = .number(Double(bytes) / seconds / 1e6)
        self["seconds"] = .number(seconds)
        self["operations"] = .count(operations)
    }

    /// Adds what a histogram knows.
    public mutating func setLatency(_ histogram: LatencyHistogram) {
        func microseconds(_ share: Double) -> Field? {
            histogram.nanoseconds(atShare: share).map { .number(Double($0) / 1000) }
        }
        self["p50_us"] = microseconds(0.5)
        self["p99_us"] = microseconds(0.99)
        self["p999_us"] = microseconds(0.999)
        if histogram.count > 0 {
            self["max_us"] = .number(Double(histogram.maxNanoseconds) / 1000)
        }
    }

    /// The result as a JSON object on one line, without a line break.
    public var json: String {
        "{" + fields.map { "\(Self.quoted($0.name)):\(Self.json($0.value))" }.joined(separator: ",")
            + "}"
    }

    /// The result as a person reads it.
    public var text: String {
        fields.map { field in
            switch field.value {
            case .text(let text): field.name == "workload" ? "\(text):" : text
            case .number(let number): "\(field.name) \(Self.rounded(number))"
            case .count(let count): "\(field.name) \(count)"
            case .flag(let flag): "\(field.name) \(flag ? "yes" : "no")"
            }
        }.joined(separator: "  ")
    }

    private static func json(_ value: Field) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): rounded(number)
        case .count(let count): "\(count)"
        case .flag(let flag): flag ? "true" : "false"
        }
    }

    /// A number with three decimals at most, below one with six: a question may take a thousandth of a millisecond. Null
    /// when JSON has no way to write it.
    static func rounded(_ number: Double) -> String {
        guard number.isFinite else { return "null" }
        guard number.magnitude < 1e12 else { return "\(number)" }
        let unit: UInt64 = number.magnitude < 1 ? 1_000_000 : 1000
        let units = Int64((number * Double(unit)).rounded())
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: unit)
        let sign = units < 0 ? "-" : ""
        guard rest != 0 else { return "\(sign)\(whole)" }
        var digits = "\(rest + unit)".dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }

    /// A string as JSON writes it.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
