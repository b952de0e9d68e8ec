// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension FunctionLibrary {
    static let moments: [String: FunctionBody] = [
        "timestamp": .none { (execution) throws(QueryError) in
            let time = try execution.time()
            let (millis, overflow) = time.seconds.multipliedReportingOverflow(by: 1000)
            guard !overflow else { throw .runtime(.arithmetic, .integerOverflow) }
            return .int(millis &+ time.nanoseconds / 1_000_000)
        },
        "datetime.fromepoch": .variadic { (values, execution) throws(QueryError) in
            if values.contains(where: \.isNull) { return .null }
            guard case .int(let seconds) = values[0], case .int(let nanoseconds) = values[1] else {
                throw refusal("datetime.fromepoch")
            }
            let factory = TemporalFactory(zones: execution.host.timeZones)
            return .dateTime(try factory.moment(seconds: seconds, nanoseconds: nanoseconds))
        },
        "datetime.fromepochmillis": .unary { (value, execution) throws(QueryError) in
            guard case .int(let millis) = value else { throw refusal("datetime.fromepochmillis") }
            let factory = TemporalFactory(zones: execution.host.timeZones)
            return .dateTime(
                try factory.moment(
                    seconds: millis.flooredQuotient(1000),
                    nanoseconds: millis.flooredRemainder(1000) * 1_000_000))
        },
        "duration": .unary { (value, execution) throws(QueryError) in
            switch value {
            case .duration: return value
            case .string(let text):
                guard let duration = QueryDuration(text: text) else {
                    throw .runtime(.argument, .invalidArgumentValue, name: "duration")
                }
                return .duration(duration)
            case .map(let entries):
                let factory = TemporalFactory(zones: execution.host.timeZones)
                return .duration(try factory.duration(entries))
            default: throw refusal("duration")
            }
        },
        "duration.between": between(.all), "duration.inmonths": between(.months),
        "duration.indays": between(.days), "duration.inseconds": between(.seconds),
    ]

    private static func between(_ parts: TemporalFactory.Parts) -> FunctionBody {
        .variadic { (values, execution) throws(QueryError) in
            if values.contains(where: \.isNull) { return .null }
            let factory = TemporalFactory(zones: execution.host.timeZones)
            return .duration(
                try factory.duration(from: values[0], to: values[1], parts))
        }
    }
}
