// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import Logging
import NIOCore

/// A server of scores on the loopback interface, until SIGINT or SIGTERM.
@main
struct ScoreServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ScoreServer",
        abstract: "Serves scores that survive a crash, on one of two stores.")

    @Option(help: "The store.")
    var store: StoreKind

    @Option(help: ArgumentHelp("The directory of the store.", valueName: "dir"))
    var path: String

    @Option(help: "The port on 127.0.0.1; 0 for any that is free.")
    var port = 8080

    func validate() throws {
        guard UInt16(exactly: port) != nil else {
            throw ValidationError("--port must be from 0 to 65535")
        }
    }

    func run() async throws {
        let store = try await store.open(path)
        do {
            try await serve(store)
        } catch {
            try? await store.close()
            throw error
        }
        // No request is left: the server has answered what it had accepted.
        try await store.close()
    }

    private func serve(_ store: any ScoreStore) async throws {
        let logger = Logger(label: "ScoreServer")
        let app = Application(
            router: Routes(store: store).router(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            services: [Maintenance(store: store, logger: logger)],
            onServerRunning: { channel in
                logger.info("serving", metadata: ["port": "\(channel.localAddress?.port ?? 0)"])
            },
            logger: logger)
        try await app.runService()
    }
}
