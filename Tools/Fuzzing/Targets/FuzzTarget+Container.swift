// SPDX-License-Identifier: Apache-2.0

internal import CairnContainer
internal import CairnFormat
internal import CairnIO
internal import CairnTesting
internal import SystemPackage

extension FuzzTarget {
    /// Switches (bit 0: make checksums, numbers and the chain of records right; bit 1: then flip one bit; bit 2: then cut),
    /// two bytes that say where, then a container.
    static let container = FuzzTarget(
        name: "container", purpose: "a container, listed, read, written to and read again"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let switches = input.byte()
        let place = input.short()
        var bytes = input.remainder()
        if switches.has(0) { Repair.container(&bytes) }
        if switches.has(1), !bytes.isEmpty {
            bytes[place / 8 % bytes.count] ^= 1 << UInt8(place % 8)
        }
        if switches.has(2) { bytes.removeLast(min(place % 4096, bytes.count)) }
        let files = SimulatedFileSystem()
        files.setContents("/c", bytes)
        guard let before = try? listing(files) else { return }
        // What can be read can be written to, unless its numbers are used up.
        let environment = StorageEnvironment.simulated(files, seed: 1)
        guard
            let root = try? ContainerFileSystem(environment).openDirectory("c", creating: false),
            (try? root.createFile("fuzzed")) != nil, (try? root.sync()) != nil
        else { return }
        let after = try mustSucceed("what was written must be readable") {
            try listing(files.crashImage(.onlySynced))
        }
        try require(
            Set(after) == Set(before).union(["/fuzzed"]), "\(before) has become \(after)")
    } seeds: {
        [[0, 0, 0], [1, 0, 0], [3, 5, 0], [5, 9, 0]].flatMap { switches in
            containerSeeds.map { switches + $0 }
        }
    }

    /// The paths of everything in a container; of files the first bytes are read.
    private static func listing(_ files: SimulatedFileSystem) throws -> [String] {
        let environment = StorageEnvironment.simulated(files, seed: 2)
        let root = try ContainerFileSystem(environment).openDirectory("c", creating: false)
        var found: [String] = []
        var waiting: [(String, any VirtualDirectory)] = [("", root)]
        while let (path, directory) = waiting.popLast() {
            for entry in try directory.list() {
                guard let name = entry.name else { continue }
                found.append("\(path)/\(name)")
                if entry.kind == .directory {
                    waiting.append(("\(path)/\(name)", try directory.openDirectory(name)))
                    continue
                }
                let file = try directory.openFile(name, .readOnly)
                _ = try file.byteCount()
                var buffer = BinaryBuffer(capacity: 4096)
                try buffer.append(addingCapacity: 4096) { (span) throws(StorageError) in
                    try file.read(into: &span, at: 0)
                }
            }
        }
        return found
    }

    /// A small container, and one whose journal has two blocks.
    static var containerSeeds: [[UInt8]] {
        [3, 60].map { count in
            let files = SimulatedFileSystem()
            let environment = StorageEnvironment.simulated(files, seed: 7)
            let fileSystem = ContainerFileSystem(environment, creating: "c")
            guard let root = try? fileSystem.openDirectory("c", creating: true),
                let folder = try? root.createDirectory("log")
            else { preconditionFailure("an empty disk takes a container") }
            for number in 0..<count {
                let name = FileName("\(number)")!
                let file = try? folder.createFile(name)
                let bytes: [UInt8] = [1, 2, 3]
                try? file?.writeDurably(bytes.span.bytes, at: UInt64(number % 5))
                if number % 7 == 0 { try? folder.remove(name) }
                if number % 11 == 1 { try? folder.rename(name, to: FileName("r\(number)")!) }
            }
            try? root.sync()
            return Array((files.contents("/c") ?? []).prefix(FuzzTarget.inputByteCountMax - 3))
        }
    }
}

extension Repair {
    /// Makes the header and the records of the first journal block right.
    static func container(_ bytes: inout [UInt8]) {
        let head = ContainerLayout.headerByteCount
        guard bytes.count >= head else { return }
        preamble(&bytes, magic: ContainerLayout.magic)
        let headerSum = sum(bytes, 0..<ContainerLayout.headerChecksum.offset)
        put(headerSum, &bytes, at: ContainerLayout.headerChecksum.offset)
        let salt = sum(bytes, ContainerLayout.containerID.offset..<ContainerLayout.generation.end)
        let place: UInt64 = get(bytes, at: ContainerLayout.journalPlace.offset)
        guard place < UInt64(bytes.count) else { return }
        var start = Int(place)
        var chain = headerSum
        var number: UInt64 = 0
        let recordSize = ContainerLayout.recordByteCount
        while start + recordSize <= bytes.count,
            bytes[start..<start + recordSize].contains(where: { $0 != 0 })
        {
            number += 1
            put(chain, &bytes, at: start + ContainerLayout.previousChecksum.offset)
            put(number, &bytes, at: start + ContainerLayout.sequence.offset)
            let sumOffset = start + ContainerLayout.recordChecksum.offset
            chain = sum(bytes, start..<sumOffset, seed: salt)
            put(chain, &bytes, at: sumOffset)
            let nameByteCount: UInt16 = get(
                bytes, at: start + ContainerLayout.nameByteCount.offset)
            start += recordSize
            guard nameByteCount > 0 else { continue }
            let end = start + (Int(nameByteCount) + 3) / 4 * 4
            guard end + 4 <= bytes.count else { return }
            put(sum(bytes, start..<end, seed: chain), &bytes, at: end)
            start = end + 4
        }
    }
}
