// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle

/// Has the store maintained while the server runs.
struct Maintenance: Service {
    private static let interval = Duration.seconds(5)

    let store: any ScoreStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.interval)) != nil {
                do {
                    try await store.maintain()
                } catch {
                    logger.warning("maintenance failed", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
