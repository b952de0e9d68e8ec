// SPDX-License-Identifier: Apache-2.0
//
// - There is one row, whose places the operators of a plan fill and read. An operator that has to keep rows copies
//   the places that are still needed, and puts them back.
// - Whatever can take long calls ``tick()``; whatever keeps rows or makes lists says so before.

internal import CairnGraph

/// One run of a statement.
final class Execution {
    private let storage: UnsafeMutablePointer<GraphStore>
    private let isOwned: Bool
    /// The graph, for what is read for each row.
    let graph: GraphAccess
    /// The values of the current row.
    let row: Row
    let plan: Plan
    let parameters: [QueryValue]
    let host: QueryHost
    let limits: QueryLimits
    var changes = QueryChanges()

    /// Whether a value may name a node or relationship that is not there: one that the statement has deleted, or that
    /// came from outside.
    let checksEntities: Bool
    private let end: ContinuousClock.Instant?
    // One thread at a time runs a statement.
    @exclusivity(unchecked) private var tickCount: UInt32 = 0
    @exclusivity(unchecked) private var heldCount = 0
    private let heldCountMax: Int
    private var now: (seconds: Int64, nanoseconds: Int64)?

    // The numbers of names, once the graph knows them.
    @exclusivity(unchecked) private var keyNumbers: [UInt32?]
    @exclusivity(unchecked) private var labelNumbers: [UInt32?]
    @exclusivity(unchecked) private var typeNumbers: [UInt32?]
    @exclusivity(unchecked) private var subplans: [Operator?]
    /// The measurements of each step of a profiled plan.
    private(set) var profile: [ObjectIdentifier: ProfiledOperator] = [:]

    /// A run on a graph of its own.
    convenience init(
        _ plan: Plan, _ store: consuming GraphStore, parameters: [QueryValue], host: QueryHost,
        limits: QueryLimits
    ) {
        let storage = UnsafeMutablePointer<GraphStore>.allocate(capacity: 1)
        storage.initialize(to: store)
        self.init(
            plan, on: storage, isOwned: true, parameters: parameters, host: host, limits: limits)
    }

    /// A run on a graph that stays where it is for as long as the run is used.
    ///
    /// - Parameter isOwned: Whether the graph goes with the run. Otherwise the plan only reads.
    init(
        _ plan: Plan, on storage: UnsafeMutablePointer<GraphStore>, isOwned: Bool,
        parameters: [QueryValue], host: QueryHost, limits: QueryLimits
    ) {
        precondition(isOwned || !plan.isWriting || plan.mode == .explain)
        self.plan = plan
        self.storage = storage
        self.isOwned = isOwned
        graph = GraphAccess(UnsafePointer(storage))
        self.parameters = parameters
        self.host = host
        self.limits = limits
        end = limits.end
        row = Row(count: plan.slotCount)
        checksEntities =
            plan.isWriting || !host.procedures.isEmpty || parameters.contains(where: \.hasEntities)
        keyNumbers = Array(repeating: nil, count: plan.keys.count)
        labelNumbers = Array(repeating: nil, count: plan.labels.count)
        typeNumbers = Array(repeating: nil, count: plan.types.count)
        subplans = Array(repeating: nil, count: plan.subplans.count)
        heldCountMax = limits.byteCountMax / MemoryLayout<QueryValue>.stride
    }

    deinit {
        guard isOwned else { return }
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    /// The graph; changed in place by statements that write.
    var store: GraphStore {
        @inline(__always) _read { yield storage.pointee }
        @inline(__always) _modify { yield &storage.pointee }
    }

    // MARK: Limits

    /// Counts a step, and looks at the deadline now and then.
    @inline(__always)
    func tick() throws(QueryError) {
        tickCount &+= 1
        if tickCount & 0xFFF == 0 { try checkTime() }
    }

    /// The same for many steps at once.
    @inline(__always)
    func tick(_ count: Int) throws(QueryError) {
        let before = tickCount
        tickCount &+= UInt32(truncatingIfNeeded: count)
        if before >> 12 != tickCount >> 12 { try checkTime() }
    }

    private func checkTime() throws(QueryError) {
        if let end, end < .now {
            throw .runtime(.limit, .deadlineExceeded)
        }
        if limits.isCancelled?() ?? false { throw .runtime(.limit, .cancelled) }
    }

    /// Checks that a list of that many values may be made.
    func reserve(_ count: Int) throws(QueryError) {
        guard count <= heldCountMax else { throw .runtime(.limit, .tooMuchMemory) }
    }

    /// Takes note of values that are kept until ``letGo(_:)``.
    func hold(_ count: Int) throws(QueryError) {
        heldCount += count
        guard heldCount <= heldCountMax else { throw .runtime(.limit, .tooMuchMemory) }
        try tick()
    }

    func letGo(_ count: Int) { heldCount -= count }

    /// The time of the statement, which is the same for all of it.
    func time() throws(QueryError) -> (seconds: Int64, nanoseconds: Int64) {
        if let now { return now }
        guard let clock = host.clock else { throw .runtime(.argument, .noClock) }
        let time = clock()
        now = time
        return time
    }

    // MARK: Names

    func key(_ index: Int) -> UInt32? {
        if let number = keyNumbers[index] { return number }
        keyNumbers[index] = graph.keyNumber(of: plan.keys[index])
        return keyNumbers[index]
    }

    func label(_ index: Int) -> UInt32? {
        if let number = labelNumbers[index] { return number }
        labelNumbers[index] = graph.labelNumber(of: plan.labels[index])
        return labelNumbers[index]
    }

    func type(_ index: Int) -> UInt32? {
        if let number = typeNumbers[index] { return number }
        typeNumbers[index] = graph.typeNumber(of: plan.types[index])
        return typeNumbers[index]
    }

    /// Those of some types that the graph knows; all when none is named.
    func types(_ indexes: [Int]) -> RelationshipTypes {
        switch indexes.count {
        case 0: .all
        case 1: type(indexes[0]).map(RelationshipTypes.one) ?? .several([])
        default: .several(indexes.compactMap { type($0) })
        }
    }

    // MARK: Rows

    /// A plan within an expression.
    func subplan(_ index: Int) -> Operator {
        if let known = subplans[index] { return known }
        let made = plan.subplans[index].instantiate(in: self)
        subplans[index] = made
        return made
    }

    /// An operator of a step, measured where the statement asks for it.
    func profiled(_ made: Operator, _ node: PlanNode) -> Operator {
        guard plan.mode == .profile else { return made }
        let measured = ProfiledOperator(made)
        profile[ObjectIdentifier(node)] = measured
        return measured
    }

    func values(_ slots: [Int]) -> [QueryValue] {
        var values: [QueryValue] = []
        values.reserveCapacity(slots.count)
        for slot in slots { values.append(row[slot]) }
        return values
    }

    func restore(_ values: [QueryValue], to slots: [Int]) {
        for index in slots.indices { row[slots[index]] = values[index] }
    }
}
