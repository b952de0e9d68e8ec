// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The routes of the server, on whichever store.
struct Routes {
    private static let nameByteCountMax = 64
    private static let points = 1...1_000_000

    let store: any ScoreStore

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("ping") { _, _ in "pong\n" }
        router.post("scores/{player}") { [store] request, context in
            let player = try Self.player(context)
            let points = try request.uri.queryParameters.require("points", as: Int.self)
            guard Self.points.contains(points) else {
                throw HTTPError(.badRequest, message: "points must be in \(Self.points)")
            }
            return "\(try await store.add(points, to: player))\n"
        }
        router.get("scores/{player}") { [store] _, context in
            guard let total = try await store.total(of: Self.player(context)) else {
                throw HTTPError(.notFound)
            }
            return "\(total)\n"
        }
        router.get("status") { [store] _, _ in try await store.status() }
        return router
    }

    private static func player(_ context: some RequestContext) throws -> String {
        let player = try context.parameters.require("player")
        guard player.utf8.count <= nameByteCountMax else {
            throw HTTPError(
                .badRequest, message: "a name has at most \(nameByteCountMax) bytes")
        }
        return player
    }
}
