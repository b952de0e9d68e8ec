// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage

/// Something that happens to a whole file, or to a sector of it.
enum FileDamage: Hashable, Sendable, CustomStringConvertible {
    case removed
    /// All files of its kind are removed.
    case allRemoved
    /// A record of a newer version is added to it.
    case newerRecord
    case emptied
    case cut(Int)
    case zeroed
    case exchanged(FilePath)
    case rolledBack(Int)
    case doubled(FilePath)
    case foreign(FilePath)
    case zeroedSector(Int)
    case garbageSector(Int)
    case unreadableSector(Int)

    var description: String {
        switch self {
        case .removed: "removed"
        case .allRemoved: "all-removed"
        case .newerRecord: "newer-record"
        case .emptied: "emptied"
        case .cut(let count): "cut:\(count)"
        case .zeroed: "zeroed"
        case .exchanged(let other): "exchanged:\(other)"
        case .rolledBack(let step): "rolled-back:\(step)"
        case .doubled(let other): "doubled:\(other)"
        case .foreign(let other): "foreign:\(other)"
        case .zeroedSector(let sector): "zeroed-sector:\(sector)"
        case .garbageSector(let sector): "garbage-sector:\(sector)"
        case .unreadableSector(let sector): "unreadable-sector:\(sector)"
        }
    }

    /// Everything that may happen to a file.
    static func all(of path: FilePath, in fixture: Fixture) -> [FileDamage] {
        let image = fixture.image
        let byteCount = image.contents(path)?.count ?? 0
        if image.otherFiles.contains(path) {
            return [.removed, .emptied, .zeroed] + (1..<max(1, byteCount)).map { .cut($0) }
        }
        let suffix = path.string.hasSuffix(".wal") ? ".wal" : ".snap"
        var damages: [FileDamage] = [.removed, .allRemoved, .emptied, .zeroed]
        if path == fixture.lastSegment { damages.append(.newerRecord) }
        damages += (1..<max(1, byteCount)).map { .cut($0) }
        for other in image.storeFiles where other != path { damages.append(.exchanged(other)) }
        for (step, earlier) in fixture.earlier.enumerated() {
            guard let old = earlier.contents(path), old != image.contents(path) else { continue }
            damages.append(.rolledBack(step))
        }
        for other in fixture.stranger.storeFiles where other.string.hasSuffix(suffix) {
            damages.append(.foreign(other))
        }
        let names =
            suffix == ".wal"
            ? ["0000000001-00000000000000000001", "0000000009-00000000000000000100"]
            : ["00000000000000000001", "00000000000000001000"]
        let directory = path.removingLastComponent()
        for name in names {
            let copy = directory.appending(name + suffix)
            if image.contents(copy) == nil { damages.append(.doubled(copy)) }
        }
        for sector in 0...(max(0, byteCount - 1) / 512) {
            damages += [.zeroedSector(sector), .garbageSector(sector), .unreadableSector(sector)]
        }
        return damages
    }

    func apply(to path: FilePath, of files: SimulatedFileSystem, _ fixture: Fixture) {
        var bytes = files.contents(path) ?? []
        func sector(_ number: Int) -> Range<Int> {
            number * 512..<min(bytes.count, number * 512 + 512)
        }
        switch self {
        case .removed: return files.remove(path)
        case .allRemoved:
            for other in files.storeFiles where other.extension == path.extension {
                files.remove(other)
            }
            return
        case .newerRecord: bytes = fixture.addingNewerRecord(to: bytes)
        case .emptied: bytes = []
        case .cut(let count): bytes = Array(bytes.prefix(count))
        case .zeroed: bytes = [UInt8](repeating: 0, count: bytes.count)
        case .exchanged(let other):
            let others = files.contents(other) ?? []
            files.setContents(other, bytes)
            bytes = others
        case .rolledBack(let step): bytes = fixture.earlier[step].contents(path) ?? []
        case .doubled(let copy): return files.setContents(copy, bytes)
        case .foreign(let other): bytes = fixture.stranger.contents(other) ?? []
        case .zeroedSector(let number):
            for index in sector(number) { bytes[index] = 0 }
        case .garbageSector(let number):
            for index in sector(number) {
                bytes[index] = UInt8(truncatingIfNeeded: index &* 73) ^ 0x5c
            }
        case .unreadableSector(let number): return files.makeUnreadable(path, sector(number))
        }
        files.setContents(path, bytes)
    }

    /// True when the other generations of a snapshot stay as they are.
    var leavesTheOthers: Bool {
        switch self {
        // A copy of another store, or of another fence, is not damaged: it does not belong there.
        case .allRemoved, .exchanged, .doubled, .foreign, .unreadableSector, .rolledBack: false
        default: true
        }
    }

    /// True when no store could tell it from a write that a crash cut short.
    func mayLookLikeACrash(_ path: FilePath, _ fixture: Fixture) -> Bool {
        guard path == fixture.lastSegment, let bytes = fixture.image.contents(path) else {
            return false
        }
        switch self {
        case .cut, .rolledBack: return true
        case .zeroedSector(let sector), .garbageSector(let sector):
            // The end is proven by what stands behind it; when that is gone, too, nothing is.
            let end = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
            return !fixture.isClosed || end <= (sector + 1) * 512 + 40
        default: return false
        }
    }
}
