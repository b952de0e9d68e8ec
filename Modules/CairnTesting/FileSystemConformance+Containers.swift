// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

extension FileSystemConformance {
    static let replacementChecks: [Check] = [
        Check("a file takes the place of another") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            let old = try directory.createFile("a")
            try old.writeArray([1], at: 0)
            try directory.createFile("b").writeArray([2], at: 0)
            try directory.replace("a", with: "b")
            try directory.sync()
            try expect(try directory.list().map(\.name) == ["a"], "one name")
            let new = try directory.openFile("a", .readOnly)
            try expect(try new.readArray(9, at: 0) == [2], "the bytes of the other file")
            try expect(try old.readArray(9, at: 0) == [1], "the old bytes in the old opening")
        },
        Check("only a file that is there is replaced, by one that is there") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            _ = try directory.createFile("a")
            try expect(.notFound) { () throws(StorageError) in
                try directory.replace("b", with: "a")
            }
            try expect(.notFound) { () throws(StorageError) in
                try directory.replace("a", with: "b")
            }
            try expect(try directory.list().map(\.name) == ["a"], "the name as it was")
        },
        Check("a lock on a file excludes and changes no byte") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try directory.createFile("a").writeArray([1, 2], at: 0)
            try expect(.notFound) { () throws(StorageError) in
                _ = try directory.lockFile("b", .exclusive, standingFor: "b")
            }
            let lock = try directory.lockFile("a", .exclusive, standingFor: "a")
            for mode in [LockMode.shared, .exclusive] {
                try expect(.locked) { () throws(StorageError) in
                    _ = try directory.lockFile("a", mode, standingFor: "a")
                }
            }
            lock.release()
            let shared = try directory.lockFile("a", .shared, standingFor: "a")
            try directory.lockFile("a", .shared, standingFor: "a").release()
            try expect(.locked) { () throws(StorageError) in
                _ = try directory.lockFile("a", .exclusive, standingFor: "a")
            }
            shared.release()
            let file = try directory.openFile("a", .readOnly)
            try expect(try file.readArray(9, at: 0) == [1, 2], "the bytes from before")
        },
        Check("a lock on a file notices another file under its name") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            _ = try directory.createFile("a")
            _ = try directory.createFile("b")
            let lock = try directory.lockFile("a", .exclusive, standingFor: "a")
            let next = try directory.lockFile("b", .exclusive, standingFor: "a")
            try lock.checkIdentity()
            try expect(.replaced) { () throws(StorageError) in try next.checkIdentity() }
            try directory.replace("a", with: "b")
            try expect(.replaced) { () throws(StorageError) in try lock.checkIdentity() }
            try next.checkIdentity()
        },
    ]
}
