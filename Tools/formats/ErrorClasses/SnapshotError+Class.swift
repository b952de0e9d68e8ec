// SPDX-License-Identifier: Apache-2.0

package import CairnSnapshot

extension SnapshotError.Code {
    /// The class of this code, for declarations.
    package var errorClass: ErrorClass {
        let error = SnapshotError(code: self)
        let category: ErrorCategory =
            switch storage {
            case .foreignLog, .wrongName, .exists, .notFound, .readOnly, .poisoned, .io: .semantic
            case .unencodable, .doesNotFit, .cancelled, .encryption: .semantic
            case .damaged: .corrupt
            case .notASnapshot: .notThisFormat
            case .unsupportedVersion, .unknownCompression: .unsupported
            case .limitExceeded: .limit
            }
        return ErrorClass(description, category, error.description)
    }
}
