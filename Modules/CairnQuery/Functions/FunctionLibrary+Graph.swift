// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension FunctionLibrary {
    static let graph: [String: FunctionBody] = [
        "labels": .unary { (value, execution) throws(QueryError) in
            switch value {
            case .node(let id):
                let number = try execution.number(of: id)
                return .list(execution.store.labelNames(ofNode: number).map(QueryValue.string))
            case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
            default: throw refusal("labels")
            }
        },
        "type": .unary { (value, execution) throws(QueryError) in
            switch value {
            case .relationship(let id):
                let number = try execution.number(of: id)
                return .string(
                    execution.store.typeName(of: execution.graph.type(ofRelationship: number)))
            case .deleted(let entity):
                guard let type = entity.type else { throw refusal("type") }
                return .string(type)
            default: throw refusal("type")
            }
        },
        "id": .unary { (value, _) throws(QueryError) in
            switch value {
            case .node(let id): .int(Int64(clamping: id.rawValue))
            case .relationship(let id): .int(Int64(clamping: id.rawValue))
            case .deleted(let entity): .int(Int64(clamping: entity.id))
            default: throw refusal("id")
            }
        },
        "elementid": .unary { (value, _) throws(QueryError) in
            switch value {
            case .node(let id): .string("n\(id)")
            case .relationship(let id): .string("r\(id)")
            default: throw refusal("elementId")
            }
        },
        "keys": .unary { (value, execution) throws(QueryError) in
            let entries = try execution.properties(of: value) ?? [:]
            return .list(entries.keys.sorted().map(QueryValue.string))
        },
        "properties": .unary { (value, execution) throws(QueryError) in
            .map(try execution.properties(of: value) ?? [:])
        },
        "startnode": .unary { (value, execution) throws(QueryError) in
            try end(of: value, isStart: true, execution)
        },
        "endnode": .unary { (value, execution) throws(QueryError) in
            try end(of: value, isStart: false, execution)
        },
        "nodes": .unary { (value, _) throws(QueryError) in
            guard case .path(let path) = value else { throw refusal("nodes") }
            return .list(path.nodes.map(QueryValue.node))
        },
        "relationships": .unary { (value, _) throws(QueryError) in
            guard case .path(let path) = value else { throw refusal("relationships") }
            return .list(path.relationships.map(QueryValue.relationship))
        },
        "length": .unary { (value, _) throws(QueryError) in
            guard case .path(let path) = value else { throw refusal("length") }
            return .int(Int64(path.length))
        },
    ]

    private static func end(
        of value: QueryValue, isStart: Bool, _ execution: Execution
    ) throws(QueryError) -> QueryValue {
        switch value {
        case .relationship(let id):
            let number = try execution.number(of: id)
            return .node(
                number: isStart
                    ? execution.graph.start(ofRelationship: number)
                    : execution.graph.end(ofRelationship: number))
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw refusal(isStart ? "startNode" : "endNode")
        }
    }
}
