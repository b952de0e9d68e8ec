// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage

extension VirtualFile {
    func write(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try write(bytes.span.bytes, at: offset)
    }

    func writeDurably(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try writeDurably(bytes.span.bytes, at: offset)
    }
}

func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
}

/// A file system with one directory `d` that is durable.
func makeFileSystem(
    faults: FaultPlan = FaultPlan()
) throws -> (files: SimulatedFileSystem, directory: any VirtualDirectory) {
    let files = SimulatedFileSystem()
    let directory = try files.openDirectory("d", creating: true)
    files.setFaults(faults)
    return (files, directory)
}
