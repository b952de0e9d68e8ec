// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// A package of its own, so that what only the benchmarks need reaches no user of Cairn.
import PackageDescription

let package = Package(
    name: "cairn-benchmarks",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "cairn-bench", targets: ["CairnBench"])],
    dependencies: [
        .package(name: "cairn", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    ],
    targets: [
        .target(name: "CBenchSystem"),
        .target(name: "BenchSupport", dependencies: ["CBenchSystem"]),
        .testTarget(name: "BenchSupportTests", dependencies: ["BenchSupport"]),
        .executableTarget(
            name: "CairnBench",
            dependencies: ["BenchSupport"]
                + [
                    "Cairn", "CairnCodec", "CairnContainer", "CairnDurable", "CairnEncryption",
                    "CairnExchange",
                    "CairnFormat",
                    "CairnGraph", "CairnIO", "CairnLSN", "CairnLog", "CairnQuery", "CairnSegments",
                    "CairnSnapshot", "CairnSync", "CairnZlib",
                ].map { .product(name: $0, package: "cairn") }
                + [
                    .product(name: "ArgumentParser", package: "swift-argument-parser"),
                    .product(name: "Crypto", package: "swift-crypto"),
                ]),
    ]
)

// In CI a warning is an error, as in the package itself.
let strictness: [SwiftSetting] =
    Context.environment["CAIRN_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : []
for target in package.targets where target.name != "CBenchSystem" {
    target.swiftSettings =
        strictness + [
            .swiftLanguageMode(.v6),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        ]
}
