// SPDX-License-Identifier: Apache-2.0

extension FunctionLibrary {
    /// A kind of temporal value: how it is made of each thing that it can be made of.
    private struct Maker: Sendable {
        let name: String
        let fromText: @Sendable (String, TemporalFactory) -> QueryValue?
        let fromFields: @Sendable (TemporalFields, TemporalFactory) throws(QueryError) -> QueryValue
        /// The key under which another temporal value is one of the fields.
        let key: String
        let truncated:
            @Sendable (QueryValue, TemporalUnit, TemporalFields, TemporalFactory)
                throws(QueryError) -> QueryValue
    }

    private static let makers: [Maker] = [
        Maker(
            name: "date", fromText: { text, _ in QueryDate(text: text).map(QueryValue.date) },
            fromFields: { (fields, factory) throws(QueryError) in .date(try factory.date(fields)) },
            key: "date",
            truncated: { (value, unit, fields, factory) throws(QueryError) in
                .date(try factory.truncatedDate(value, unit, fields))
            }),
        Maker(
            name: "localtime",
            fromText: { text, _ in QueryTime(text: text).map(QueryValue.localTime) },
            fromFields: { (fields, factory) throws(QueryError) in
                .localTime(try factory.localTime(fields))
            }, key: "time",
            truncated: { (value, unit, fields, factory) throws(QueryError) in
                .localTime(try factory.truncatedTime(value, unit, fields))
            }),
        Maker(
            name: "time",
            fromText: { text, _ in QueryZonedTime(text: text).map(QueryValue.time) },
            fromFields: { (fields, factory) throws(QueryError) in .time(try factory.time(fields)) },
            key: "time",
            truncated: { (value, unit, fields, factory) throws(QueryError) in
                .time(try factory.truncatedZonedTime(value, unit, fields))
            }),
        Maker(
            name: "localdatetime",
            fromText: { text, _ in QueryDateTime(text: text).map(QueryValue.localDateTime) },
            fromFields: { (fields, factory) throws(QueryError) in
                .localDateTime(try factory.localDateTime(fields))
            }, key: "datetime",
            truncated: { (value, unit, fields, factory) throws(QueryError) in
                .localDateTime(try factory.truncatedDateTime(value, unit, fields))
            }),
        Maker(
            name: "datetime",
            fromText: { text, factory in
                QueryZonedDateTime(text: text, factory.zones).map(QueryValue.dateTime)
            },
            fromFields: { (fields, factory) throws(QueryError) in
                .dateTime(try factory.dateTime(fields))
            }, key: "datetime",
            truncated: { (value, unit, fields, factory) throws(QueryError) in
                .dateTime(try factory.truncatedZonedDateTime(value, unit, fields))
            }),
    ]

    static let temporal: [String: FunctionBody] = {
        var all: [String: FunctionBody] = [:]
        for maker in makers {
            let make = FunctionBody.variadic { (values, execution) throws(QueryError) in
                try Self.make(values, maker, execution)
            }
            all[maker.name] = make
            for clock in ["transaction", "statement", "realtime"] {
                all["\(maker.name).\(clock)"] = .variadic {
                    (values, execution) throws(QueryError) in
                    if values.first?.isNull ?? false { return .null }
                    return try Self.make([], maker, execution)
                }
            }
            all["\(maker.name).truncate"] = .variadic { (values, execution) throws(QueryError) in
                try truncate(values, maker, execution)
            }
        }
        return all
    }()

    private static func make(
        _ values: [QueryValue], _ maker: Maker, _ execution: Execution
    ) throws(QueryError) -> QueryValue {
        let factory = TemporalFactory(zones: execution.host.timeZones)
        guard let value = values.first else {
            let time = try execution.time()
            let now = try factory.moment(seconds: time.seconds, nanoseconds: time.nanoseconds)
            return try maker.fromFields(TemporalFields([maker.key: .dateTime(now)]), factory)
        }
        switch value {
        case .null: return .null
        case .string(let text):
            guard let made = maker.fromText(text, factory) else {
                throw .runtime(.argument, .invalidArgumentValue, name: maker.name)
            }
            return made
        case .map(let entries): return try maker.fromFields(TemporalFields(entries), factory)
        default: return try maker.fromFields(TemporalFields([maker.key: value]), factory)
        }
    }

    private static func truncate(
        _ values: [QueryValue], _ maker: Maker, _ execution: Execution
    ) throws(QueryError) -> QueryValue {
        let factory = TemporalFactory(zones: execution.host.timeZones)
        guard case .string(let name) = values[0] else {
            if values[0].isNull { return .null }
            throw refusal("truncate")
        }
        guard let unit = TemporalUnit(rawValue: name) else {
            throw .runtime(.argument, .invalidArgumentValue, name: name)
        }
        let value = values.count > 1 ? values[1] : try make([], maker, execution)
        if value.isNull { return .null }
        var fields = TemporalFields.none
        if values.count > 2, case .map(let entries) = values[2] { fields = TemporalFields(entries) }
        return try maker.truncated(value, unit, fields, factory)
    }
}
