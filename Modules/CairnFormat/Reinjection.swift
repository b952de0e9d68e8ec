// SPDX-License-Identifier: Apache-2.0
//
// Old bugs of this and other systems, to be put back in on purpose: the proof that the tests can fail.
//
// Nothing of it is in a build that users get: it is compiled only when the environment of the build has
// CAIRN_REINJECTION=1. `crashlab reinject` lists what each stands for and runs the suites against it.

#if CAIRN_REINJECTION
/// One old bug in the code of the modules. At most one is active.
package enum Reinjection: String, CaseIterable, Sendable {
    case sealBeforeSuccessor, damageIsTornTail, unknownKindIsTornTail, boundaryCutAccepted
    case fenceBeforeData, truncatesToNewest, gapAccepted, failureNotLatched, followersNotWoken
    case readBackIsDurable, repairInPlace, truncatesOneTooMany, replayIgnoresFence
    case unfinishedReplayed, payloadUnchecked, headerUnderFinalName, removesNewestFirst
    case publishedBeforeDurable, publishedOutOfOrder, stateNotTakenBack, viewOfALaterLSN
    case waiterToldSuccess, syncCoversLater, unsaltedChecksums, watermarkAheadOfSync
    case unfinishedLeftOpen, mirrorFirst

    /// Set before anything is opened, and by one thread.
    nonisolated(unsafe) package static var active: Reinjection?
}
#endif
