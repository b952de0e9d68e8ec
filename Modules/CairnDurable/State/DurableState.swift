// SPDX-License-Identifier: Apache-2.0

/// A state that is changed by events and by nothing else: commit an event, and it is applied.
public protocol DurableState: ReplayableState {
    /// Refuses an event before it is committed. The default accepts all.
    ///
    /// An accepted event must leave a state that `write(to:)` can write; otherwise the event is durable and every later
    /// checkpoint fails. A `Codable` state has one such limit: at most 64 arrays and objects may lie within one another,
    /// as in an event. A state in which values of events lie deeper than in the events, or that grows inwards, must
    /// refuse here what would be too deep. Tests find out with the parameter
    /// `checksStates` of `Durable.open`.
    func validate(_ event: Event) throws

    /// Applies an event. Called before the event is on disk, and, with ``Publication/secondCopy``, a second time on
    /// the copy that readers see; so it must depend on nothing but the state and the event.
    mutating func apply(_ event: Event)
}

extension DurableState {
    /// A second copy, because the default copy of a struct of dictionaries is no cheap view.
    public static var publication: Publication { .secondCopy }

    /// Accepts every event.
    public func validate(_ event: Event) throws {}

    /// Replays an event as ``apply(_:)`` did it.
    public mutating func replay(_ event: Event) { apply(event) }

    /// Validates the event as when it was committed.
    public func validateReplay(of event: Event) throws { try validate(event) }
}
