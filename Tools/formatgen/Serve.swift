// SPDX-License-Identifier: Apache-2.0
//
// The shipped code as a testee of the conformance suite: `Tools/conformance/README.md` says the protocol.

import ArgumentParser
import CAllocationMeter
import CairnFormat
import CairnFormats
import CairnInterpreter
import Foundation

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer the conformance suite on standard input with what the shipped code says.")

    func run() throws {
        while let line = readLine() {
            guard !line.isEmpty else { continue }
            try FileHandle.standardOutput.write(
                contentsOf: Data((Testee.answer(to: line) + "\n").utf8))
        }
    }
}

/// Answers requests of the conformance suite with the codecs that ship.
enum Testee {
    /// The answer to a line, as a line.
    static func answer(to line: String) throws -> String {
        let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8))
        guard let request = parsed as? [String: Any] else { throw ValidationError("no object") }
        guard let id = request["id"] as? Int else { return greeting.line }
        guard let format = request["format"] as? String,
            let modes = request["modes"] as? [String]
        else { throw ValidationError("no request") }
        let chosen = modes.compactMap(ReadingMode.init)
        let (outcomes, allocated): (ProductionReader.Outcomes, Int)
        if let files = request["files"] as? [[String: Any]] {
            let set = files.map { file in
                SetFile(file["name"] as? String ?? "", (file["bytes"] as? String).map(bytes))
            }
            if let reason = SetPaths.defect(of: set) {
                return JSON.members(("id", .int(id)), ("failed", .string(reason))).line
            }
            (outcomes, allocated) = try metered { try store(set, chosen) }
        } else {
            let bytes = Self.bytes(request["bytes"] as? String ?? "")
            let context = (request["context"] as? [String: Any] ?? [:]).compactMapValues(known)
            (outcomes, allocated) = metered { ProductionReader.outcomes(format, bytes, context) }
        }
        let told = chosen.compactMap { mode in
            outcomes[mode].map { JSON.Member(name: mode.rawValue, value: $0.json(nil)) }
        }
        return JSON.members(
            ("id", .int(id)), ("outcomes", .object(told)),
            ("allocated", meter_works() ? .int(allocated) : nil)
        ).line
    }

    private static var greeting: JSON {
        .members(
            ("protocol", .int(1)), ("name", .string("Cairn")), ("version", .string("1.0")),
            ("formats", .array(FormatCatalog.formats.map { .string($0.name) })),
            ("modes", .array(ReadingMode.allCases.map { .string($0.rawValue) })),
            ("reports", .array(meter_works() ? [.string("allocated")] : [])))
    }

    /// What `body` gives, and the most bytes that it held at once.
    static func metered<Result>(_ body: () throws -> Result) rethrows -> (Result, Int) {
        meter_begin()
        defer { _ = meter_end() }
        let result = try body()
        return (result, Int(meter_end()))
    }

    private static func store(
        _ set: [SetFile], _ modes: [ReadingMode]
    ) throws -> ProductionReader.Outcomes {
        try ProductionStore(set).outcomes(modes).outcomes.mapValues(\.outcome)
    }

    private static func known(_ form: Any) -> DynamicValue? {
        if let number = form as? Int { return .int(Int128(number)) }
        guard let form = form as? [String: String], let (kind, content) = form.first else {
            return nil
        }
        switch kind {
        case "hex": return .bytes(bytes(content))
        case "text": return .text(content)
        default: return Int128(content).map(DynamicValue.int)
        }
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).map { index in
            func value(_ digit: UInt8) -> UInt8 { digit < 0x3a ? digit - 0x30 : digit - 0x57 }
            return value(digits[index]) << 4 | value(digits[index + 1])
        }
    }
}
