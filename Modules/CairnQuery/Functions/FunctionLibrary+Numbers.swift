// SPDX-License-Identifier: Apache-2.0

extension FunctionLibrary {
    static let numbers: [String: FunctionBody] = {
        var all: [String: FunctionBody] = [
            "rand": .none { (execution) throws(QueryError) in .double(execution.host.random()) },
            "pi": .none { (_) throws(QueryError) in .double(.pi) },
            "e": .none { (_) throws(QueryError) in .double(2.718281828459045) },
            "randomuuid": .none { (execution) throws(QueryError) in
                .string(uuid(execution.host.random))
            },
            "abs": .unary { (value, _) throws(QueryError) in
                switch value {
                case .int(let int):
                    guard int != .min else { throw .runtime(.arithmetic, .integerOverflow) }
                    return .int(abs(int))
                case .double(let double): return .double(abs(double))
                default: throw refusal("abs")
                }
            },
            "sign": .unary { (value, _) throws(QueryError) in
                guard let number = value.asDouble else { throw refusal("sign") }
                return .int(number > 0 ? 1 : number < 0 ? -1 : 0)
            },
            "round": .variadic { (values, _) throws(QueryError) in
                if values.contains(where: \.isNull) { return .null }
                guard let number = values[0].asDouble else { throw refusal("round") }
                var scale = 1.0
                if values.count > 1 {
                    guard case .int(let digits) = values[1], (0...300).contains(digits) else {
                        throw .runtime(.argument, .numberOutOfRange, name: "round")
                    }
                    scale = MathFunction.power(10, Double(digits))
                }
                let rounded = (number * scale + 0.5).rounded(.down) / scale
                return .double(rounded.isFinite ? rounded : number)
            },
            "atan2": .variadic { (values, _) throws(QueryError) in
                if values.contains(where: \.isNull) { return .null }
                guard let y = values[0].asDouble, let x = values[1].asDouble else {
                    throw refusal("atan2")
                }
                return .double(MathFunction.arcTangent(y, x))
            },
        ]
        for (name, body) in MathFunction.unary {
            all[name] = .unary { (value, _) throws(QueryError) in
                guard let number = value.asDouble else { throw refusal(name) }
                return .double(body(number))
            }
        }
        return all
    }()

    /// A random UUID of version 4.
    private static func uuid(_ random: () -> Double) -> String {
        var digits: [Character] = []
        let alphabet = Array("0123456789abcdef")
        for index in 0..<32 {
            if [8, 12, 16, 20].contains(index) { digits.append("-") }
            var digit = min(15, max(0, Int(random() * 16)))
            if index == 12 { digit = 4 }
            if index == 16 { digit = 8 | digit & 3 }
            digits.append(alphabet[digit])
        }
        return String(digits)
    }
}
