// SPDX-License-Identifier: Apache-2.0
//
// What is fuzzed. Every target keeps invariant I12: any bytes give a typed error or a value, and beyond
// that what each one says of itself. None of them knows libFuzzer, so the tests run them, too, on
// the committed corpus.

/// One way into the code for bytes that are not trusted.
struct FuzzTarget: Sendable {
    /// As the command line calls it.
    let name: String
    /// The code that it feeds, and the conditions that must hold.
    let purpose: String
    /// No single allocation of a run may be larger. Inputs have at most ``inputByteCountMax`` bytes.
    var allocationByteCountMax = 8 << 20
    /// Runs one input.
    let run: @Sendable (RawSpan) throws(BrokenInvariant) -> Void
    /// Inputs to start from: the same on every call.
    let seeds: @Sendable () -> [[UInt8]]

    /// The longest input that `Tools/Fuzzing/run` asks for.
    static let inputByteCountMax = 16 << 10

    static let all = [
        frame, segment, batch, inflate, value, graph, snapshot, jsonLines, dpkg, store, query,
        container, copies, encrypted,
    ]
}

/// Something that must hold did not.
struct BrokenInvariant: Error {
    let meaning: String
}

/// Throws unless `condition` holds.
func require(
    _ condition: Bool, _ meaning: @autoclosure () -> String
) throws(BrokenInvariant) {
    guard condition else { throw BrokenInvariant(meaning: meaning()) }
}

/// Runs `body`, which must not fail.
func mustSucceed<Result>(
    _ meaning: String, _ body: () throws -> Result
) throws(BrokenInvariant) -> Result {
    do {
        return try body()
    } catch {
        throw BrokenInvariant(meaning: "\(meaning): \(error)")
    }
}
