// SPDX-License-Identifier: Apache-2.0

import Testing

/// Expects two values to be equal. `#expect` cannot look into expressions that use spans and readers,
/// which may not escape; as arguments of a function they are evaluated before.
func expectEqual<Value: Equatable>(
    _ found: Value, _ expected: Value, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found == expected, Comment(rawValue: comment()), sourceLocation: sourceLocation)
}
