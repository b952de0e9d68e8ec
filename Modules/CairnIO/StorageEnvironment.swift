// SPDX-License-Identifier: Apache-2.0

/// The outside world of a component: files, time and randomness. Tests inject their own, so
/// that the same input gives the same bytes.
public struct StorageEnvironment: Sendable {
    /// The file system of the store.
    public var fileSystem: any VirtualFileSystem
    /// The source of wall clock and monotonic time.
    public var clock: any TimeSource
    /// The source of identities and temporary names.
    public var randomness: any RandomnessSource
    /// The runner of work in the background.
    public var backgroundWork: BackgroundWork

    /// The runner of work whose end no call waits for, such as preparing a file that will be needed.
    public enum BackgroundWork: Hashable, Sendable {
        /// Threads of their own.
        case onThreads
        /// The thread that causes the work, at once: for tests in which everything is to happen in one order.
        case inline
    }

    /// An environment of these parts.
    public init(
        fileSystem: any VirtualFileSystem, clock: any TimeSource, randomness: any RandomnessSource,
        backgroundWork: BackgroundWork = .onThreads
    ) {
        self.fileSystem = fileSystem
        self.clock = clock
        self.randomness = randomness
        self.backgroundWork = backgroundWork
    }

    /// The files, the clock and the random numbers of the operating system.
    public static var system: StorageEnvironment {
        StorageEnvironment(
            fileSystem: POSIXFileSystem(), clock: SystemTime(), randomness: SystemRandomness())
    }
}

/// Tells the time, twice over.
public protocol TimeSource: Sendable {
    /// Nanoseconds since 1970-01-01 00:00 UTC. May jump, also back.
    func wallNanoseconds() -> UInt64
    /// Nanoseconds since some fixed moment. Never goes back.
    func monotonicNanoseconds() -> UInt64
}

/// Gives random bits.
public protocol RandomnessSource: Sendable {
    /// 64 bits that cannot be predicted.
    func next() -> UInt64
}

/// The randomness of the operating system.
public struct SystemRandomness: RandomnessSource {
    /// The only one there is.
    public init() {}

    /// 64 bits of the system's generator.
    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// Lets generic code draw from a ``RandomnessSource``.
package struct RandomnessGenerator: RandomNumberGenerator {
    private let source: any RandomnessSource

    /// A generator that draws from `source`.
    package init(_ source: any RandomnessSource) {
        self.source = source
    }

    /// 64 bits of the source.
    package mutating func next() -> UInt64 { source.next() }
}
