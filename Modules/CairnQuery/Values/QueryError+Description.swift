// SPDX-License-Identifier: Apache-2.0

extension QueryError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what could have stood there.
    public var description: String {
        var text = "\(category.rawValue) (\(code)"
        if let position { text += ", line \(position.line), column \(position.column)" }
        text += "): \(code.sentence)"
        if let name { text += ": \(name)" }
        if !expected.isEmpty { text += "; expected \(expected.joined(separator: ", "))" }
        if let graphError { text += ": \(graphError)" }
        return text
    }
}

extension QueryError.Code {
    var sentence: String {
        switch storage {
        case .unexpectedSyntax: "the text does not go on as the language does"
        case .invalidNumberLiteral: "a number has digits that its notation has not"
        case .integerOverflow: "an integer does not fit into 64 bits"
        case .floatingPointOverflow: "a number is too large for a double"
        case .invalidUnicodeLiteral: "an escape in a text names no character"
        case .invalidUnicodeCharacter: "a character belongs to no word of the language"
        case .nestingTooDeep: "expressions lie too deep within one another; split the statement"
        case .undefinedVariable: "a variable is not known here"
        case .variableAlreadyBound: "a variable has a value already"
        case .variableTypeConflict: "a variable stands for something of another kind"
        case .invalidArgumentType: "an operation does not take a value of this kind"
        case .invalidArgumentValue: "a function does not take this value"
        case .invalidNumberOfArguments: "a call has too many arguments, or too few"
        case .invalidArgumentPassingMode:
            "a procedure within a query needs its arguments in parentheses"
        case .unknownFunction: "there is no function of this name"
        case .procedureNotFound: "the host has no procedure of this name"
        case .procedureFailed: "a procedure of the host failed"
        case .missingParameter: "a parameter has no value"
        case .invalidParameterUse: "a parameter cannot stand for the properties of a pattern here"
        case .invalidAggregation: "an aggregating function cannot be used here"
        case .nestedAggregation: "an aggregating function contains another one"
        case .ambiguousAggregationExpression:
            "beside an aggregating function only grouping keys may be used"
        case .nonConstantExpression: "a value that changes cannot be used here"
        case .negativeIntegerArgument: "a number must not be negative here"
        case .noExpressionAlias: "an expression in WITH needs a name: add AS"
        case .noVariablesInScope: "there is no variable that * could stand for"
        case .columnNameConflict: "two columns have the same name"
        case .differentColumnsInUnion:
            "the parts of a UNION must have the same columns in the same order"
        case .invalidClauseComposition: "this clause cannot stand here"
        case .invalidDelete: "only nodes, relationships and paths can be deleted"
        case .noSingleRelationshipType: "a relationship is created with exactly one type"
        case .requiresDirectedRelationship: "a relationship is created in one direction"
        case .creatingVarLength: "a relationship of variable length cannot be created"
        case .invalidRelationshipPattern: "the bounds of a length are not valid"
        case .relationshipUniquenessViolation: "a pattern contains the same relationship twice"
        case .numberOutOfRange: "a number is out of range"
        case .divisionByZero: "an integer was divided by zero"
        case .mapElementAccessByNonString: "an entry of a map is named by a text"
        case .invalidPropertyType: "a property cannot hold this value"
        case .deletedEntityAccess: "a node or relationship was deleted before"
        case .deleteConnectedNode:
            "a node still has relationships; delete them too, or use DETACH DELETE"
        case .mergeReadOwnWrites:
            "MERGE cannot find what has a null property; it would create it each time"
        case .constraintViolated: "the change violates a constraint"
        case .changeRefused: "the graph refused the change"
        case .readOnly: "the statement changes the graph, which is only to be read"
        case .deadlineExceeded: "the deadline has passed"
        case .cancelled: "the statement was cancelled"
        case .tooManyRows: "the statement gives more rows than allowed"
        case .tooMuchMemory: "the statement needs more memory than allowed"
        case .noClock: "the host of the query gave no clock"
        case .decodingFailed: "a row cannot be read as the type asked for"
        }
    }
}
