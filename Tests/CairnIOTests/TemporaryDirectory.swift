// SPDX-License-Identifier: Apache-2.0

import CairnIO
import Foundation
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A new directory of the operating system that goes when the test ends.
final class TemporaryDirectory {
    let path: FilePath

    init() {
        var template = Array("/tmp/cairn-io-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no temporary directory") }
        path = FilePath(platformString: template)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    func open() throws(StorageError) -> any VirtualDirectory {
        try POSIXFileSystem().openDirectory(path, creating: false)
    }

    /// The permission bits of an entry.
    func mode(_ name: String) -> mode_t? {
        var status = stat()
        let result = path.appending(name).withPlatformString { lstat($0, &status) }
        return result == 0 ? status.st_mode & 0o7777 : nil
    }

    func makeLink(_ name: String, to target: String) {
        _ = path.appending(name).withPlatformString { symlink(target, $0) }
    }

    func makePipe(_ name: String) {
        _ = path.appending(name).withPlatformString { mkfifo($0, 0o600) }
    }
}

extension VirtualFile {
    func writeArray(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try write(bytes.span.bytes, at: offset)
    }

    func readArray(_ count: Int, at offset: UInt64) throws(StorageError) -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) {
            buffer, initializedCount throws(StorageError) in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var output = OutputRawSpan(buffer: raw, initializedCount: 0)
            do throws(StorageError) {
                try read(into: &output, at: offset)
            } catch {
                _ = output.finalize(for: raw)
                throw error
            }
            initializedCount = output.finalize(for: raw)
        }
    }
}

/// The code of the error that `body` throws; nil when it throws none.
func code(_ body: () throws(StorageError) -> Void) -> StorageError.Code? {
    do throws(StorageError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}
