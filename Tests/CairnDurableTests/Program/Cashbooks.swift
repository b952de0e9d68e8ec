// SPDX-License-Identifier: Apache-2.0

import CairnDurable

/// The first version of a program.
struct Cashbook: DurableState, Codable, Equatable {
    enum Event: DurableEvent, Codable, Equatable {
        case booked(name: String, amount: Int)
        case counted(Int)
    }
    var totals: [String: Int] = [:]
    var count = 0

    mutating func apply(_ event: Event) {
        switch event {
        case .booked(let name, let amount): totals[name, default: 0] += amount
        case .counted(let number): count += number
        }
    }
}

/// A field more in the state, and one in an event.
struct MoreFields: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 2

    enum Event: DurableEvent, Codable, Equatable {
        case booked(name: String, amount: Int, by: String)
        case counted(Int)
    }
    var totals: [String: Int] = [:]
    var count = 0
    var owner = "nobody"

    mutating func apply(_ event: Event) {
        switch event {
        case .booked(let name, let amount, _): totals[name, default: 0] += amount
        case .counted(let number): count += number
        }
    }

    static func upcast(event: CodedValue, from version: Int) -> CodedValue? {
        var event = event
        event["booked"]?["by"] = .string("nobody")
        return event
    }

    static func upcast(state: CodedValue, from version: Int) -> CodedValue {
        var state = state
        state["owner"] = .string("nobody")
        return state
    }
}

/// Other names for a field of the state and one of an event.
struct Renamed: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 2

    enum Event: DurableEvent, Codable, Equatable {
        case booked(account: String, amount: Int)
        case counted(Int)
    }
    var balances: [String: Int] = [:]
    var count = 0

    mutating func apply(_ event: Event) {
        switch event {
        case .booked(let account, let amount): balances[account, default: 0] += amount
        case .counted(let number): count += number
        }
    }

    static func upcast(event: CodedValue, from version: Int) -> CodedValue? {
        var event = event
        event["booked"]?.rename("name", to: "account")
        return event
    }

    static func upcast(state: CodedValue, from version: Int) -> CodedValue {
        var state = state
        state.rename("totals", to: "balances")
        return state
    }
}

/// A field less in the state, and one in an event: nothing is to be turned.
struct FewerFields: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 2

    enum Event: DurableEvent, Codable, Equatable {
        case booked(name: String, amount: Int)
        case counted
    }
    var totals: [String: Int] = [:]

    mutating func apply(_ event: Event) {
        if case .booked(let name, let amount) = event { totals[name, default: 0] += amount }
    }
}

/// As ``FewerFields``, by a programmer who did not raise the version.
struct FewerFieldsOfTheSameVersion: DurableState, Codable {
    static let name = "Cashbook"
    typealias Event = FewerFields.Event
    var totals: [String: Int] = [:]

    mutating func apply(_ event: Event) {
        if case .booked(let name, let amount) = event { totals[name, default: 0] += amount }
    }
}

/// A case less, with the field that it changed, and one more.
struct OtherCases: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 2

    enum Event: DurableEvent, Codable, Equatable {
        case booked(name: String, amount: Int)
        case closed(name: String)
    }
    var totals: [String: Int] = [:]

    mutating func apply(_ event: Event) {
        switch event {
        case .booked(let name, let amount): totals[name, default: 0] += amount
        case .closed(let name): totals[name] = nil
        }
    }

    static func upcast(event: CodedValue, from version: Int) -> CodedValue? {
        event["counted"] == nil ? event : nil
    }
}

/// Other types of fields: an amount is money, a count is a text.
struct OtherType: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 2

    struct Money: Codable, Equatable {
        var cents: Int
    }
    enum Event: DurableEvent, Codable, Equatable {
        case booked(name: String, amount: Money)
        case counted(Int)
    }
    var totals: [String: Money] = [:]
    var count = "0"

    mutating func apply(_ event: Event) {
        switch event {
        case .booked(let name, let amount):
            totals[name, default: Money(cents: 0)].cents += amount.cents
        case .counted(let number): count = "\((Int(count) ?? 0) + number)"
        }
    }

    private static func money(_ value: CodedValue?) throws -> CodedValue {
        guard case .int(let units) = value else { throw NoAmount() }
        return .object(["cents": .int(units * 100)])
    }

    struct NoAmount: Error {}

    static func upcast(event: CodedValue, from version: Int) throws -> CodedValue? {
        guard let booked = event["booked"] else { return event }
        var event = event
        event["booked"]?["amount"] = try money(booked["amount"])
        return event
    }

    static func upcast(state: CodedValue, from version: Int) throws -> CodedValue {
        var state = state
        if case .object(let totals) = state["totals"] {
            state["totals"] = .object(try totals.mapValues { try money($0) })
        }
        if case .int(let count) = state["count"] { state["count"] = .string("\(count)") }
        return state
    }
}

/// As ``MoreFields``, by a programmer who forgot the version.
struct Forgotten: DurableState, Codable {
    static let name = "Cashbook"
    typealias Event = MoreFields.Event
    var totals: [String: Int] = [:]
    var count = 0
    var owner = "nobody"
    mutating func apply(_ event: Event) {}
}

/// Refuses to turn anything.
struct Undecided: DurableState, Codable {
    static let name = "Cashbook"
    static let version = 2
    typealias Event = Cashbook.Event
    var totals: [String: Int] = [:]
    var count = 0
    mutating func apply(_ event: Event) {}

    struct NotYet: Error {}
    static func upcast(event: CodedValue, from version: Int) throws -> CodedValue? {
        throw NotYet()
    }
    static func upcast(state: CodedValue, from version: Int) throws -> CodedValue { throw NotYet() }
}

/// A third version, which keeps by which version each event was written.
struct Third: DurableState, Codable {
    static let name = "Cashbook"
    static let version = 3

    enum Event: DurableEvent, Codable { case noted(String, from: Int) }
    var notes: [String] = []

    mutating func apply(_ event: Event) {
        if case .noted(let name, let version) = event { notes.append("\(name) from \(version)") }
    }

    static func upcast(event: CodedValue, from version: Int) -> CodedValue? {
        guard let name = event["booked"]?["name"] else { return nil }
        return .object(["noted": .object(["_0": name, "from": .int(Int64(version))])])
    }
}

/// Another name for a case.
struct RenamedCase: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 2

    enum Event: DurableEvent, Codable, Equatable {
        case entered(name: String, amount: Int)
        case counted(Int)
    }
    var totals: [String: Int] = [:]
    var count = 0

    mutating func apply(_ event: Event) {
        switch event {
        case .entered(let name, let amount): totals[name, default: 0] += amount
        case .counted(let number): count += number
        }
    }

    static func upcast(event: CodedValue, from version: Int) -> CodedValue? {
        var event = event
        event.rename("booked", to: "entered")
        return event
    }
}

/// What ``MoreFields`` became in a third version.
struct TwoSteps: DurableState, Codable, Equatable {
    static let name = "Cashbook"
    static let version = 3

    enum Event: DurableEvent, Codable, Equatable {
        case booked(account: String, amount: Int, by: String)
        case counted(Int)
    }
    var totals: [String: Int] = [:]
    var count = 0

    mutating func apply(_ event: Event) {
        switch event {
        case .booked(let account, let amount, let by):
            totals["\(by) \(account)", default: 0] += amount
        case .counted(let number): count += number
        }
    }

    static func upcast(event: CodedValue, from version: Int) -> CodedValue? {
        var event = event
        if version < 2 { event["booked"]?["by"] = .string("nobody") }
        if version < 3 { event["booked"]?.rename("name", to: "account") }
        return event
    }
}
