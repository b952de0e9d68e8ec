// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import SystemPackage

/// Looking at files and damaging them behind the program's back. Nothing here is counted, nothing
/// fails, and changes are durable at once. Meant for an image with nothing pending: what is pending
/// still lands on top of a change in a later ``SimulatedFileSystem/crashImage(_:)``.
extension SimulatedFileSystem {
    /// The paths of all files that the program sees, in order.
    public var filePaths: [FilePath] { filePaths(startingWith: "") }

    /// The paths of those files that begin with `text`, in order.
    public func filePaths(startingWith text: String) -> [FilePath] {
        // Everything that begins so lies in the directory up to the last slash.
        let directory = String(text.prefix(upTo: text.lastIndex(of: "/") ?? text.startIndex))
        return state.withLock { state in
            guard let node = state.disk.find(FilePath(directory)) else { return [] }
            return state.disk.tree(node, directory).filter {
                $0.path.hasPrefix(text) && state.disk[$0.node].kind == .file
            }.map { FilePath($0.path) }
        }
    }

    /// The bytes that the program sees in a file; nil when there is no such file.
    public func contents(_ path: FilePath) -> [UInt8]? {
        state.withLock { state in
            guard let node = state.disk.find(path), state.disk[node].kind == .file else {
                return nil
            }
            return state.disk[node].volatile.bytes.all
        }
    }

    /// A number that follows from all paths, kinds and bytes that the program sees: when it is the same
    /// before and after, nothing was written.
    ///
    /// - Complexity: O(*n*) in the bytes of all files.
    public var contentHash: UInt64 { state.withLock { $0.disk.hash(of: SimulatedDisk.root) } }

    /// The same of what lies in one directory only; 0 when there is none.
    public func contentHash(of directory: FilePath) -> UInt64 {
        state.withLock { state in
            state.disk.find(directory).map { state.disk.hash(of: $0) } ?? 0
        }
    }

    /// Replaces the content of a file, or makes one in a directory that must exist.
    public func setContents(_ path: FilePath, _ bytes: [UInt8]) {
        state.withLock { state in
            let node = state.disk.find(path) ?? state.disk.plant(.file, at: path)
            state.disk.changeDurably(node, .size(0))
            state.disk.changeDurably(node, .data(offset: 0, bytes: bytes[...]))
            state.disk.changeDurably(node, .size(bytes.count))
        }
    }

    /// Makes an entry that is neither a file nor a directory, like a link or a pipe.
    public func plantOther(_ path: FilePath) {
        state.withLock { _ = $0.disk.plant(.other, at: path) }
    }

    /// Turns one bit of a file over; bit 0 is the lowest of the first byte.
    ///
    /// - Precondition: The file exists and has that bit.
    public func flipBit(_ path: FilePath, _ bit: Int) {
        state.withLock { state in
            let node = state.disk.file(path)
            guard let byte = state.disk[node].volatile.bytes.read(bit / 8..<bit / 8 + 1).first
            else {
                preconditionFailure("\(path) has no bit \(bit)")
            }
            state.disk.changeDurably(node, .data(offset: bit / 8, bytes: [byte ^ 1 << (bit % 8)]))
        }
    }

    /// Cuts a file or fills it up with zeros.
    ///
    /// - Precondition: The file exists.
    public func truncate(_ path: FilePath, to byteCount: Int) {
        state.withLock { state in
            let node = state.disk.file(path)
            state.disk.changeDurably(node, .size(byteCount))
        }
    }

    /// Removes a file, or a directory with all that is in it.
    ///
    /// - Precondition: It exists.
    public func remove(_ path: FilePath) {
        state.withLock { state in
            guard state.disk.find(path) != nil else { preconditionFailure("there is no \(path)") }
            let (parent, name) = state.disk.place(of: path)
            state.disk.changeDurably(parent, .unlink(name))
        }
    }
}

extension SimulatedDisk {
    /// Each entry adds a number of its own, so the order of a directory's entries does not matter.
    func hash(of directory: NodeID) -> UInt64 {
        var sum: UInt64 = 0
        var waiting: [(path: UInt64, node: NodeID)] = [(0, directory)]
        while let next = waiting.popLast() {
            for (name, child) in self[next.node].volatile.entries {
                let hash = Self.hash(of: name, seed: next.path)
                if self[child].kind == .directory { waiting.append((hash, child)) }
                let content = hash &+ (self[child].kind == .file ? 1 : 2)
                sum &+= SplitMix64.mixed(content ^ self[child].volatile.bytes.digest)
            }
        }
        return sum
    }

    static func hash(of name: FileName, seed: UInt64) -> UInt64 {
        var hash = SplitMix64.mixed(seed)
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        // In one piece, where it is stored so: all of them are hashed for each image.
        if name.string.utf8.withContiguousStorageIfAvailable({ add($0) }) == nil {
            add(name.string.utf8)
        }
        return hash
    }

    /// All that the program sees in a directory, which has this path, in the order of the names within each
    /// directory.
    func tree(_ directory: NodeID, _ path: String) -> [(path: String, node: NodeID)] {
        var found: [(path: String, node: NodeID)] = []
        var waiting: [(path: String, node: NodeID)] = [(path, directory)]
        while let next = waiting.popLast() {
            if next.node != directory { found.append(next) }
            for (name, child) in self[next.node].volatile.entries.sorted(by: { $0.key > $1.key }) {
                waiting.append(("\(next.path)/\(name.string)", child))
            }
        }
        return found
    }

    func find(_ path: FilePath) -> NodeID? { find(Self.names(in: path)[...]) }

    private func find(_ names: ArraySlice<String>) -> NodeID? {
        var node = Self.root
        for text in names {
            guard let name = FileName(text), let next = self[node].volatile.entries[name] else {
                return nil
            }
            node = next
        }
        return node
    }

    /// The components; much faster than those of `FilePath` where nothing is optimized, and looked for often.
    private static func names(in path: FilePath) -> [String] {
        path.string.split(separator: "/").map(String.init)
    }

    func file(_ path: FilePath) -> NodeID {
        guard let node = find(path), self[node].kind == .file else {
            preconditionFailure("there is no file \(path)")
        }
        return node
    }

    func place(of path: FilePath) -> (parent: NodeID, name: FileName) {
        let names = Self.names(in: path)
        guard let last = names.last, let name = FileName(last), let parent = find(names.dropLast())
        else { preconditionFailure("there is no place for \(path)") }
        return (parent, name)
    }

    mutating func plant(_ kind: VirtualDirectoryEntry.Kind, at path: FilePath) -> NodeID {
        let (parent, name) = place(of: path)
        let node = makeNode(kind)
        changeDurably(parent, .link(name, node))
        return node
    }
}
