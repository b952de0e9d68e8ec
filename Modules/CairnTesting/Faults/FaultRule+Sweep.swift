// SPDX-License-Identifier: Apache-2.0

internal import SystemPackage

extension FaultRule {
    /// The faults that a sweep of call errors tries at every call: errors with nothing, half and all of the call
    /// done, once and for good; and the ways in which a sync may fail. A burst of interruptions that the
    /// layer below did not get over ends as the last of them here.
    public static let sweep: [(name: String, action: Action, duration: Duration)] = [
        ("EIO", .fail(.ioError), .once), ("EIO-forever", .fail(.ioError), .forever),
        ("EIO-half", .fail(.ioError, doing: .half), .once),
        ("EIO-done", .fail(.ioError, doing: .everything), .once),
        ("EIO-reverted", .fail(.ioError, doing: .reverted), .once),
        ("ENOSPC", .fail(.noSpace), .once), ("ENOSPC-forever", .fail(.noSpace), .forever),
        ("ENOSPC-half", .fail(.noSpace, doing: .half), .once),
        ("EDQUOT-forever", .fail(.diskQuotaExceeded, doing: .half), .forever),
        ("EINTR", .fail(.interrupted), .once),
        ("EINTR-half", .fail(.interrupted, doing: .half), .once),
        ("EMFILE", .fail(.tooManyOpenFiles), .once),
        ("EMFILE-forever", .fail(.tooManyOpenFiles), .forever),
        ("EACCES", .fail(.permissionDenied), .once),
        ("EACCES-forever", .fail(.permissionDenied), .forever),
    ]
}
