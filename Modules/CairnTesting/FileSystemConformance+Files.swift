// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

extension FileSystemConformance {
    static let fileChecks: [Check] = [
        Check("a file starts empty and keeps what is written") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try expect(try file.byteCount() == 0, "an empty file")
            try file.writeArray([1, 2, 3], at: 0)
            try file.writeArray([9], at: 1)
            try expect(try file.readArray(3, at: 0) == [1, 9, 3], "the bytes written")
        },
        Check("a read stops where the file ends") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.writeArray([1, 2, 3], at: 0)
            try expect(try file.readArray(10, at: 1) == [2, 3], "the rest of the file")
            try expect(try file.readArray(10, at: 3) == [], "nothing at the end")
            try expect(try file.readArray(10, at: 1 << 30) == [], "nothing beyond the end")
        },
        Check("a read adds to what the output has") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.writeArray([1, 2, 3], at: 0)
            let bytes = try [UInt8](unsafeUninitializedCapacity: 3) { buffer, count in
                let raw = UnsafeMutableRawBufferPointer(buffer)
                var output = OutputRawSpan(buffer: raw, initializedCount: 0)
                output.append(7)
                try file.read(into: &output, at: 1)
                count = output.finalize(for: raw)
            }
            try expect(bytes == [7, 2, 3], "the read bytes after those that were there")
        },
        Check("a write beyond the end leaves zeros between") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.writeArray([1], at: 3)
            try expect(try file.readArray(10, at: 0) == [0, 0, 0, 1], "zeros before the byte")
            try file.writeArray([], at: 100)
            try expect(try file.byteCount() == 4, "no change by a write of nothing")
        },
        Check("truncation cuts and grows with zeros") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.writeArray([1, 2, 3, 4], at: 0)
            try file.truncate(to: 2)
            try file.truncate(to: 5)
            try expect(try file.readArray(10, at: 0) == [1, 2, 0, 0, 0], "zeros, not old bytes")
        },
        Check("a durable write writes like any other") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.writeArrayDurably([1, 2, 3], at: 1)
            try file.writeArrayDurably([9], at: 2)
            try file.sync()
            try expect(try file.readArray(10, at: 0) == [0, 1, 9, 3], "the bytes written")
        },
        Check("beginning to write back changes nothing") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.writeArray([1, 2, 3], at: 0)
            for range in [0..<3, 1..<2, 0..<UInt64.max, 100..<100] as [Range<UInt64>] {
                file.startWriteback(range)
            }
            try expect(try file.readArray(10, at: 0) == [1, 2, 3], "the bytes written")
            try expect(try file.byteCount() == 3, "the same size")
            try file.close()
            // A thread that was late.
            file.startWriteback(0..<3)
        },
        Check("two openings of a file see the same bytes") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            let file = try directory.createFile("a")
            let other = try directory.openFile("a", .readOnly)
            try file.writeArray([5], at: 0)
            try expect(try other.readArray(10, at: 0) == [5], "the byte of the other opening")
        },
        Check("a read-only file refuses changes and can be synced") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try directory.createFile("a").writeArray([5], at: 0)
            let file = try directory.openFile("a", .readOnly)
            try expect(.readOnly) { () throws(StorageError) in try file.writeArray([1], at: 0) }
            try expect(.readOnly) { () throws(StorageError) in
                try file.writeArrayDurably([1], at: 0)
            }
            try expect(.readOnly) { () throws(StorageError) in try file.truncate(to: 0) }
            try file.sync()
            try expect(try file.readArray(10, at: 0) == [5], "the byte from before")
        },
        Check("a closed file refuses everything and closes twice") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try file.close()
            try file.close()
            try expect(.closed) { () throws(StorageError) in try file.writeArray([1], at: 0) }
            try expect(.closed) { () throws(StorageError) in try file.writeArrayDurably([1], at: 0)
            }
            try expect(.closed) { () throws(StorageError) in _ = try file.readArray(1, at: 0) }
            try expect(.closed) { () throws(StorageError) in _ = try file.byteCount() }
            try expect(.closed) { () throws(StorageError) in try file.truncate(to: 0) }
            try expect(.closed) { () throws(StorageError) in try file.sync() }
        },
        Check("an offset that no file reaches is refused") { fileSystem, path in
            let file = try fileSystem.openDirectory(path, creating: true).createFile("a")
            try expect(.system) { () throws(StorageError) in try file.writeArray([1], at: .max) }
            try expect(.system) { () throws(StorageError) in try file.truncate(to: .max) }
            try expect(try file.byteCount() == 0, "an unchanged file")
        },
        Check("a removed file stays usable while it is open") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            let file = try directory.createFile("a")
            try directory.remove("a")
            try file.writeArray([1], at: 0)
            try expect(try file.readArray(1, at: 0) == [1], "the byte written")
            try expect(try directory.list() == [], "no entry")
        },
    ]
}
