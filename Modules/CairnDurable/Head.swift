// SPDX-License-Identifier: Apache-2.0

internal import CairnLSN
internal import CairnLog
internal import CairnRecorder

/// The state that writers change: everything that was appended, ahead of what readers see.
final class Head<State: ReplayableState>: @unchecked Sendable {
    // Touched only while the writer lock of the store is held, which excludes all that the runtime would check.

    @exclusivity(unchecked) var state: State
    /// The last commit that was appended since the store was opened.
    @exclusivity(unchecked) var lastCommit: PendingCommit?
    var isClosed = false
    private let recorder: WalRecorder

    init(_ state: consuming State, _ recorder: WalRecorder) {
        self.recorder = recorder
        self.state = state
        self.state.attach(to: recorder)
    }

    /// Puts another state in place of one that cannot be kept.
    func replace(by state: consuming State) {
        self.state = state
        self.state.attach(to: recorder)
    }
}
