// SPDX-License-Identifier: Apache-2.0

internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A lock by `flock`, which belongs to the open file and not to the process: a second opening within
/// the same process fails like one from outside, and closing another descriptor does not drop it.
///
/// - The file is never removed, so that two processes can never lock two files of the same name. What another
///   program does to the name is noticed by ``checkIdentity()``.
/// - Its content, `pid N`, only serves messages. It is emptied on release; a process that was killed
///   leaves it, and a number that no living process has is not believed.
final class POSIXLock: DirectoryLock {
    private let descriptor: Locked<Int32?>
    private let mode: LockMode
    /// Whether the content of the file is the holder's number, and nothing else.
    private let namesHolder: Bool
    private let name: FileName
    private let directory: POSIXDirectory
    private let identity: FileIdentity

    init(
        descriptor: Int32, _ mode: LockMode, _ name: FileName, in directory: POSIXDirectory,
        namesHolder: Bool = true
    ) throws(StorageError) {
        self.mode = mode
        self.namesHolder = namesHolder
        self.name = name
        self.directory = directory
        let path = directory.path.appending(name.string)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let errno = Errno.current
            _ = close(descriptor)
            throw StorageError(errno, operation: .lock, path: path)
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
            _ = close(descriptor)
            throw StorageError(code: .notAFile, operation: .lock, path: path)
        }
        let kind = mode == .exclusive ? LOCK_EX : LOCK_SH
        guard retryingInterrupts({ flock(descriptor, kind | LOCK_NB) }) == 0 else {
            let errno = Errno.current
            let holder = errno == .wouldBlock && namesHolder ? Self.holder(descriptor) : nil
            _ = close(descriptor)
            guard errno == .wouldBlock else {
                throw StorageError(errno, operation: .lock, path: path)
            }
            throw StorageError(
                code: .locked, operation: .lock, path: path, errno: errno, holder: holder)
        }
        self.descriptor = Locked(descriptor)
        identity = FileIdentity(status)
        if mode == .exclusive, namesHolder { Self.write(LockText.text(getpid()), descriptor) }
    }

    deinit { release() }

    func release() {
        let open = descriptor.withLock { field in
            let value = field
            field = nil
            return value
        }
        guard let open else { return }
        if mode == .exclusive, namesHolder { Self.write("", open) }
        // The lock is on the open file, of which a process that was just forked has a descriptor, too, until it begins
        // its program. Closing alone would leave it locked for so long.
        _ = flock(open, LOCK_UN)
        _ = close(open)
    }

    func checkIdentity() throws(StorageError) {
        guard try directory.identity(of: name) == identity else {
            throw StorageError(
                code: .replaced, operation: .lock, path: directory.path.appending(name.string))
        }
    }

    /// Replaces the content. It is not part of the store, so errors do not matter.
    private static func write(_ content: String, _ descriptor: Int32) {
        _ = ftruncate(descriptor, 0)
        var content = content
        content.withUTF8 { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: LockText.byteCountMax)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0, let number = LockText.holder(in: Array(bytes[..<count])),
            kill(number, 0) == 0 || Errno.current == .notPermitted
        else { return nil }
        return number
    }
}
