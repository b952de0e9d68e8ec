// SPDX-License-Identifier: Apache-2.0

/// The actions at the end of a round, performed after the lock was released.
struct RoundActions {
    var followUps: [FollowUp] = []
    var writes: Rounds.Completion?
    var syncs: Rounds.Completion?
    var wakesNextWriter = false
    var wakesNextSyncer = false
    var wakesBackground = false
    var preparesSegment = false
    var hasFailed = false
}

/// An action that most rounds do not have.
enum FollowUp {
    case resume(Waiter, Result<Void, LogError>)
    case writeBack(Writeback.Part)
}
