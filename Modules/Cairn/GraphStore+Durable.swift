// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnFormat
public import CairnGraph
public import CairnRecorder

extension MutationEvent: DurableEvent {}

/// A graph store is a state that reports its own changes and gives views of itself in O(1).
extension GraphStore: TransactionalState {
    /// The name of every store of a graph, whatever the program.
    public static var name: String { "cairn.graph" }

    /// Applies an event of the log.
    public mutating func replay(_ event: MutationEvent) throws { try apply(event) }

    /// Applies an event of the log right from its bytes, when that is possible.
    public mutating func replayEncoded(_ decoder: inout EventDecoder) -> Bool {
        applyEncoded(&decoder)
    }

    /// Reports every later change to `recorder`.
    public mutating func attach(to recorder: WalRecorder) {
        self.recorder = GraphEventRecorder(recorder)
    }
}

/// Hands the events of a store to the recorder of a log.
private final class GraphEventRecorder: MutationRecorder {
    private let recorder: WalRecorder

    init(_ recorder: WalRecorder) { self.recorder = recorder }

    func record(_ event: MutationEvent) { recorder.record(event) }

    func record(_ creation: NodeCreation) { recorder.record(creation) }

    func record(_ creation: RelationshipCreation) { recorder.record(creation) }
}
