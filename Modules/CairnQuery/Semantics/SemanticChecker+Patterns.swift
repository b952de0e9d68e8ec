// SPDX-License-Identifier: Apache-2.0

extension SemanticChecker {
    /// Declares the variables of a pattern that is to be found.
    func declare(_ parts: [PatternPart], _ scope: inout Scope) throws(QueryError) {
        var relationships: Set<String> = []
        for part in parts {
            for node in part.nodes { try declareNode(node, &scope) }
            for step in part.steps {
                try declare(step.relationship, &scope, &relationships)
                try declareGroups(step.relationship, &scope)
            }
            if let path = part.variable {
                guard !scope.has(path) else {
                    throw .syntax(.variableAlreadyBound, at: part.offset, name: path)
                }
                scope[path] = .path
            }
        }
        for part in parts { try checkProperties(of: part, scope, allowsParameter: false) }
    }

    private func declareNode(_ node: NodePattern, _ scope: inout Scope) throws(QueryError) {
        guard let name = node.variable else { return }
        if let kind = scope[name] {
            guard kind.mayBe(.node) else {
                throw .syntax(.variableTypeConflict, at: node.offset, name: name)
            }
        }
        scope[name] = .node
    }

    private func declare(
        _ pattern: RelationshipPattern, _ scope: inout Scope, _ found: inout Set<String>
    ) throws(QueryError) {
        guard let name = pattern.variable else { return }
        let kind: StaticKind = pattern.length == nil ? .relationship : .list(.relationship)
        if let known = scope[name] {
            guard pattern.length == nil ? known.mayBe(.relationship) : known.mayBe(.list) else {
                throw .syntax(.variableTypeConflict, at: pattern.offset, name: name)
            }
            guard !found.contains(name) else {
                throw .syntax(.relationshipUniquenessViolation, at: pattern.offset, name: name)
            }
        }
        found.insert(name)
        scope[name] = kind
    }

    /// Declares the lists of nodes of a quantified path pattern, and checks what each of its steps must meet.
    private func declareGroups(
        _ pattern: RelationshipPattern, _ scope: inout Scope
    ) throws(QueryError) {
        guard let quantified = pattern.quantified else { return }
        var inner = scope
        inner[quantified.relationship] = .relationship
        for node in [quantified.start, quantified.end] {
            guard let name = node.variable else { continue }
            guard !scope.has(name), name != quantified.relationship,
                quantified.start.variable != quantified.end.variable
            else { throw .syntax(.variableAlreadyBound, at: node.offset, name: name) }
            inner[name] = .node
        }
        if let condition = quantified.allConditions { _ = try value(condition, inner) }
        for node in [quantified.start, quantified.end] {
            if case .parameter(let name)? = node.properties?.kind {
                throw .syntax(.invalidParameterUse, at: node.offset, name: name)
            }
        }
        for name in quantified.groupNames { scope[name] = .list(.node) }
    }

    /// Checks the expressions of the properties of a pattern.
    func checkProperties(
        of part: PatternPart, _ scope: Scope, allowsParameter: Bool
    ) throws(QueryError) {
        for expression in part.expressions {
            if case .parameter(let name) = expression.kind, !allowsParameter {
                throw .syntax(.invalidParameterUse, at: expression.offset, name: name)
            }
            _ = try value(expression, scope)
        }
    }

    // MARK: Patterns within expressions

    /// A pattern that is asked for as a condition: it names nothing new.
    func checkPredicate(_ part: PatternPart, _ scope: Scope) throws(QueryError) {
        for node in part.nodes {
            try requireKnown(node.variable, at: node.offset, scope)
        }
        for step in part.steps {
            try requireKnown(
                step.relationship.variable, at: step.relationship.offset, scope)
        }
        var inner = scope
        try declare([part], &inner)
    }

    private func requireKnown(
        _ name: String?, at offset: Int, _ scope: Scope
    ) throws(QueryError) {
        if let name, !name.isHiddenName, !scope.has(name) {
            throw .syntax(.undefinedVariable, at: offset, name: name)
        }
    }

    // MARK: Patterns that are created

    func checkCreation(_ part: PatternPart, _ scope: inout Scope) throws(QueryError) {
        try checkCreated(part, &scope, isMerge: false)
    }

    func checkMerge(_ part: PatternPart, _ scope: inout Scope) throws(QueryError) {
        try checkProperties(of: part, scope.declaring(part), allowsParameter: false)
        try checkCreated(part, &scope, isMerge: true)
    }

    private func checkCreated(
        _ part: PatternPart, _ scope: inout Scope, isMerge: Bool
    ) throws(QueryError) {
        if part.steps.isEmpty { try requireNew(part.start.variable, at: part.offset, scope) }
        try checkCreatedNode(part.start, &scope)
        for step in part.steps {
            try checkCreated(step.relationship, scope, isMerge: isMerge)
            try checkCreatedNode(step.node, &scope)
            if let name = step.relationship.variable { scope[name] = .relationship }
        }
        try declarePath(of: part, &scope)
    }

    private func declarePath(
        of part: PatternPart, _ scope: inout Scope
    ) throws(QueryError) {
        guard let path = part.variable else { return }
        try requireNew(path, at: part.offset, scope)
        scope[path] = .path
    }

    private func requireNew(
        _ name: String?, at offset: Int, _ scope: Scope
    ) throws(QueryError) {
        if let name, scope.has(name) {
            throw .syntax(.variableAlreadyBound, at: offset, name: name)
        }
    }

    private func checkCreatedNode(
        _ node: NodePattern, _ scope: inout Scope
    ) throws(QueryError) {
        if let properties = node.properties { _ = try value(properties, scope) }
        if let condition = node.condition {
            throw .syntax(
                .unexpectedSyntax, at: condition.offset, name: "a label expression",
                expected: ["labels joined by : or &"])
        }
        guard let name = node.variable else { return }
        if let kind = scope[name] {
            guard node.labels.isEmpty, node.properties == nil else {
                throw .syntax(.variableAlreadyBound, at: node.offset, name: name)
            }
            guard kind.mayBe(.node) else {
                throw .syntax(.variableTypeConflict, at: node.offset, name: name)
            }
        } else {
            scope[name] = .node
        }
    }

    private func checkCreated(
        _ pattern: RelationshipPattern, _ scope: Scope, isMerge: Bool
    ) throws(QueryError) {
        try requireNew(pattern.variable, at: pattern.offset, scope)
        guard pattern.length == nil else {
            throw .syntax(.creatingVarLength, at: pattern.offset)
        }
        guard pattern.types.count == 1 else {
            throw .syntax(.noSingleRelationshipType, at: pattern.offset)
        }
        let isDirected = pattern.arrow == .left || pattern.arrow == .right
        guard isMerge || isDirected else {
            throw .syntax(.requiresDirectedRelationship, at: pattern.offset)
        }
        if let properties = pattern.properties { _ = try value(properties, scope) }
    }
}

extension Scope {
    /// The scope with the names of a pattern, so that its properties can be read.
    fileprivate func declaring(_ part: PatternPart) -> Scope {
        var scope = self
        for name in part.names where !scope.has(name) { scope[name] = .any }
        return scope
    }
}
