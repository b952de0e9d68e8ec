// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

/// Brings the lines that ``JSONLinesExport`` writes into a graph.
///
/// Give it the text in pieces of any size, then call ``finish(into:)``. The fields of a line may come in
/// any order; `labels` and `properties` may be left out, and blank lines are passed over.
///
/// ``Identity/kept`` brings every node and relationship in under the id of its line, so that exporting again
/// gives the same bytes. A graph gives out the lowest id that is free; so what the ids leave out is
/// filled while reading and deleted by `finish`. Lines must ascend by id then, as they do when exported.
/// ``Identity/renewed`` takes ids as names within the text only, and also adds to a graph that is not empty.
///
/// - A line may be of any length, as an exported one may: labels and properties are taken in as they come. What
///   is too large for one event becomes several.
/// - Memory is bounded by the largest node or relationship, by the longest of its values as text and, with renewed
///   ids, by 16 bytes or so for each node.
/// - A byte order mark before the first line is passed over.
/// - Constraints and indexes take effect at their line, which is after all nodes when exported.
/// - After an error the graph has what came before that line: give up the graph, or the transaction.
public struct JSONLinesImport: Sendable {
    /// The treatment of the ids in the input.
    public enum Identity: Hashable, Sendable {
        /// Nodes and relationships get the ids of their lines.
        case kept
        /// Nodes and relationships get the ids that the graph gives out.
        case renewed
    }

    /// Options of an import.
    public struct Options: Hashable, Sendable {
        /// Whether ids are kept or assigned anew; kept by default.
        public var identity = Identity.kept
        /// One value of a line may have so many bytes as text, with what stands around it.
        ///
        /// The default is more than an export can write. The longest text for its bytes is that of a list of
        /// dates: 18 bytes, `{"$value":"…"},`, for two. A node, and so a value, takes 63 MiB at most.
        public var valueByteCountMax = 1 << 30
        /// Ids may leave out so many below the highest, of nodes and of relationships together.
        public var holeCountMax = 1_000_000

        /// Every option at its default.
        public init() {}
    }

    /// Nodes brought in so far.
    public private(set) var nodeCount = 0
    /// Relationships brought in so far.
    public private(set) var relationshipCount = 0
    /// Constraints and indexes brought in so far, those that were there included.
    public private(set) var ruleCount = 0
    /// Lines read so far.
    public private(set) var lineCount = 0

    private let options: Options
    /// The line that is being read, without what the shortener took out.
    private var rest: [UInt8] = []
    private var shortener = LineShortener()
    /// The first bytes of the text, to tell what else it may be.
    private var head: [UInt8] = []
    private static let headByteCount = 2048
    private var nodes = GivenIDs()
    private var relationships = GivenIDs()
    /// With renewed ids, what each id of the text became.
    private var renewed: [UInt64: NodeID] = [:]

    /// An import of a text of which nothing was read yet.
    public init(options: Options = Options()) { self.options = options }

    /// Reads the next bytes of the text and brings in the lines that end there.
    ///
    /// - Throws: ``ExchangeError``.
    public mutating func read(
        _ bytes: RawSpan, into graph: inout some GraphTarget & ~Copyable
    ) throws(ExchangeError) {
        if head.count < Self.headByteCount {
            let count = min(bytes.byteCount, Self.headByteCount - head.count)
            bytes.extracting(0..<count).withUnsafeBytes { head.append(contentsOf: $0) }
        }
        var start = 0
        for index in 0..<bytes.byteCount
        where bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == 0x0a {
            try gather(bytes.extracting(start..<index))
            start = index + 1
            try endLine(into: &graph)
        }
        try gather(bytes.extracting(start..<bytes.byteCount))
    }

    /// Reads the next bytes of the text; see the other method.
    public mutating func read(
        _ bytes: [UInt8], into graph: inout some GraphTarget & ~Copyable
    ) throws(ExchangeError) {
        try read(bytes.span.bytes, into: &graph)
    }

    /// Ends the text: brings in a last line without a newline, and deletes what fills the holes.
    ///
    /// - Throws: ``ExchangeError``.
    public mutating func finish(
        into graph: inout some GraphTarget & ~Copyable
    ) throws(ExchangeError) {
        if !rest.isEmpty { try endLine(into: &graph) }
        do throws(GraphError) {
            for hole in relationships.holes {
                for id in hole { try graph.deleteRelationship(RelationshipID(rawValue: id)) }
            }
            for hole in nodes.holes {
                for id in hole { try graph.deleteNode(NodeID(rawValue: id), detach: false) }
            }
        } catch {
            throw ExchangeError(code: .refused, line: lineCount, column: 1, cause: error)
        }
        relationships.holes = []
        nodes.holes = []
    }

    // MARK: Lines

    private mutating func gather(_ bytes: RawSpan) throws(ExchangeError) {
        bytes.withUnsafeBytes { rest.append(contentsOf: $0) }
        guard rest.count > shorteningByteCountMin else { return }
        do throws(JSONScanner.Problem) {
            dropByteOrderMark()
            try shortener.shorten(&rest)
            guard rest.count <= options.valueByteCountMax else {
                throw JSONScanner.Problem(code: .lineTooLong, offset: options.valueByteCountMax)
            }
        } catch {
            throw exchangeError(error, line: lineCount + 1)
        }
    }

    /// Shorter lines are kept as they are until their end.
    private var shorteningByteCountMin: Int { min(1 << 20, options.valueByteCountMax / 4) }

    private mutating func dropByteOrderMark() {
        guard lineCount == 0, !shortener.isActive, rest.starts(with: [0xef, 0xbb, 0xbf]) else {
            return
        }
        shortener.drop(3, from: &rest)
    }

    /// The error of a problem in a line, or what the text as a whole is instead.
    private func exchangeError(_ problem: JSONScanner.Problem, line: Int) -> ExchangeError {
        let isFirst = nodeCount + relationshipCount + ruleCount == 0
        if isFirst, problem.cause == nil, let dialect = Dialect(head) {
            return ExchangeError(
                code: .otherDialect, line: line, column: 1, name: dialect.rawValue)
        }
        return ExchangeError(
            code: problem.code, line: line, column: shortener.original(problem.offset) + 1,
            name: problem.name, cause: problem.cause)
    }

    private mutating func endLine(
        into graph: inout some GraphTarget & ~Copyable
    ) throws(ExchangeError) {
        dropByteOrderMark()
        lineCount += 1
        var scanner = JSONScanner(rest)
        rest = []
        defer { shortener = LineShortener() }
        do throws(JSONScanner.Problem) {
            guard !scanner.isAtEnd() else { return }
            var line = try JSONLine(&scanner)
            if shortener.isActive { try line.add(&shortener) }
            switch line.kind {
            case .node: try add(node: line, to: &graph)
            case .relationship: try add(relationship: line, to: &graph)
            case .rule: try add(rule: line, to: &graph)
            }
        } catch {
            throw exchangeError(error, line: lineCount)
        }
    }

    private mutating func add(
        node line: JSONLine, to graph: inout some GraphTarget & ~Copyable
    ) throws(JSONScanner.Problem) {
        if options.identity == .kept {
            let holes = try holes(before: line.id, in: nodes)
            for _ in holes { try fill(with: &graph) }
        } else if renewed[line.id.number] != nil {
            throw JSONScanner.Problem(code: .duplicateID, offset: line.id.offset)
        }
        let parts = EventParts(line, isLong: shortener.isActive)
        let id: NodeID
        do throws(GraphError) {
            id = try graph.createNode(labels: parts.labels, properties: parts.properties)
            for label in parts.laterLabels { try graph.addLabel(label, to: id) }
            for (key, value) in parts.laterProperties {
                try graph.setProperty(key, to: value, of: id)
            }
        } catch {
            throw JSONScanner.Problem(error)
        }
        if options.identity == .kept {
            try nodes.give(line.id.number, got: id.rawValue)
        } else {
            renewed[line.id.number] = id
        }
        nodeCount += 1
    }

    private mutating func add(
        relationship line: JSONLine, to graph: inout some GraphTarget & ~Copyable
    ) throws(JSONScanner.Problem) {
        let from = try node(line.from)
        let to = try node(line.to)
        if options.identity == .kept {
            for number in try holes(before: line.id, in: relationships) {
                let filler: RelationshipID
                do {
                    filler = try graph.createRelationship(
                        line.type, from: from, to: to, properties: [:])
                } catch {
                    throw JSONScanner.Problem(error)
                }
                try relationships.fill(number, got: filler.rawValue)
            }
        }
        let parts = EventParts(line, isLong: shortener.isActive)
        let id: RelationshipID
        do throws(GraphError) {
            id = try graph.createRelationship(
                line.type, from: from, to: to, properties: parts.properties)
            for (key, value) in parts.laterProperties {
                try graph.setProperty(key, to: value, of: id)
            }
        } catch {
            throw JSONScanner.Problem(error)
        }
        if options.identity == .kept { try relationships.give(line.id.number, got: id.rawValue) }
        relationshipCount += 1
    }

    private mutating func add(
        rule line: JSONLine, to graph: inout some GraphTarget & ~Copyable
    ) throws(JSONScanner.Problem) {
        do throws(GraphError) {
            switch line.rule {
            case .unique(let label, let key)?:
                try graph.createUniqueConstraint(label: label, key: key)
            case .schema(let rule)?: try graph.create(rule)
            case .relationships(let rule)?: try graph.create(rule)
            case nil: return
            }
        } catch {
            throw JSONScanner.Problem(error)
        }
        ruleCount += 1
    }

    /// Makes one node in the place of a hole.
    private mutating func fill(
        with graph: inout some GraphTarget & ~Copyable
    ) throws(JSONScanner.Problem) {
        let id: NodeID
        do { id = try graph.createNode(labels: [], properties: [:]) } catch {
            throw JSONScanner.Problem(error)
        }
        try nodes.fill(nodes.next, got: id.rawValue)
    }

    /// The ids that a line leaves out.
    private func holes(
        before id: JSONLine.Number, in given: GivenIDs
    ) throws(JSONScanner.Problem) -> Range<UInt64> {
        guard id.number >= given.next else {
            throw JSONScanner.Problem(code: .outOfOrder, offset: id.offset)
        }
        let known = nodes.holeCount + relationships.holeCount
        guard id.number - given.next <= UInt64(max(0, options.holeCountMax - known)) else {
            throw JSONScanner.Problem(code: .tooManyHoles, offset: id.offset)
        }
        return given.next..<id.number
    }

    /// The node in the graph that a relationship refers to.
    private func node(_ id: JSONLine.Number) throws(JSONScanner.Problem) -> NodeID {
        let found =
            options.identity == .renewed
            ? renewed[id.number]
            : nodes.contains(id.number) ? NodeID(rawValue: id.number) : nil
        guard let found else { throw JSONScanner.Problem(code: .unknownNode, offset: id.offset) }
        return found
    }
}
