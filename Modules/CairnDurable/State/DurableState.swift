// SPDX-License-Identifier: Apache-2.0

/// A state that is changed by events and by nothing else: commit an event, and it is applied.
public protocol DurableState: ReplayableState {
    /// Refuses an event before it is committed. The default accepts all.
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

    /// Applies the event.
    public mutating func replay(_ event: Event) { apply(event) }
}
