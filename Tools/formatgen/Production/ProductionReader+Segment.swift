// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnLSN
import CairnSegments

extension ProductionReader {
    /// What the codec says of a segment file that is the last of its log.
    static func segment(_ input: [UInt8], _ context: [String: DynamicValue]) -> Outcomes {
        var delivered = 0
        do throws(SegmentError) {
            var reader = try SegmentReader(BytesFile(input), name: name(of: input, context))
            while true {
                switch try reader.next() {
                case .frame: delivered += 1
                case .end:
                    let outcome = Outcome(delivered: delivered)
                    return [.strict: outcome, .recover: outcome]
                case .damage(let damage):
                    return outcomes(damage, try reader.analyze(damage), delivered)
                }
            }
        } catch {
            return outcomes(error, delivered)
        }
    }

    private static func outcomes(
        _ damage: SegmentDamage, _ analysis: DamageAnalysis, _ delivered: Int
    ) -> Outcomes {
        let strict = Outcome(
            error: damage.kind.errorClass, at: Int(damage.offset), delivered: delivered)
        let recovered =
            analysis.verdict == .tornTail
            ? Outcome(delivered: delivered, truncateTo: Int(damage.offset)) : strict
        return [.strict: strict, .recover: recovered]
    }

    private static func outcomes(_ error: SegmentError, _ delivered: Int) -> Outcomes {
        let errorClass: ErrorClass? =
            switch error.reason {
            case .header(let code): code.errorClass
            case .nameAndHeaderDiffer: SegmentError.Reason.nameAndHeaderDifferClass
            case .notAuthentic, .fileShrank, nil: nil
            }
        let outcome = Outcome(
            error: errorClass, at: error.offset.map { Int($0) }, delivered: delivered)
        return [.strict: outcome, .recover: outcome]
    }

    /// The name that is known, or the one that agrees with the header.
    private static func name(
        of input: [UInt8], _ context: [String: DynamicValue]
    ) -> SegmentName {
        if let segment = context["expectedSegment"], let base = context["expectedBaseLSN"] {
            return SegmentName(
                segment: SegmentID(rawValue: segment.number), baseLSN: LSN(rawValue: base.number))
        }
        guard input.count >= SegmentLayout.headerByteCount else {
            return SegmentName(segment: .first, baseLSN: .first)
        }
        let bytes = input.span.bytes
        return SegmentName(
            segment: SegmentID(rawValue: bytes.load(SegmentLayout.segmentID)),
            baseLSN: LSN(rawValue: bytes.load(SegmentLayout.baseLSN)))
    }
}
