// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnRecorder

/// A state that can be rebuilt from a snapshot and the events after it.
///
/// It has the semantics of a value: a copy goes on unchanged when the original is changed. Use a struct or an enum,
/// of parts that are values too.
public protocol ReplayableState: Sendable {
    /// A change of the state.
    associatedtype Event: DurableEvent

    /// The name by which a store is recognised as one of this program. It is kept in the store, and a store of another
    /// name is refused before anything is changed.
    ///
    /// The default is the name of the type without its module and the types around it, as `String(describing:)`
    /// says: moving a type changes nothing, renaming it does. A renamed type returns its old name here. Not
    /// empty.
    static var name: String { get }

    /// The version of the schema: of the events and of the state as they are written. The default is 1.
    ///
    /// Raise it by one with each change that ``upcast(event:from:)`` or ``upcast(state:from:)`` has to know of. Once a
    /// program of a higher version has opened a store for writing, one of a lower version is refused.
    static var version: Int { get }

    /// Turns an event that an earlier version of the program wrote into what this version writes. Called for
    /// `Codable` events in the self-describing form; an event with a form of its own is read as it is.
    ///
    /// The default changes nothing. The same value must always give the same result.
    ///
    /// - Parameters:
    ///   - event: The event in the self-describing form.
    ///   - version: Which version wrote it: at least 1, less than ``version``. It is turned into one of the
    ///     current version in one call.
    /// - Returns: The event; nil when it no longer means anything and is to be left out.
    /// - Throws: When it cannot be turned: the store is refused, code `.doesNotFit`, and nothing is changed.
    static func upcast(event: CodedValue, from version: Int) throws -> CodedValue?

    /// Turns a state that an earlier version of the program wrote into a snapshot into what this version writes. Called
    /// for `Codable` states in the self-describing form; the default changes nothing.
    ///
    /// - Parameters:
    ///   - state: The state in the self-describing form.
    ///   - version: As in ``upcast(event:from:)``.
    /// - Throws: As there.
    static func upcast(state: CodedValue, from version: Int) throws -> CodedValue

    /// The state before the first event.
    init()

    /// Applies an event that was committed before. The same events must always give the same state.
    ///
    /// - Throws: When the event does not fit the state, which means that the log was written by a version of the
    ///   program with other rules. Opening then fails, and nothing is changed.
    mutating func replay(_ event: Event) throws

    /// Throws when an event does not fit the state. Asked only when events before it may be missing: in a salvage.
    ///
    /// The default leaves that to ``replay(_:)``; that of a ``DurableState`` is its `validate(_:)`.
    func validateReplay(of event: Event) throws

    /// Applies an event that was committed before, right from its bytes, for states that can do so faster
    /// than by way of the event. The result must be the same as that of ``replay(_:)``.
    ///
    /// The default returns false.
    ///
    /// - Returns: False when nothing changed; then the event is decoded and given to ``replay(_:)``.
    mutating func replayEncoded(_ decoder: inout EventDecoder) -> Bool

    /// Hands a state that reports its own changes the recorder to report them to. Called when the state is opened,
    /// and again when another state takes its place after a write was taken back.
    mutating func attach(to recorder: WalRecorder)

    /// The way in which readers get at committed states.
    static var publication: Publication { get }

    /// The state as it is now, for good: a value that does not change when the original does.
    ///
    /// The default copies the state.
    borrowing func view() -> Self

    /// Writes the state as sections of records. Another thread may change the state meanwhile when this is
    /// the view of a checkpoint, so it must not depend on anything outside of the value.
    borrowing func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) throws(Sink.Failure)

    /// Reads the state that ``write(to:)`` wrote.
    init<Source: SectionSource & ~Copyable>(from source: inout Source) throws(Source.Failure)
}

extension ReplayableState {
    /// The name of the type.
    public static var name: String { String(describing: Self.self) }

    /// 1.
    public static var version: Int { 1 }

    /// Changes nothing.
    public static func upcast(event: CodedValue, from version: Int) throws -> CodedValue? { event }

    /// Changes nothing.
    public static func upcast(state: CodedValue, from version: Int) throws -> CodedValue { state }

    /// Does nothing.
    public func validateReplay(of event: Event) throws {}

    /// Leaves the event to ``replay(_:)``.
    public mutating func replayEncoded(_ decoder: inout EventDecoder) -> Bool { false }

    /// Does nothing.
    public mutating func attach(to recorder: WalRecorder) {}

    /// ``Publication/view``: a view replaces the state that readers see.
    public static var publication: Publication { .view }

    /// A copy of the state, for types whose copies share their memory.
    public borrowing func view() -> Self { copy self }
}

/// The way in which readers get at committed states while a writer is ahead of them.
///
/// | | memory | a commit | a reader |
/// | --- | --- | --- | --- |
/// | ``view`` | what changed since, shared otherwise | copies what it changes, once | never waits |
/// | ``secondCopy`` | the state twice | is applied twice | waits while the events of a round are applied |
public enum Publication: Hashable, Sendable {
    /// Each commit leaves a view, ``ReplayableState/view()``, which readers get once it is as safe as the policy
    /// promises. For states of which a copy costs little now and little at the next change: persistent structures,
    /// or small states. With a large dictionary the next change after each view copies all of it.
    case view
    /// A second copy of the state follows the first one: a commit's events are applied to it once they are as safe
    /// as the policy promises. A reader that is still at work by then costs one copy of the state.
    case secondCopy
}
