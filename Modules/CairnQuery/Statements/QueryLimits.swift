// SPDX-License-Identifier: Apache-2.0

/// How long and how large a statement may become.
public struct QueryLimits: Sendable {
    /// When it is to end; nil for no deadline. Looked at every few thousand steps.
    public var deadline: ContinuousClock.Instant?
    /// How long each run may take; nil for any time. What ends first counts: this or ``deadline``.
    public var timeout: Duration?
    /// How many rows it may give; nil for any number.
    public var rowCountMax: Int?
    /// How many bytes the rows and lists that it has to keep at a time may take, roughly.
    public var byteCountMax: Int
    /// Asked every few thousand steps; true ends the statement.
    public var isCancelled: (@Sendable () -> Bool)?

    /// Limits; by default 1 GiB of memory and nothing else.
    public init(
        deadline: ContinuousClock.Instant? = nil, timeout: Duration? = nil,
        rowCountMax: Int? = nil, byteCountMax: Int = 1 << 30,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        self.deadline = deadline
        self.timeout = timeout
        self.rowCountMax = rowCountMax
        self.byteCountMax = byteCountMax
        self.isCancelled = isCancelled
    }

    /// The same limits; a statement also ends when the task that runs it is cancelled.
    public var endingWithTask: QueryLimits {
        var limits = self
        limits.isCancelled = { [isCancelled] in Task.isCancelled || (isCancelled?() ?? false) }
        return limits
    }

    /// When a run that begins now is to end.
    var end: ContinuousClock.Instant? {
        guard let timeout else { return deadline }
        let end = ContinuousClock.now.advanced(by: timeout)
        return deadline.map { min($0, end) } ?? end
    }
}
