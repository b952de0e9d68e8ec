// SPDX-License-Identifier: Apache-2.0

/// Time zones by name, which the host of a query provides. The rules of zones change several times a year, so no
/// module of this package contains them.
public protocol QueryTimeZones: Sendable {
    /// How many seconds clocks in the zone are ahead of UTC at a moment; nil for a zone that is not known.
    func offset(of zone: String, atSecondSince1970 second: Int64) -> Int32?

    /// How many seconds clocks in the zone are ahead of UTC when they show a time, given in seconds after
    /// 1970-01-01T00:00 there; nil for a zone that is not known.
    ///
    /// Of a time that clocks show twice, the first counts; one that they skip is taken with the offset before.
    func offset(of zone: String, atLocalSecond second: Int64) -> Int32?
}
