// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension CodingFailure {
    /// Makes a failure of the error that a type threw while it was encoded.
    init(encoding error: any Error) {
        if let failure = error as? CodingFailure {
            self = failure
            return
        }
        guard case EncodingError.invalidValue(let value, let context) = error else {
            self.init(path: [], meaning: "\(error)")
            return
        }
        self.init(
            path: context.codingPath.map(\.stringValue),
            meaning: "\(context.debugDescription) (\(type(of: value)))")
    }

    /// Makes a failure of the error that a type threw while it was decoded.
    init(decoding error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            self.init(
                path: (context.codingPath + [key]).map(\.stringValue),
                meaning: "there is no such field")
        case DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context),
            DecodingError.valueNotFound(_, let context):
            self.init(
                path: context.codingPath.map(\.stringValue), meaning: context.debugDescription)
        default: self.init(path: [], meaning: "\(error)")
        }
    }
}
