// SPDX-License-Identifier: Apache-2.0

extension CrashChoice {
    /// The simplest choice that still fails: part by part, what need not be strange becomes whole or absent.
    ///
    /// - Parameter fails: Whether a choice fails; this one is taken to.
    /// - Complexity: Two calls of `fails` for each part at most.
    public func shrunk(_ fails: (CrashChoice) -> Bool) -> CrashChoice {
        guard case .fates(var best) = self else {
            for simple in [CrashChoice.onlySynced, .everythingWritten] where self != simple {
                if fails(simple) { return simple }
            }
            return self
        }
        for index in best.fates.indices where best.fates[index] != .whole {
            for fate in [PartFate.whole, .absent] where best.fates[index] != fate {
                var simpler = best
                simpler.fates[index] = fate
                if fails(.fates(simpler)) {
                    best = simpler
                    break
                }
            }
        }
        return .fates(best)
    }
}
