// SPDX-License-Identifier: Apache-2.0

extension ChangeAdequacy {
    /// Changes after which every input has the same outcome, with the reason. One that a vector notices after
    /// all must go from here.
    static let equivalent: [String: [String: String]] = [
        "segment": segment, "snapshot": snapshot, "GraphSnapshot": graphSnapshot, "store": store,
        "container": container,
    ]

    private static let container = [
        "flippedRecordBit: the first 136 bytes":
            "bytes behind a record do not decide whether it is whole"
    ]

    private static let fitsOrIsCut = "bytes behind the end of the input are never there"
    private static let zerosFollow =
        "where the frame ends before the sector does, zeros up to its end are the other rule"
    private static let noKind = "no frame of the kind 0 is intact"

    private static let segment = [
        "flippedPayloadBit: extent ((damage + 32) + (((head.payloadByteCount + 11) / 8) * 8))":
            "a payload is only checked when the frame fits",
        "flippedHeaderBit: extent ((damage + 32) + (((payloadByteCount + 11) / 8) * 8))":
            fitsOrIsCut,
        "flippedPayloadBit: unless (isZero(bytes(((byte / 512) * 512), min(extent, (((byte / 512) * 512) + 512)))) || isZero(bytes(byte, extent)))":
            "a sector that has the start of the frame and a byte of its payload has the header, which is not zero",
        "flippedPayloadBit: unless (isZero(bytes(max(damage, ((byte / 512) * 512)), (((byte / 512) * 512) + 512))) || isZero(bytes(byte, extent)))":
            zerosFollow,
        "flippedHeaderBit: unless (isZero(bytes(max(damage, ((byte / 512) * 512)), (((byte / 512) * 512) + 512))) || isZero(bytes(byte, extent)))":
            zerosFollow,
        "kind.none: lsnCount of 1": noKind, "kind.none: carriesWatermark of 1": noKind,
        "segmentHeader: headerNumbers as ((segmentID > 0) && (predecessorLastLSN == (baseLSN - 1)))":
            "no unsigned number is one below 0",
    ]

    private static let snapshot = [
        "trailer: footerPlace as ((footerOffset >= 48) && (footerByteCount == (start - footerOffset)))":
            "no unsigned number is below 0",
        "indexEntry: sectionStart as (firstOffset == nextOffset)":
            "the section before ends before the footer, and the first begins there",
    ]

    private static let empty = "the last of an empty list is none, which is not 0"

    private static let graphSnapshot = [
        "value.null: type of 1": "no property is null",
        "graphSnapshot: bitmapsEnd as ((last(nodesInUse) != 0) && ((relationshipsInUse == []) || (last(relationshipsInUse) != 0)))":
            empty,
        "graphSnapshot: bitmapsEnd as (((nodesInUse == []) || (last(nodesInUse) != 0)) && (last(relationshipsInUse) != 0))":
            empty,
    ]

    private static let noted =
        "something else was noted before, and what was noted first is the outcome"
    private static let alreadyRefused = "the check before it has refused what this one adds"
    private static let isAnError = "a newer version is an error, and only then has a category"

    private static let store = [
        "files identity: the last one may be torn":
            "only the header of the first segment is looked at",
        "files programs: the last one may be torn": "a file that names a program has no torn end",
        "files snapshots: the last one may be torn": "a snapshot has no torn end",
        "identityOpened: headerHolds as (file.category == 'notThisFormat')": alreadyRefused,
        "identityOpened: headerHolds as (file.category == 'unsupported')": alreadyRefused,
        "segmentOpened: headerHolds as (file.category == 'notThisFormat')": alreadyRefused,
        "segmentOpened: headerHolds as (file.category == 'unsupported')": alreadyRefused,
        "segmentOpened: if file.segment == before.segment + 1, always": noted,
        "segmentOpened: predecessor as (((header.predecessorByteCount == before.contentEnd) && (header.predecessorLastLSN == before.lastLSN)) && (header.predecessorChain == before.chain))":
            alreadyRefused,
        "segmentAlone: if before != none && beforeIsJudged == 0, always": noted,
        "segmentAlone: if before != none && beforeIsJudged == 0, as (before != none)": noted,
        "segmentAlone: if before != none && beforeIsJudged == 0, as (beforeIsJudged == 0)": noted,
        "segmentAlone: newerBefore as (before.category != 'unsupported')": isAnError,
        "segmentAlone: newerBefore as ((before.error != none) || (before.category != 'unsupported'))":
            isAnError,
        "segmentAlone: newerBefore as ((before.sealed == 1) || (before.category != 'unsupported'))":
            alreadyRefused,
        "segmentAlone: wholeBefore as (before.error == none)": alreadyRefused,
        "segmentAlone: sealedBefore as ((before.error != none) || (before.sealed == 1))":
            alreadyRefused,
        "segmentAlone: sealedBefore as ((before.sealed == 1) || (before.category == 'unsupported'))":
            alreadyRefused,
        "segmentOpened: if before != none, always": "no number is one above none",
        "segmentClosed: if content.salt != none, always": noted,
        "segmentClosed: if isForeign == 0, always": noted,
        "\(closed)((before != none) && (beforeIsJudged == 0))": noted,
        "\(closed)(before.contentEnd == content.header.predecessorByteCount)": noted,
        "\(closed)((before != none) && (before.contentEnd == content.header.predecessorByteCount))":
            noted,
        "\(closed)((beforeIsJudged == 0) && (before.contentEnd == content.header.predecessorByteCount))":
            noted,
        "segmentClosed: newerBefore as (isInterrupted || (before.category != 'unsupported'))":
            isAnError,
        "segmentClosed: sealBefore as (isWhole || isInterrupted)": alreadyRefused,
        "segmentClosed: lastIsWhole as (file.error == none)": alreadyRefused,
        "segmentsAfter: endsBeforeTheLast as ((open == 0) || (openPath == before.path))": noted,
        "segmentsAfter: reachesOtherFiles as (before.lastLSN >= mustReach)": noted,
        "segmentsAfter: reachesSnapshot as (before.lastLSN >= fence)": noted,
    ]

    private static let closed =
        "segmentClosed: if before != none && beforeIsJudged == 0 && before.contentEnd == content.header.predecessorByteCount, as "
}
