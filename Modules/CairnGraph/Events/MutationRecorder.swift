// SPDX-License-Identifier: Apache-2.0

/// Receives the mutations of a store, one event for each, in order.
public protocol MutationRecorder: AnyObject, Sendable {
    /// Takes note of a mutation that has just happened.
    ///
    /// It is called while the store is being changed, so it must not touch that store.
    func record(_ event: MutationEvent)

    /// Takes note of one of many nodes that were made at once. The default records its
    /// ``NodeCreation/event``; a recorder that encodes what it receives need not make one.
    func record(_ creation: NodeCreation)

    /// Takes note of one of many relationships that were made at once. The default records its
    /// ``RelationshipCreation/event``; a recorder that encodes what it receives need not make one.
    func record(_ creation: RelationshipCreation)
}

extension MutationRecorder {
    /// Records the creation as an ordinary event.
    public func record(_ creation: NodeCreation) { record(creation.event) }

    /// Records the creation as an ordinary event.
    public func record(_ creation: RelationshipCreation) { record(creation.event) }
}
