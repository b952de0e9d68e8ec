// SPDX-License-Identifier: Apache-2.0

extension GraphStore: SavepointScope {
    /// Whether a transaction is open.
    public var isInTransaction: Bool { transaction != nil }

    /// Opens a transaction: from now on every mutation can be taken back.
    ///
    /// - Throws: ``GraphError`` with code `.transactionOpen`.
    public mutating func beginTransaction() throws(GraphError) {
        guard transaction == nil else { throw GraphError(code: .transactionOpen) }
        transactionCount += 1
        transaction = TransactionState(number: transactionCount)
    }

    /// Ends the transaction and keeps what it did.
    ///
    /// - Throws: ``GraphError`` with code `.noTransaction`.
    public mutating func commitTransaction() throws(GraphError) {
        guard transaction != nil else { throw GraphError(code: .noTransaction) }
        undoLog.removeAll(keepingCapacity: undoLog.count <= 4096)
        transaction = nil
    }

    /// Ends the transaction and takes back all it did. Content, constraints and free ids are as they
    /// were; the recorder is not called.
    ///
    /// - Throws: ``GraphError`` with code `.noTransaction`.
    /// - Complexity: O(*n*) in the mutations since it was opened.
    public mutating func rollBackTransaction() throws(GraphError) {
        guard transaction != nil else { throw GraphError(code: .noTransaction) }
        undo(to: 0)
        try commitTransaction()
    }

    /// Marks a point of the transaction to roll back to.
    ///
    /// - Throws: ``GraphError`` with code `.noTransaction`.
    public mutating func savepoint() throws(GraphError) -> GraphSavepoint {
        guard let number = transaction?.savepointCount, let open = transaction?.number else {
            throw GraphError(code: .noTransaction)
        }
        transaction?.savepointCount += 1
        transaction?.savepoints.append((number, undoLog.count))
        return GraphSavepoint(transaction: open, number: number)
    }

    /// Takes back what happened since the savepoint, and forgets the savepoints after it. The
    /// savepoint itself stays and can be rolled back to again; the recorder is not called.
    ///
    /// - Throws: ``GraphError`` with code `.noTransaction` or `.invalidSavepoint`.
    /// - Complexity: O(*n*) in the mutations since the savepoint.
    public mutating func rollBack(to savepoint: GraphSavepoint) throws(GraphError) {
        let offset = try offset(of: savepoint)
        transaction?.savepoints.removeSubrange((offset + 1)...)
        undo(to: transaction?.savepoints[offset].undoCount ?? 0)
    }

    /// Forgets a savepoint and those after it; what happened since then stays part of the transaction.
    ///
    /// - Throws: ``GraphError`` with code `.noTransaction` or `.invalidSavepoint`.
    public mutating func release(_ savepoint: GraphSavepoint) throws(GraphError) {
        let offset = try offset(of: savepoint)
        transaction?.savepoints.removeSubrange(offset...)
    }

    private func offset(of savepoint: GraphSavepoint) throws(GraphError) -> Int {
        guard let transaction else { throw GraphError(code: .noTransaction) }
        guard savepoint.transaction == transaction.number,
            let offset = transaction.savepoints.lastIndex(where: { $0.number == savepoint.number })
        else { throw GraphError(code: .invalidSavepoint) }
        return offset
    }

    // MARK: Bodies

    /// Calls `body` in a transaction of its own: when it throws, all it did is taken back.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; or ``GraphError`` with code `.transactionOpen`, for which `body` is not
    ///   called. Use ``SavepointScope/withSavepoint(_:)`` within a transaction.
    @discardableResult
    public mutating func withTransaction<Result>(
        _ body: (inout GraphStore) throws -> Result
    ) throws -> Result {
        try beginTransaction()
        let result: Result
        do {
            result = try body(&self)
        } catch {
            try rollBackTransaction()
            throw error
        }
        try commitTransaction()
        return result
    }

    // MARK: Undo

    /// Adds to the undo log what takes a mutation back, if a transaction is open.
    mutating func remember(_ undo: @autoclosure () -> Undo) {
        guard transaction != nil else { return }
        undoLog.append(undo())
    }

    private mutating func undo(to count: Int) {
        while undoLog.count > count { apply(undoLog.removeLast()) }
    }

    private mutating func apply(_ undo: Undo) {
        switch undo {
        case .nodeCreated(let slot): removeNode(slot)
        case .nodeDeleted(let slot, let labels, let properties):
            insertNode(slot, labelSet: restoredLabelSet(labels), properties: properties)
        case .labelAdded(let slot, let label):
            let numbers = labelSets[labelSet(of: slot)].labels.filter { $0 != label }
            replaceLabels(of: slot, with: restoredLabelSet(numbers))
        case .labelRemoved(let slot, let label):
            let numbers = ascending(labelSets[labelSet(of: slot)].labels + [label])
            replaceLabels(of: slot, with: restoredLabelSet(numbers))
        case .nodeProperties(let slot, let properties):
            replaceProperties(ofNode: slot, with: properties)
        case .relationshipCreated(let slot): removeRelationship(slot)
        case .relationshipDeleted(let slot, let record, let properties):
            insertRelationship(
                slot, type: record.type, from: record.from, to: record.to, properties: properties)
        case .relationshipProperties(let slot, let properties):
            replaceProperties(ofRelationship: slot, with: properties)
        case .uniqueCreated(let label, let keys): removeUnique(label: label, keys: keys)
        case .uniqueDropped(let label, let unique): insertUnique(unique, label: label)
        case .ruleCreated(let group, let rule): remove(rule, group)
        case .ruleDropped(let group, let removed): insert(removed, group)
        }
    }
}
