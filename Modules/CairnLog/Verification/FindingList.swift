// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnSegments

/// Findings of more than one judge, in the order in which they were met.
final class FindingList {
    private(set) var all: [Finding] = []
    /// Whether frames behind damage are looked for: by salvage.
    let resumes: Bool
    /// Whether, behind the last damage, frames could be read to the end of the segment.
    private(set) var isReadToTheEnd = false
    private var piece: (segment: SegmentID, isNew: Bool)?

    init(resumes: Bool = false) { self.resumes = resumes }

    /// Frames behind damage come next.
    func beginPiece(of segment: SegmentID) { piece = (segment, true) }

    /// Whether frames behind damage have begun since this was asked last.
    func takeNewPiece() -> Bool {
        defer { piece?.isNew = false }
        return piece?.isNew ?? false
    }

    func endReading(isWhole: Bool) { isReadToTheEnd = isWhole }

    func append(_ finding: Finding) { all.append(finding) }

    /// Whether something was found in a segment already. What else is wrong there may only follow from it.
    func isDamaged(_ segment: SegmentID) -> Bool {
        piece?.segment == segment || all.contains { $0.segment == segment }
    }
}
