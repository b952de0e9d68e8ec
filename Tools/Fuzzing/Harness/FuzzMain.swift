// SPDX-License-Identifier: Apache-2.0
//
// `Fuzz --target=NAME [libFuzzer's arguments]`, and `Fuzz --seeds=FOLDER`, which writes the inputs that
// each target starts from.

internal import CFuzzSupport

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

@main
enum FuzzMain {
    static func main() {
        if let folder = value(of: "--seeds") {
            for target in FuzzTarget.all { SeedWriter.write(target, into: folder) }
            return
        }
        guard target != nil else {
            print("usage: Fuzz --target=NAME [arguments of libFuzzer], or Fuzz --seeds=FOLDER")
            for target in FuzzTarget.all { print("  \(target.name): \(target.purpose)") }
            exit(2)
        }
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, runOne))
    }

    /// The target that the command line names.
    static let target: FuzzTarget? = {
        let name = value(of: "--target")
        return FuzzTarget.all.first { $0.name == name }
    }()

    /// libFuzzer passes over what begins with two dashes.
    private static func value(of option: String) -> String? {
        CommandLine.arguments.last { $0.hasPrefix("\(option)=") }
            .map { String($0.dropFirst(option.count + 1)) }
    }
}

/// Runs one input. An invariant that does not hold ends the process, which libFuzzer takes for a find.
private func runOne(_ bytes: UnsafePointer<UInt8>?, _ byteCount: Int) -> Int32 {
    guard let target = FuzzMain.target else { return -1 }
    cairn_fuzz_limit_allocations(target.allocationByteCountMax)
    defer { cairn_fuzz_limit_allocations(0) }
    do throws(BrokenInvariant) {
        let input = UnsafeRawBufferPointer(start: bytes, count: byteCount)
        try target.run(RawSpan(_unsafeBytes: input))
    } catch {
        fatalError("\(target.name): \(error.meaning)")
    }
    return 0
}
