// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// A set whose files are changed in turn, each by itself.
struct SetSweep {
    /// The name of the case.
    let base: String
    let operations: [SweepOperation]
    /// The place of the one file that is changed; nil for all of them, and then each is also left out once.
    let file: Int?
    /// The bytes of that file that are changed.
    let range: Range<Int>?

    /// How vectors call it that file *n* is left out.
    static let removal = "remove"

    init(
        _ base: String, _ operations: [SweepOperation], file: Int? = nil, _ range: Range<Int>? = nil
    ) {
        self.base = base
        self.operations = operations
        self.file = file
        self.range = range
    }

    /// One operation on one file, or the removal of each.
    struct Part: Sendable {
        let base: SetCase
        let name: String
        let file: Int?
        let operation: SweepOperation?
        let range: Range<Int>

        /// The files at an index. `repaired` makes the checksums of a file right.
        func files(_ index: Int, _ repaired: (SetFile) -> [UInt8]) -> [SetFile] {
            guard let file, let operation else { return base.files.without(index) }
            return base.files.replacing(file) { bytes in
                let changed = operation.apply(index, to: bytes)
                guard operation == .flipAndRepair else { return changed }
                return repaired(SetFile(base.files[file].path, changed))
            }
        }
    }

    func parts(_ base: SetCase) -> [Part] {
        var parts: [Part] = []
        for (place, file) in base.files.enumerated() where self.file ?? place == place {
            for operation in operations {
                let bytes = range ?? 0..<(file.bytes?.count ?? 0)
                parts.append(
                    Part(
                        base: base, name: "\(base.name)-file-\(place + 1)-\(operation.rawValue)",
                        file: place, operation: operation, range: operation.indices(bytes)))
            }
        }
        guard file == nil else { return parts }
        parts.append(
            Part(
                base: base, name: "\(base.name)-\(Self.removal)", file: nil, operation: nil,
                range: 0..<base.files.count))
        return parts
    }
}
