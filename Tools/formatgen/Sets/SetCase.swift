// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// A set of files and what is known about it.
struct SetCase {
    let name: String
    let comment: String
    let flags: [VectorFlag]
    let files: [SetFile]
    /// What opening must say: the verdict, nil for a valid set.
    let opens: String?
    /// What verifying must say; the log alone is verified, so nothing is said where there are snapshots.
    let verifies: String?
    /// Whether verifying says the same as the description although there are snapshots: it does where they
    /// are whole and the log holds everything.
    var isVerified = false

    init(
        _ name: String, _ flag: VectorFlag, opens: String?, verifies: String?? = nil,
        _ files: [SetFile], _ comment: String
    ) {
        self.name = name
        self.comment = comment
        flags = [.fileSet, flag]
        self.files = files
        self.opens = opens
        self.verifies = verifies ?? opens
    }

    /// A set that is as writers leave it.
    static func good(_ name: String, _ files: [SetFile], _ comment: String) -> SetCase {
        valid(name, .good, files, comment)
    }

    /// A set that opens, and of which verifying says nothing.
    static func valid(
        _ name: String, _ flag: VectorFlag, _ files: [SetFile], _ comment: String
    ) -> SetCase {
        SetCase(name, flag, opens: nil, files, comment)
    }

    /// A set that opening refuses with a verdict, which is that of verifying.
    static func refused(
        _ name: String, _ flag: VectorFlag, as verdict: String, _ files: [SetFile],
        _ comment: String
    ) -> SetCase {
        SetCase(name, flag, opens: verdict, files, comment)
    }

    /// The same set, of which verifying says something, too.
    var verified: SetCase {
        var copy = self
        copy.isVerified = true
        return copy
    }

    /// The modes in which the shipped code can be asked.
    var modes: [ReadingMode] {
        files.contains { $0.path.hasPrefix("snapshots/") } && !isVerified
            ? [.recover] : ReadingMode.allCases
    }
}

extension [SetFile] {
    /// Without one of the files.
    func without(_ index: Int) -> [SetFile] {
        var files = self
        files.remove(at: index)
        return files
    }

    /// With another content for one of the files.
    func replacing(_ index: Int, _ change: ([UInt8]) -> [UInt8]) -> [SetFile] {
        var files = self
        files[index] = SetFile(files[index].path, change(files[index].bytes ?? []))
        return files
    }

    /// With some bits of one byte of one of the files flipped.
    func flipping(_ index: Int, at offset: Int, _ bits: UInt8) -> [SetFile] {
        replacing(index) { bytes in
            var copy = bytes
            copy[offset] ^= bits
            return copy
        }
    }

    /// With so many bytes less at the end of one of the files.
    func cutting(_ index: Int, by count: Int) -> [SetFile] {
        replacing(index) { [UInt8]($0.dropLast(count)) }
    }

    /// With more bytes at the end of one of the files.
    func appending(_ index: Int, _ bytes: [UInt8]) -> [SetFile] {
        replacing(index) { $0 + bytes }
    }
}
