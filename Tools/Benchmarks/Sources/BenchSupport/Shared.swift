// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A value that several threads change, one at a time.
public final class Shared<Value: Sendable>: Sendable {
    private let content: Mutex<Value>

    /// Shares a value.
    public init(_ value: Value) { content = Mutex(value) }

    /// Changes the value.
    public func change(_ body: (inout Value) -> Void) {
        content.withLock { body(&$0) }
    }

    /// The value now.
    public var value: Value { content.withLock { $0 } }
}
