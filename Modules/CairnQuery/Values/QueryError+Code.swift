// SPDX-License-Identifier: Apache-2.0

extension QueryError {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case unexpectedSyntax, invalidNumberLiteral, integerOverflow
            case floatingPointOverflow, invalidUnicodeLiteral, invalidUnicodeCharacter
            case nestingTooDeep, undefinedVariable, variableAlreadyBound
            case variableTypeConflict, invalidArgumentType, invalidArgumentValue
            case invalidNumberOfArguments, invalidArgumentPassingMode, unknownFunction
            case procedureNotFound, missingParameter, procedureFailed, invalidParameterUse
            case invalidAggregation, nestedAggregation, ambiguousAggregationExpression
            case nonConstantExpression, negativeIntegerArgument, noExpressionAlias
            case noVariablesInScope, columnNameConflict, differentColumnsInUnion
            case invalidClauseComposition, invalidDelete, noSingleRelationshipType
            case requiresDirectedRelationship, creatingVarLength, invalidRelationshipPattern
            case relationshipUniquenessViolation, numberOutOfRange, divisionByZero
            case mapElementAccessByNonString, invalidPropertyType, deletedEntityAccess
            case deleteConnectedNode, mergeReadOwnWrites, constraintViolated
            case changeRefused, readOnly, deadlineExceeded
            case cancelled, tooManyRows, tooMuchMemory
            case noClock, decodingFailed
        }
        let storage: Storage

        /// The text does not go on as the language does.
        public static var unexpectedSyntax: Self { .init(storage: .unexpectedSyntax) }
        /// A number has digits that its notation has not.
        public static var invalidNumberLiteral: Self { .init(storage: .invalidNumberLiteral) }
        /// An integer does not fit into 64 bits.
        public static var integerOverflow: Self { .init(storage: .integerOverflow) }
        /// A number is too large for a double.
        public static var floatingPointOverflow: Self { .init(storage: .floatingPointOverflow) }
        /// An escape in a text names no character.
        public static var invalidUnicodeLiteral: Self { .init(storage: .invalidUnicodeLiteral) }
        /// A character belongs to no word of the language.
        public static var invalidUnicodeCharacter: Self { .init(storage: .invalidUnicodeCharacter) }
        /// Expressions lie too deep within one another; split the statement.
        public static var nestingTooDeep: Self { .init(storage: .nestingTooDeep) }
        /// A variable is not known here.
        public static var undefinedVariable: Self { .init(storage: .undefinedVariable) }
        /// A variable has a value already.
        public static var variableAlreadyBound: Self { .init(storage: .variableAlreadyBound) }
        /// A variable stands for something of another kind.
        public static var variableTypeConflict: Self { .init(storage: .variableTypeConflict) }
        /// An operation does not take a value of this kind.
        public static var invalidArgumentType: Self { .init(storage: .invalidArgumentType) }
        /// A function does not take this value.
        public static var invalidArgumentValue: Self { .init(storage: .invalidArgumentValue) }
        /// A call has too many arguments, or too few.
        public static var invalidNumberOfArguments: Self {
            .init(storage: .invalidNumberOfArguments)
        }
        /// A procedure within a query needs its arguments in parentheses.
        public static var invalidArgumentPassingMode: Self {
            .init(storage: .invalidArgumentPassingMode)
        }
        /// There is no function of this name.
        public static var unknownFunction: Self { .init(storage: .unknownFunction) }
        /// The host has no procedure of this name.
        public static var procedureNotFound: Self { .init(storage: .procedureNotFound) }
        /// A procedure of the host failed.
        public static var procedureFailed: Self { .init(storage: .procedureFailed) }
        /// A parameter has no value.
        public static var missingParameter: Self { .init(storage: .missingParameter) }
        /// A parameter cannot stand for the properties of a pattern here.
        public static var invalidParameterUse: Self { .init(storage: .invalidParameterUse) }
        /// An aggregating function cannot be used here.
        public static var invalidAggregation: Self { .init(storage: .invalidAggregation) }
        /// An aggregating function contains another one.
        public static var nestedAggregation: Self { .init(storage: .nestedAggregation) }
        /// Beside an aggregating function only grouping keys may be used.
        public static var ambiguousAggregationExpression: Self {
            .init(storage: .ambiguousAggregationExpression)
        }
        /// A value that changes cannot be used here.
        public static var nonConstantExpression: Self { .init(storage: .nonConstantExpression) }
        /// A number must not be negative here.
        public static var negativeIntegerArgument: Self { .init(storage: .negativeIntegerArgument) }
        /// An expression in WITH needs a name: add AS.
        public static var noExpressionAlias: Self { .init(storage: .noExpressionAlias) }
        /// There is no variable that * could stand for.
        public static var noVariablesInScope: Self { .init(storage: .noVariablesInScope) }
        /// Two columns have the same name.
        public static var columnNameConflict: Self { .init(storage: .columnNameConflict) }
        /// The parts of a UNION must have the same columns in the same order.
        public static var differentColumnsInUnion: Self { .init(storage: .differentColumnsInUnion) }
        /// This clause cannot stand here.
        public static var invalidClauseComposition: Self {
            .init(storage: .invalidClauseComposition)
        }
        /// Only nodes, relationships and paths can be deleted.
        public static var invalidDelete: Self { .init(storage: .invalidDelete) }
        /// A relationship is created with exactly one type.
        public static var noSingleRelationshipType: Self {
            .init(storage: .noSingleRelationshipType)
        }
        /// A relationship is created in one direction.
        public static var requiresDirectedRelationship: Self {
            .init(storage: .requiresDirectedRelationship)
        }
        /// A relationship of variable length cannot be created.
        public static var creatingVarLength: Self { .init(storage: .creatingVarLength) }
        /// The bounds of a length are not valid.
        public static var invalidRelationshipPattern: Self {
            .init(storage: .invalidRelationshipPattern)
        }
        /// A pattern contains the same relationship twice.
        public static var relationshipUniquenessViolation: Self {
            .init(storage: .relationshipUniquenessViolation)
        }
        /// A number is out of range.
        public static var numberOutOfRange: Self { .init(storage: .numberOutOfRange) }
        /// An integer was divided by zero.
        public static var divisionByZero: Self { .init(storage: .divisionByZero) }
        /// An entry of a map is named by a text.
        public static var mapElementAccessByNonString: Self {
            .init(storage: .mapElementAccessByNonString)
        }
        /// A property cannot hold this value.
        public static var invalidPropertyType: Self { .init(storage: .invalidPropertyType) }
        /// A node or relationship was deleted before.
        public static var deletedEntityAccess: Self { .init(storage: .deletedEntityAccess) }
        /// A node still has relationships; delete them too, or use DETACH DELETE.
        public static var deleteConnectedNode: Self { .init(storage: .deleteConnectedNode) }
        /// MERGE cannot find what has a null property; it would create it each time.
        public static var mergeReadOwnWrites: Self { .init(storage: .mergeReadOwnWrites) }
        /// The change violates a constraint.
        public static var constraintViolated: Self { .init(storage: .constraintViolated) }
        /// The graph refused the change.
        public static var changeRefused: Self { .init(storage: .changeRefused) }
        /// The statement changes the graph, which is only to be read.
        public static var readOnly: Self { .init(storage: .readOnly) }
        /// The deadline has passed.
        public static var deadlineExceeded: Self { .init(storage: .deadlineExceeded) }
        /// The statement was cancelled.
        public static var cancelled: Self { .init(storage: .cancelled) }
        /// The statement gives more rows than allowed.
        public static var tooManyRows: Self { .init(storage: .tooManyRows) }
        /// The statement needs more memory than allowed.
        public static var tooMuchMemory: Self { .init(storage: .tooMuchMemory) }
        /// The host of the query gave no clock.
        public static var noClock: Self { .init(storage: .noClock) }
        /// A row cannot be read as the type asked for.
        public static var decodingFailed: Self { .init(storage: .decodingFailed) }
    }
}

extension QueryError.Code: CustomStringConvertible {
    /// The name of the code, with a capital letter as in openCypher's test suite: `UndefinedVariable`.
    public var description: String {
        let name = storage.rawValue
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}
