// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension ValueTape {
    /// Appends the value in its self-describing form.
    ///
    /// - Throws: ``CodingFailure`` for arrays and objects nested deeper than ``CodedValue/depthMax``.
    func encode(into encoder: inout EventEncoder) throws {
        try checkDepth(Self.root, 0)
        encode(Self.root, into: &encoder, above: .max) { _ throws(Never) in }
    }

    /// Appends the value in its self-describing form, and has it taken away whenever it is large.
    ///
    /// - Parameters:
    ///   - encoder: Has the symbols of the value: see ``collectSymbols(into:)``.
    ///   - byteCount: How large the bytes may become; at most twice as large they do.
    ///   - drain: Takes bytes away. What it throws ends the encoding.
    /// - Precondition: ``collectSymbols(into:)`` did not throw.
    func encode<Failure: Error>(
        into encoder: inout EventEncoder, above byteCount: Int,
        drain: (inout EventEncoder) throws(Failure) -> Void
    ) throws(Failure) {
        try encode(Self.root, into: &encoder, above: byteCount, drain)
    }

    private func encode<Failure: Error>(
        _ index: Index, into encoder: inout EventEncoder, above byteCount: Int,
        _ drain: (inout EventEncoder) throws(Failure) -> Void
    ) throws(Failure) {
        if encoder.bytes.count >= byteCount { try drain(&encoder) }
        switch self[index].kind {
        // Nothing was encoded: an object without fields.
        case .empty: CodedValue.appendObject(fieldCount: 0, to: &encoder.bytes)
        case .run: try append(self[index].range, to: &encoder, above: byteCount, drain)
        case .byteRun:
            preconditionFailure("bytes are part of an array")
        case .array:
            var part = self[index].first
            if part >= 0, self[part].kind == .byteRun {
                CodedValue.appendBytes(byteCount: self[part].range.count, to: &encoder.bytes)
                return try append(self[part].range, to: &encoder, above: byteCount, drain)
            }
            CodedValue.appendArray(elementCount: elementCount(of: index), to: &encoder.bytes)
            while part >= 0 {
                try encode(part, into: &encoder, above: byteCount, drain)
                part = self[part].next
            }
        case .object:
            guard hasFieldsInOrder(index) else {
                let fields = orderedFields(of: index)
                CodedValue.appendObject(fieldCount: fields.count, to: &encoder.bytes)
                for (key, part) in fields {
                    encoder.append(symbol: key)
                    try encode(part, into: &encoder, above: byteCount, drain)
                }
                return
            }
            CodedValue.appendObject(fieldCount: self[index].count, to: &encoder.bytes)
            var part = self[index].first
            while part >= 0 {
                encoder.append(symbol: self[part].key)
                try encode(part, into: &encoder, above: byteCount, drain)
                part = self[part].next
            }
        }
    }

    /// Copies bytes, in pieces when something takes them away.
    private func append<Failure: Error>(
        _ range: Range<Int>, to encoder: inout EventEncoder, above byteCount: Int,
        _ drain: (inout EventEncoder) throws(Failure) -> Void
    ) throws(Failure) {
        var start = range.lowerBound
        while range.upperBound - start > byteCount {
            copy(start..<start + byteCount) { encoder.bytes.append($0) }
            start += byteCount
            try drain(&encoder)
        }
        copy(start..<range.upperBound) { encoder.bytes.append($0) }
    }

    /// Numbers the keys in the order in which the encoded value has them.
    ///
    /// - Throws: ``CodingFailure`` for arrays and objects nested deeper than ``CodedValue/depthMax``.
    func collectSymbols(into symbols: inout SymbolTableBuilder) throws {
        try checkDepth(Self.root, 0)
        collectSymbols(Self.root, into: &symbols)
    }

    private func collectSymbols(_ index: Index, into symbols: inout SymbolTableBuilder) {
        let isObject = self[index].kind == .object
        if isObject, !hasFieldsInOrder(index) {
            for (key, part) in orderedFields(of: index) {
                _ = symbols.intern(key)
                collectSymbols(part, into: &symbols)
            }
            return
        }
        var part = self[index].first
        while part >= 0 {
            if isObject { _ = symbols.intern(self[part].key) }
            collectSymbols(part, into: &symbols)
            part = self[part].next
        }
    }

    /// - Throws: When the parts of a container lie deeper than a reader goes.
    private func checkDepth(_ index: Index, _ depth: Int) throws {
        var part = self[index].first
        guard part >= 0 else { return }
        guard depth < CodedValue.depthMax else { throw tooDeep(index) }
        // A run has no parts.
        while part >= 0 {
            if self[part].first >= 0 { try checkDepth(part, depth + 1) }
            part = self[part].next
        }
    }

    private func tooDeep(_ index: Index) -> CodingFailure {
        CodingFailure(
            path: path(to: index).map(\.stringValue),
            meaning: "nests deeper than \(CodedValue.depthMax) arrays and objects")
    }

    /// Whether the keys of an object ascend, and none has two spellings: the usual case, if not the only one.
    private func hasFieldsInOrder(_ index: Index) -> Bool {
        var part = self[index].first
        var last: Index = -1
        while part >= 0 {
            guard self[part].isPlain else { return false }
            if last >= 0, !CodedValue.precedes(self[last].key, self[part].key) { return false }
            last = part
            part = self[part].next
        }
        return true
    }

    /// The fields of an object by the bytes of their keys; of several that spell one key, the last.
    private func orderedFields(of index: Index) -> [(key: String, part: Index)] {
        var fields: [(key: String, part: Index)] = []
        var part = self[index].first
        while part >= 0 {
            fields.append((self[part].key, part))
            part = self[part].next
        }
        // A text may be spelled in several ways, and a reader takes one of them.
        var parts: [String: Index] = [:]
        for field in fields { parts[field.key] = field.part }
        return parts.map { (key: $0.key, part: $0.value) }
            .sorted { CodedValue.precedes($0.key, $1.key) }
    }
}
