// SPDX-License-Identifier: Apache-2.0

import CairnQuery
import Foundation

/// The suite as it lies in a folder: features and graphs.
struct Kit: Sendable {
    let scenarios: [Scenario]
    let graphs: [String: String]
    let host: QueryHost

    /// The folder that `CAIRN_TCK` names, or `../shared/tck`.
    static var folder: String {
        ProcessInfo.processInfo.environment["CAIRN_TCK"] ?? "../shared/tck"
    }

    /// The suite in a folder; nil when there is none.
    init?(folder: String) {
        let features = URL(fileURLWithPath: folder).appendingPathComponent("features")
        guard
            let files = FileManager.default.enumerator(
                at: features, includingPropertiesForKeys: nil)
        else { return nil }
        var scenarios: [Scenario] = []
        var urls: [URL] = []
        for case let url as URL in files where url.pathExtension == "feature" { urls.append(url) }
        for url in urls.sorted(by: { $0.path < $1.path }) {
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            let path = url.deletingPathExtension().standardizedFileURL.path
            let name = String(path.dropFirst(features.standardizedFileURL.path.count + 1))
            scenarios += FeatureReader.scenarios(in: text, feature: name)
        }
        guard !scenarios.isEmpty else { return nil }
        self.scenarios = scenarios
        graphs = Self.graphs(in: folder)
        host = QueryHost(timeZones: TimeZoneFiles()) {
            let now = Date().timeIntervalSince1970
            return (Int64(now), Int64((now - now.rounded(.down)) * 1e9))
        }
    }

    private static func graphs(in folder: String) -> [String: String] {
        let root = URL(fileURLWithPath: folder).appendingPathComponent("graphs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        var graphs: [String: String] = [:]
        for name in names {
            let file = root.appendingPathComponent("\(name)/\(name).cypher")
            graphs[name] = try? String(contentsOf: file, encoding: .utf8)
        }
        return graphs
    }
}
