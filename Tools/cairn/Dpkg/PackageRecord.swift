// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The data of a stanza about a package: the node and the relationships that are to be.
struct PackageRecord: Equatable, Sendable {
    /// A relationship that starts from the package.
    struct Edge: Equatable, Sendable {
        /// As `PRE_DEPENDS`.
        let type: String
        /// The name of the package at its end.
        let target: String
        /// `group`, and `constraint`, `qualifier` and `restriction` where there are any.
        let properties: Properties
    }

    /// The package.
    let name: String
    /// The properties of its node, `name` among them.
    let properties: Properties
    /// In the order of ``relationFields``, and within a field as they are written.
    let edges: [Edge]
    /// Values that were left out because they cannot be read; none when reading strictly.
    var leftOut: [MalformedInput] = []
}

extension PackageRecord {
    private typealias FieldName = ControlStanza.FieldName

    private static let package = FieldName("Package")
    private static let description = FieldName("Description")

    private static let textFields = [
        (FieldName("Version"), "version"),
        (FieldName("Architecture"), "architecture"),
        (FieldName("Section"), "section"),
        (FieldName("Priority"), "priority"),
        (FieldName("Maintainer"), "maintainer"),
        (FieldName("Status"), "status"),
    ]
    private static let numberFields = [
        (FieldName("Installed-Size"), "installedSize"),
        (FieldName("Size"), "size"),
    ]
    private static let relationFields = [
        (FieldName("Depends"), "DEPENDS"),
        (FieldName("Pre-Depends"), "PRE_DEPENDS"),
        (FieldName("Recommends"), "RECOMMENDS"),
        (FieldName("Suggests"), "SUGGESTS"),
        (FieldName("Conflicts"), "CONFLICTS"),
        (FieldName("Breaks"), "BREAKS"),
        (FieldName("Replaces"), "REPLACES"),
        (FieldName("Provides"), "PROVIDES"),
    ]

    /// Reads a stanza.
    ///
    /// - Parameter isStrict: Refuses a size that is not a number. Otherwise it is left out: dpkg keeps it as a
    ///   text, and apt takes it for none.
    /// - Throws: When the package has no name or an impossible one, and when a relation is malformed; with the
    ///   line.
    init(_ stanza: borrowing ControlStanza, isStrict: Bool = false) throws(MalformedInput) {
        guard let range = stanza.range(of: Self.package), !range.isEmpty else {
            throw MalformedInput(.missingPackage, line: stanza.firstLine)
        }
        guard RelationParser.isName(stanza.bytes[range].span) else {
            throw stanza.malformed(.invalidPackageName, Self.package, at: range.lowerBound)
        }
        let name = String(decoding: stanza.bytes[range], as: UTF8.self)
        var properties: Properties = ["name": .string(name)]
        for (field, key) in Self.textFields {
            if let text = stanza.text(field) { properties[key] = .string(text) }
        }
        if let text = stanza.firstLine(Self.description) {
            properties["description"] = .string(text)
        }
        var leftOut: [MalformedInput] = []
        for (field, key) in Self.numberFields {
            do throws(MalformedInput) {
                if let number = try stanza.integer(field) { properties[key] = .int(number) }
            } catch {
                if isStrict { throw error }
                leftOut.append(error)
            }
        }
        var edges: [Edge] = []
        for (field, type) in Self.relationFields {
            guard let range = stanza.range(of: field) else { continue }
            do throws(RelationParser.Failure) {
                try RelationParser.parse(stanza.bytes[range].span) { relation in
                    edges.append(Edge(type, relation))
                }
            } catch {
                throw stanza.malformed(
                    .relation(error.problem), field, at: range.lowerBound + error.offset)
            }
        }
        self.init(name: name, properties: properties, edges: edges, leftOut: leftOut)
    }
}

extension PackageRecord.Edge {
    init(_ type: String, _ relation: Relation) {
        var properties: Properties = ["group": .int(Int64(relation.group))]
        properties["constraint"] = relation.constraint.map(Value.string)
        properties["qualifier"] = relation.qualifier.map(Value.string)
        properties["restriction"] = relation.restriction.map(Value.string)
        self.init(type: type, target: relation.name, properties: properties)
    }
}
