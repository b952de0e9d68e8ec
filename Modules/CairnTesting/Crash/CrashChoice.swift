// SPDX-License-Identifier: Apache-2.0

/// The pending effects that a crash leaves on the medium.
///
/// Synced bytes are there in every case; a synced file lies in a directory whose entry
/// may be missing all the same. A file or directory that no durable or chosen entry leads to vanishes.
///
/// Legal, so a program must cope with each: any selection of the parts of
/// ``SimulatedFileSystem/pendingPartCount``, in any order of the original calls. A part is one sector of
/// a write, one change of a size, or one change of a directory entry. Data and size are apart: a file may
/// have grown without the data (it reads as zero, or as what was there before), or hold data that its
/// size does not show. A rename shows the old or the new name, never both and never neither. A
/// truncation that was lost shows the old bytes again. Effects that a failed sync gave up are parts like
/// any other.
///
/// Not legal, so never produced: loss of anything a successful sync covered, a sector that is neither
/// old nor new (but see `.prefix`, `.cut`, ``PartFate`` and ``CrashProfile/zeroesParts``), a file under a
/// name that it never had.
public enum CrashChoice: Hashable, Sendable {
    /// Nothing pending survives.
    case onlySynced
    /// Everything pending survives, as if the last moment had been a sync of everything.
    case everythingWritten
    /// The first so many pending effects in program order survive; if the last of them is a write, only
    /// its first half does, cut at any byte and not only between sectors.
    case prefix(Int)
    /// All effects before the one of this number, from 0, survive, and so many bytes of it when it is a
    /// write: a write cut short at any byte, which has grown its file by as much.
    case cut(effect: Int, byteCount: Int)
    /// The parts whose bits are set survive, part 0 by the lowest bit; parts from 64 on do not.
    case subset(UInt64)
    /// Each part survives or not, by chance that follows from the seed.
    case seeded(UInt64, CrashProfile = CrashProfile())
    /// Each part has a fate of its own.
    case fates(PartFates)
}

/// The treatment of pending effects by a simulated medium in a crash.
public struct CrashProfile: Hashable, Sendable {
    /// The number of bytes that are written whole or not at all, counted from the start of the file.
    public var partByteCount: Int
    /// Whether a part of a write that did not survive may read as zero in place of what was there
    /// before. Media that keep a sector whole do not do that to written sectors: a harder test than needed.
    public var zeroesParts: Bool

    /// A profile; without parameters that of an honest disk with sectors of 512 bytes.
    ///
    /// - Precondition: `partByteCount` is at least 1.
    public init(partByteCount: Int = 512, zeroesParts: Bool = false) {
        precondition(partByteCount >= 1)
        self.partByteCount = partByteCount
        self.zeroesParts = zeroesParts
    }
}
