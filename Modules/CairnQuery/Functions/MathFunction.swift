// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Functions on doubles.
enum MathFunction {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    static func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }

    /// The functions with one argument, by their names in lower case.
    static let unary: [String: @Sendable (Double) -> Double] = [
        "ceil": { $0.rounded(.up) },
        "floor": { $0.rounded(.down) },
        "sqrt": { $0.squareRoot() },
        "exp": { exp($0) },
        "log": { log($0) },
        "log10": { log10($0) },
        "sin": { sin($0) },
        "cos": { cos($0) },
        "tan": { tan($0) },
        "cot": { 1 / tan($0) },
        "asin": { asin($0) },
        "acos": { acos($0) },
        "atan": { atan($0) },
        "degrees": { $0 * 180 / .pi },
        "radians": { $0 * .pi / 180 },
        "haversin": { (1 - cos($0)) / 2 },
    ]
}
