// SPDX-License-Identifier: Apache-2.0

/// A state that is changed in place and reports each change as an event to the recorder that it is attached to.
///
/// Each write leaves a ``ReplayableState/view()``, and a write that is taken back leaves the view before it in the
/// state's place. So a view must be cheap, and it must contain everything that a write can change. Neither the
/// beginning nor the end of a write calls the state: nothing of it can fail once the log has the events.
public protocol TransactionalState: ReplayableState {}
