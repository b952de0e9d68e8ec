// SPDX-License-Identifier: Apache-2.0

package import CairnCodec
package import CairnIO
package import CairnLog
package import CairnSnapshot

extension SnapshotDirectory {
    /// The snapshots of a store whose log is opened with these options.
    package static func open(
        in root: any VirtualDirectory, access: FileAccess, environment: StorageEnvironment,
        options: LogOptions, compressor: (any BatchCompressor)? = nil
    ) throws(SnapshotError) -> SnapshotDirectory {
        try open(
            in: root, access: access, environment: environment, encryption: options.encryption,
            compressor: compressor, decompressors: options.allDecompressors)
    }
}
