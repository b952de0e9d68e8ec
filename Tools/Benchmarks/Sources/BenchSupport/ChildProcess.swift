// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Another process of this program.
///
/// The measured files are written by one of these, so that the measuring process begins with little memory
/// and none that others left behind.
public enum ChildProcess {
    /// Runs this program with other arguments and waits for it.
    public static func run(_ arguments: [String]) throws {
        let path = executablePath
        var pointers = ([path] + arguments).map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, path, nil, nil, pointers, environ)
        guard code == 0 else {
            throw BenchError("cannot start \(path): \(String(cString: strerror(code)))")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else {
                throw BenchError("lost the process that prepares the data")
            }
        }
        guard status == 0 else {
            throw BenchError("the process that prepares the data failed; its message is above")
        }
    }

    private static var executablePath: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return CommandLine.arguments[0] }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
