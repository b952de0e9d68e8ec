// SPDX-License-Identifier: Apache-2.0

package import CairnFormats

extension Expression {
    /// A formula that reads as this one, with parentheses around every operator.
    package var formula: Formula { Formula(stringLiteral: text) }

    private var text: String {
        switch self {
        case .number(let value): return value < 0 ? "(0 - \(value.magnitude))" : "\(value)"
        case .text(let text): return "'\(text)'"
        case .name(let name): return name
        case .builtin(let name): return name.rawValue
        case .tag(let table, let name): return "\(table)::\(name)"
        case .member(let object, let name): return "\(object.text).\(name)"
        case .call(let name, let arguments):
            let parts = arguments.map(\.text)
            switch name {
            case .choose: return "(\(parts[0]) ? \(parts[1]) : \(parts[2]))"
            case .not: return "!\(parts[0])"
            case .at: return "\(parts[0])[\(parts[1])]"
            case .list: return "[\(parts.joined(separator: ", "))]"
            default:
                return name.isInfix
                    ? "(\(parts.joined(separator: " \(name.rawValue) ")))"
                    : "\(name.rawValue)(\(parts.joined(separator: ", ")))"
            }
        }
    }
}

extension Operator {
    fileprivate var isInfix: Bool { rawValue.first?.isLetter == false }
}
