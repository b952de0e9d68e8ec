// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// The calls to a ``SimulatedFileSystem`` that fail, and their errors.
public struct FaultPlan: Hashable, Sendable {
    /// The rules; the first one that matches a call decides.
    public var rules: [FaultRule]

    /// A plan of these rules; without any, nothing fails.
    public init(_ rules: [FaultRule] = []) {
        self.rules = rules
    }

    /// The machine stops during the mutating call numbered `index`, from 0.
    public static func crash(atOperation index: Int) -> Self {
        Self([FaultRule(.operation(index), .crash)])
    }

    /// The mutating call numbered `index`, from 0, fails.
    public static func fail(
        _ errno: Errno, atOperation index: Int, _ duration: FaultRule.Duration = .once
    ) -> Self {
        Self([FaultRule(.operation(index), .fail(errno), duration)])
    }

    /// The call numbered `index`, from 0, fails; reading calls are counted here, too.
    public static func fail(
        _ errno: Errno, atCall index: Int, _ duration: FaultRule.Duration = .once
    ) -> Self {
        Self([FaultRule(.call(index), .fail(errno), duration)])
    }
}
