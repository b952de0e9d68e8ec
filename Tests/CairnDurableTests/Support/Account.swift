// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import CairnSync
import CairnTesting

/// A balance that never becomes negative.
struct Account: DurableState, Codable, Hashable {
    var balance = 0

    enum Event: DurableEvent, Codable, Hashable {
        case deposited(Int)
        case withdrawn(Int)
    }

    struct Overdrawn: Error {}

    func validate(_ event: Event) throws {
        if case .withdrawn(let amount) = event, amount > balance { throw Overdrawn() }
    }

    mutating func apply(_ event: Event) {
        switch event {
        case .deposited(let amount): balance += amount
        case .withdrawn(let amount): balance -= amount
        }
    }
}

/// The same account, which readers see by views.
struct ViewedAccount: DurableState, Codable, Hashable {
    static var publication: Publication { .view }
    var account = Account()
    typealias Event = Account.Event
    func validate(_ event: Event) throws { try account.validate(event) }
    mutating func apply(_ event: Event) { account.apply(event) }
}

/// A store whose durable writes wait while the gate is shut.
struct GatedStore<State: ReplayableState> {
    let files = SimulatedFileSystem()
    let gate = Gate()
    let store: Durable<State>

    init(_ type: State.Type = State.self, policy: SyncPolicy = .everyCommit) throws {
        let gate = gate
        var environment = StorageEnvironment.simulated(files)
        environment.fileSystem = InterceptedFileSystem(
            files, CallHook { if $0.kind == .writeDurably { gate.pass() } })
        var options = LogOptions()
        options.syncPolicy = policy
        store = try Durable<State>.open("store", options: options, environment: environment)
    }

    /// The store that a crash at this moment would leave.
    func recovered() throws -> Durable<State> {
        try Durable<State>.open(
            "store", environment: .simulated(files.crashImage(.onlySynced)))
    }
}
