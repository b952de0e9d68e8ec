// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
package import CairnSnapshot

/// The content of a file of `programs/`; `Docs/Formats/program.md` describes it.
package enum ProgramFile {
    /// The section with the program.
    package static let section: UInt32 = 1
    package static let nameField = "name"
    package static let versionField = "version"

    /// Writes a program as the only section.
    static func write(
        _ program: StoreProgram, to writer: inout SnapshotWriter
    ) throws(SnapshotError) {
        try CodableSnapshot.write(program, section, to: &writer)
    }

    /// Reads the program that a file names.
    ///
    /// - Throws: ``SnapshotError``, when the file names none as well.
    package static func read(
        from reader: inout SnapshotReader
    ) throws(SnapshotError) -> StoreProgram {
        var program: StoreProgram?
        try reader.forEachRun(of: section) { run throws(FormatError) in
            guard program == nil else {
                throw FormatError(code: .trailingBytes, offset: run.offset)
            }
            program = try read(from: &run)
        }
        guard let program else {
            throw reader.failure(FormatError(code: .truncated, offset: 0))
        }
        return program
    }

    private static func read(from run: inout ByteReader) throws(FormatError) -> StoreProgram {
        let start = run.offset
        let symbols = try SymbolTable(from: &run)
        let base = run.offset
        var decoder = EventDecoder(
            try run.take(run.remaining), symbols: symbols, baseOffset: base)
        guard case .object(let fields) = try CodedValue(from: &decoder),
            case .string(let name) = fields[nameField], !name.isEmpty,
            case .int(let number) = fields[versionField], number >= 1,
            let version = Int(exactly: number)
        else { throw FormatError(code: .invalidValue, offset: start) }
        try decoder.bytes.expectEnd()
        return StoreProgram(name: name, version: version)
    }
}
