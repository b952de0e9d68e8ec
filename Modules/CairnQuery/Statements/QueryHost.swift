// SPDX-License-Identifier: Apache-2.0

/// The services that a program provides to the queries that it runs: this module itself asks the operating system for nothing.
public struct QueryHost: Sendable {
    /// The procedures that CALL finds, by name.
    public private(set) var procedures: [String: QueryProcedure]
    /// The time zones that have a name; without them only offsets from UTC are known.
    public var timeZones: (any QueryTimeZones)?
    /// Seconds and nanoseconds since 1970 in UTC; without it functions that ask for the time fail with
    /// ``QueryError/Code/noClock``.
    public var clock: (@Sendable () -> (seconds: Int64, nanoseconds: Int64))?
    /// Random numbers from 0 to below 1.
    public var random: @Sendable () -> Double

    /// The services that a program gives to statements.
    public init(
        procedures: [QueryProcedure] = [], timeZones: (any QueryTimeZones)? = nil,
        clock: (@Sendable () -> (seconds: Int64, nanoseconds: Int64))? = nil,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.procedures = Dictionary(procedures.map { ($0.name, $0) }) { $1 }
        self.timeZones = timeZones
        self.clock = clock
        self.random = random
    }

    /// Declares a procedure; one of the same name is replaced.
    public mutating func declare(_ procedure: QueryProcedure) {
        procedures[procedure.name] = procedure
    }
}
