// SPDX-License-Identifier: Apache-2.0

/// How long and how large a statement may become.
public struct QueryLimits: Sendable {
    /// When it is to end; nil for no deadline. Looked at every few thousand steps.
    public var deadline: ContinuousClock.Instant?
    /// How many rows it may give; nil for any number.
    public var rowCountMax: Int?
    /// How many bytes the rows and lists that it has to keep at a time may take, roughly.
    public var byteCountMax: Int
    /// Asked every few thousand steps; true ends the statement.
    public var isCancelled: (@Sendable () -> Bool)?

    /// Limits; by default 1 GiB of memory and nothing else.
    public init(
        deadline: ContinuousClock.Instant? = nil, rowCountMax: Int? = nil,
        byteCountMax: Int = 1 << 30, isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        self.deadline = deadline
        self.rowCountMax = rowCountMax
        self.byteCountMax = byteCountMax
        self.isCancelled = isCancelled
    }
}
