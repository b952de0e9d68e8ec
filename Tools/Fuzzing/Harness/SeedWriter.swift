// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Writes the seeds of a target as files.
enum SeedWriter {
    static func write(_ target: FuzzTarget, into folder: String) {
        mkdir(folder, 0o755)
        mkdir("\(folder)/\(target.name)", 0o755)
        for (index, seed) in target.seeds().enumerated() {
            let path = "\(folder)/\(target.name)/seed-\(index)"
            guard let file = fopen(path, "wb") else { fatalError("cannot write \(path)") }
            fwrite(seed, 1, seed.count, file)
            fclose(file)
        }
    }
}
