// SPDX-License-Identifier: Apache-2.0

extension GraphAccess {
    /// Reads some properties of some nodes, which are there.
    ///
    /// - Parameters:
    ///   - keys: Their numbers, ascending, each once.
    ///   - nodes: The nodes, in any order; neighbours are read fastest one after the other.
    ///   - cells: Has room for all properties: those of the first key first, in the order of the nodes.
    /// - Complexity: O(*p*) in the properties of each node up to the last of these keys.
    package func readCells(
        _ keys: UnsafeBufferPointer<UInt32>, of nodes: UnsafeBufferPointer<UInt32>,
        into cells: UnsafeMutableBufferPointer<PropertyCell>
    ) {
        EntityTable.readCells(keys, of: nodes, in: self.nodes, into: cells)
    }
}
