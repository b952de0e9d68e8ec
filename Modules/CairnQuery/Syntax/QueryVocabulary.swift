// SPDX-License-Identifier: Apache-2.0

/// The words of the language, for those who complete or colour statements.
package enum QueryVocabulary {
    /// The keywords in upper case, ascending.
    package static let keywords = [
        "ALL", "AND", "ANY", "AS", "ASC", "ASCENDING", "BY", "CALL", "CASE", "CONSTRAINT",
        "CONSTRAINTS",
        "CONTAINS", "COUNT", "CREATE", "DELETE", "DESC", "DESCENDING", "DETACH", "DISTINCT", "DROP",
        "ELSE", "END", "ENDS", "EXISTS", "EXPLAIN", "FALSE", "FOR", "IN", "INDEX", "INDEXES",
        "INSERT", "IS",
        "KEY", "LABELED", "LIMIT", "MATCH", "MERGE", "NODE", "NONE", "NOT", "NULL", "OFFSET", "ON",
        "OPTIONAL",
        "OR", "ORDER", "PROFILE", "RELATIONSHIP", "REMOVE", "REQUIRE", "RETURN", "SET", "SHOW",
        "SINGLE", "SKIP",
        "STARTS", "THEN", "TRUE", "UNION", "UNIQUE", "UNWIND", "WHEN", "WHERE", "WITH", "XOR",
        "YIELD",
    ]

    /// The names of the functions, ascending.
    package static let functionNames: [String] = FunctionSignature.all.keys.sorted()
}
