// SPDX-License-Identifier: Apache-2.0

@_exported import struct CairnTesting.SplitMix64

extension SplitMix64 {
    /// A number below `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
