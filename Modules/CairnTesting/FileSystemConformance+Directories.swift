// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

extension FileSystemConformance {
    static let directoryChecks: [Check] = [
        Check("a directory is made only on request") { fileSystem, path in
            try expect(.notFound) { () throws(StorageError) in
                _ = try fileSystem.openDirectory(path, creating: false)
            }
            let made = try fileSystem.openDirectory(path, creating: true)
            _ = try made.createFile("a")
            let again = try fileSystem.openDirectory(path, creating: true)
            try expect(try again.list().count == 1, "the directory that was there")
            _ = try fileSystem.openDirectory(path, creating: false)
        },
        Check("only one level is made") { fileSystem, path in
            try expect(.notFound) { () throws(StorageError) in
                _ = try fileSystem.openDirectory(path.appending("b"), creating: true)
            }
        },
        Check("a file is not a directory") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            _ = try directory.createFile("a")
            for creating in [false, true] {
                try expect(.notADirectory) { () throws(StorageError) in
                    _ = try fileSystem.openDirectory(path.appending("a"), creating: creating)
                }
            }
            try expect(.notADirectory) { () throws(StorageError) in
                _ = try directory.openDirectory("a")
            }
        },
        Check("a directory is not a file") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            _ = try directory.createDirectory("a")
            for access in [FileAccess.readOnly, .readWrite] {
                try expect(.notAFile) { () throws(StorageError) in
                    _ = try directory.openFile("a", access)
                }
            }
            try expect(.notAFile) { () throws(StorageError) in try directory.remove("a") }
            try expect(.notAFile) { () throws(StorageError) in
                _ = try directory.lock("a", .exclusive)
            }
        },
        Check("creating refuses a name that is taken") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try directory.createFile("a").writeArray([1], at: 0)
            _ = try directory.createDirectory("b")
            for name: FileName in ["a", "b"] {
                try expect(.exists) { () throws(StorageError) in _ = try directory.createFile(name)
                }
                try expect(.exists) { () throws(StorageError) in
                    _ = try directory.createDirectory(name)
                }
            }
            let file = try directory.openFile("a", .readOnly)
            try expect(try file.byteCount() == 1, "the file as it was")
        },
        Check("missing names are not found") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try expect(.notFound) { () throws(StorageError) in
                _ = try directory.openFile("a", .readWrite)
            }
            try expect(.notFound) { () throws(StorageError) in _ = try directory.openDirectory("a")
            }
            try expect(.notFound) { () throws(StorageError) in try directory.remove("a") }
            try expect(.notFound) { () throws(StorageError) in try directory.rename("a", to: "b") }
        },
        Check("a list is in the order of bytes and tells kinds") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            for name: FileName in ["b", "a.2", "B", "a-2", "_", "10", "9"] {
                _ = try directory.createFile(name)
            }
            _ = try directory.createDirectory("a")
            let entries = try directory.list()
            let names = entries.map { $0.name?.string ?? "?" }
            try expect(
                names == ["10", "9", "B", "_", "a", "a-2", "a.2", "b"], "byte order, not \(names)")
            for entry in entries {
                let kind: VirtualDirectoryEntry.Kind = entry.name == "a" ? .directory : .file
                try expect(entry.kind == kind, "\(entry) to be a \(kind)")
            }
            try expect(try directory.list() == entries, "the same list again")
        },
        Check("renaming refuses a name that is taken") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try directory.createFile("a").writeArray([1], at: 0)
            _ = try directory.createFile("b")
            _ = try directory.createDirectory("c")
            for name: FileName in ["a", "b", "c"] {
                try expect(.exists) { () throws(StorageError) in try directory.rename("a", to: name)
                }
            }
            try directory.rename("a", to: "d")
            try directory.rename("c", to: "e")
            let names = try directory.list().map { $0.name?.string ?? "?" }
            try expect(names == ["b", "d", "e"], "the new names, not \(names)")
            let file = try directory.openFile("d", .readOnly)
            try expect(try file.byteCount() == 1, "the content to go along")
        },
        Check("an open file follows its name") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            let file = try directory.createFile("a")
            try directory.rename("a", to: "b")
            try file.writeArray([1], at: 0)
            let other = try directory.openFile("b", .readOnly)
            try expect(try other.byteCount() == 1, "the byte under the new name")
            try directory.sync()
        },
    ]

    static let lockChecks: [Check] = [
        Check("an exclusive lock excludes everyone until it is released") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            let lock = try directory.lock("LOCK", .exclusive)
            try expect(lock != nil, "a lock")
            for mode in [LockMode.shared, .exclusive] {
                let again = try fileSystem.openDirectory(path, creating: false)
                do throws(StorageError) {
                    _ = try again.lock("LOCK", mode)
                } catch {
                    try expect(error.code == .locked, "code locked, not \(error.code)")
                    try expect(error.holder != nil, "the holder's number")
                    continue
                }
                try expect(false, "a conflict")
            }
            lock?.release()
            lock?.release()
            let next = try directory.lock("LOCK", .exclusive)
            try expect(next != nil, "the lock after its release")
            next?.release()
        },
        Check("shared locks share and write nothing") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try expect(try directory.lock("LOCK", .shared) == nil, "nothing to lock")
            try expect(try directory.list() == [], "no file made")
            try directory.lock("LOCK", .exclusive)?.release()
            let one = try directory.lock("LOCK", .shared)
            let two = try directory.lock("LOCK", .shared)
            one?.release()
            try expect(.locked) { () throws(StorageError) in
                _ = try directory.lock("LOCK", .exclusive)
            }
            two?.release()
            let file = try directory.openFile("LOCK", .readOnly)
            try expect(try file.byteCount() == 0, "an empty file after release")
            try directory.lock("LOCK", .exclusive)?.release()
        },
        Check("a lock is released when the last reference to it is gone") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            try withExtendedLifetime(try directory.lock("LOCK", .exclusive)) {
                let file = try directory.openFile("LOCK", .readOnly)
                let content = String(decoding: try file.readArray(32, at: 0), as: UTF8.self)
                try expect(content.hasPrefix("pid "), "the number of the process")
            }
            try directory.lock("LOCK", .exclusive)?.release()
        },
        Check("a lock notices that its name is gone, or is another file") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            for mode in [LockMode.exclusive, .shared] {
                let lock = try directory.lock("LOCK", mode)
                try lock?.checkIdentity()
                try directory.rename("LOCK", to: "other")
                try expect(.replaced) { () throws(StorageError) in try lock?.checkIdentity() }
                _ = try directory.createFile("LOCK")
                try expect(.replaced) { () throws(StorageError) in try lock?.checkIdentity() }
                try directory.remove("LOCK")
                try directory.rename("other", to: "LOCK")
                try lock?.checkIdentity()
                lock?.release()
            }
        },
        Check("a directory notices that its path leads elsewhere") { fileSystem, path in
            let directory = try fileSystem.openDirectory(path, creating: true)
            _ = try directory.createDirectory("a")
            let inner = try fileSystem.openDirectory(path.appending("a"), creating: false)
            let same = try directory.openDirectory("a")
            for opened in [directory, inner, same] { try opened.checkIdentity() }
            try directory.rename("a", to: "b")
            for opened in [inner, same] {
                try expect(.replaced) { () throws(StorageError) in try opened.checkIdentity() }
            }
            _ = try directory.createDirectory("a")
            for opened in [inner, same] {
                try expect(.replaced) { () throws(StorageError) in try opened.checkIdentity() }
            }
            try directory.checkIdentity()
        },
    ]
}
