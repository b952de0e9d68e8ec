// SPDX-License-Identifier: Apache-2.0

extension CodedValue {
    /// The field of an object; nil where it has none, and for values that are no objects.
    ///
    /// Setting it adds, replaces or, with nil, removes the field. In a value that is no object nothing is set.
    public subscript(field: String) -> CodedValue? {
        get {
            guard case .object(let fields) = self else { return nil }
            return fields[field]
        }
        set {
            guard case .object(var fields) = self else { return }
            self = .null
            fields[field] = newValue
            self = .object(fields)
        }
    }

    /// Gives a field of an object another name, or a case of an enum, which is the only field of its object. Does
    /// nothing where there is no such field.
    public mutating func rename(_ field: String, to name: String) {
        guard let value = self[field] else { return }
        self[field] = nil
        self[name] = value
    }
}
