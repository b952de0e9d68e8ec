// SPDX-License-Identifier: Apache-2.0

/// How long a leader lets those come back that the last round has just served, so that one sync carries them all:
/// as long as they keep coming. A few looks without a newcomer end it, so it costs some microseconds at most, and
/// nothing where there is only one caller.
struct Gathering: Hashable {
    private var count = 0
    private var idleLooks = 0

    /// Whether to look once more before the job is taken.
    mutating func waits(for present: Int, of expected: Int) -> Bool {
        guard expected > 1, present < expected, idleLooks < Self.idleLookMax else {
            self = Gathering()
            return false
        }
        idleLooks = present > count ? 0 : idleLooks + 1
        count = present
        return true
    }

    private static var idleLookMax: Int { 8 }
}
