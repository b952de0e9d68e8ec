// SPDX-License-Identifier: Apache-2.0

/// The counts of a ``CrashEnumeration``.
public struct CrashReport: Hashable, Sendable {
    /// At how many moments of the workload the machine was stopped.
    public internal(set) var crashCount = 0
    /// The number of different states of the disk that were checked, those of interrupted recoveries included.
    public internal(set) var imageCount = 0
    /// The number of recoveries that were interrupted.
    public internal(set) var recoveryCrashCount = 0
}

/// A state of the disk that a crash may leave and that a program does not cope with.
public struct CrashFailure: Error, CustomStringConvertible {
    /// The name of the enumeration.
    public let name: String
    /// The crash: give it to ``CrashEnumeration/reproduce(_:)``.
    public let place: CrashPlace
    /// The reason of the failure.
    public let reason: String

    /// Two lines: what was wrong, and how to see it again.
    public var description: String {
        """
        \(name): \(reason)
        to repeat it: try enumeration.reproduce(CrashPlace("\(place)")!)
        """
    }
}
