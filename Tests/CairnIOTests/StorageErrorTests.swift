// SPDX-License-Identifier: Apache-2.0

import CairnIO
import SystemPackage
import Testing

struct StorageErrorTests {
    @Test func codeFollowsFromWhatTheSystemSaid() {
        let expected: [(Errno, StorageError.Code)] = [
            (.noSuchFileOrDirectory, .notFound), (.fileExists, .exists),
            (.notDirectory, .notADirectory), (.isDirectory, .notAFile),
            (.tooManySymbolicLinkLevels, .notAFile), (.permissionDenied, .permissionDenied),
            (.notPermitted, .permissionDenied), (.noSpace, .noSpace),
            (.diskQuotaExceeded, .noSpace), (.readOnlyFileSystem, .readOnly),
            (.ioError, .system), (.tooManyOpenFiles, .system),
        ]
        for (errno, code) in expected {
            let error = StorageError(errno, operation: .write, path: "p/f")
            #expect(error.code == code)
            #expect(error.errno == errno)
            #expect(error.description.contains("p/f"))
        }
    }
}
