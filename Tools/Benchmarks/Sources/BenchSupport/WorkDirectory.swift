// SPDX-License-Identifier: Apache-2.0

internal import CBenchSystem

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Why a benchmark cannot run.
public struct BenchError: Error, CustomStringConvertible {
    /// One sentence that says what to do.
    public let description: String

    /// An error with this sentence.
    public init(_ description: String) {
        self.description = description
    }
}

/// A directory for one run, used by nothing else.
public struct WorkDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a directory in `parent`, which is made when it is missing.
    ///
    /// - Parameter allowsMemory: Whether it may lie in a file system that is only memory. There, a sync
    ///   costs nothing and means nothing.
    public init(in parent: String, name: String, allowsMemory: Bool) throws {
        let isNew = mkdir(parent, 0o700) == 0
        guard isNew || errno == EEXIST else {
            throw BenchError("cannot make \(parent): \(String(cString: strerror(errno)))")
        }
        if !allowsMemory, try Self.isInMemory(parent) {
            if isNew { rmdir(parent) }
            throw BenchError(
                "\(parent) lies in memory (tmpfs or ramfs), where a sync costs nothing; give a directory "
                    + "on a disk with --dir, or --allow-tmpfs when you know what you do")
        }
        try self.init(making: "\(parent)/\(name)-\(getpid())")
    }

    /// Makes a directory that is not there.
    public init(making path: String) throws {
        guard mkdir(path, 0o700) == 0 else {
            throw BenchError("cannot make \(path): \(String(cString: strerror(errno)))")
        }
        self.path = path
    }

    /// An existing directory.
    public init(existing path: String) { self.path = path }

    /// Removes it with all that is in it.
    public func remove() { Self.remove(path) }

    /// The bytes of all files in it or in a directory of it.
    public func byteCount(_ child: String = "") -> UInt64 {
        Self.byteCount(child.isEmpty ? path : "\(path)/\(child)")
    }

    /// The names of the files in a directory of it.
    public func names(_ child: String) -> [String] { Self.names("\(path)/\(child)") }

    private static func isInMemory(_ path: String) throws -> Bool {
        let answer = bench_is_in_memory(path)
        guard answer >= 0 else {
            throw BenchError("cannot look at \(path): \(String(cString: strerror(errno)))")
        }
        return answer == 1
    }

    private static func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func isDirectory(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    private static func remove(_ path: String) {
        guard isDirectory(path) else {
            unlink(path)
            return
        }
        for name in names(path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    private static func byteCount(_ path: String) -> UInt64 {
        guard isDirectory(path) else {
            var facts = stat()
            return lstat(path, &facts) == 0 ? UInt64(facts.st_size) : 0
        }
        return names(path).reduce(0) { $0 + byteCount("\(path)/\($1)") }
    }
}
