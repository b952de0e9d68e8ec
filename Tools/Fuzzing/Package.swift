// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// The fuzzers, in a package of their own: no user of Cairn builds them. See `Tools/Fuzzing/run`.
//
// `Dpkg` is a link to the parser of package lists, which belongs to an executable and so to no library.
import PackageDescription

let modules = [
    "Cairn", "CairnCodec", "CairnContainer", "CairnDurable", "CairnEncryption", "CairnExchange",
    "CairnFormat",
    "CairnGraph", "CairnIO", "CairnLSN", "CairnLog", "CairnQuery", "CairnSegments", "CairnSnapshot",
    "CairnTesting",
    "CairnZlib",
]

let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "cairn", path: "../.."),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    ],
    targets: [
        .target(name: "CFuzzSupport", path: "CFuzzSupport"),
        .executableTarget(
            name: "Fuzz",
            dependencies: modules.map { .product(name: $0, package: "cairn") } + [
                .product(name: "SystemPackage", package: "swift-system"), "CFuzzSupport",
            ],
            path: ".",
            exclude: ["CFuzzSupport", "Corpus", "Regressions", "Dictionary", "README.md", "run"],
            sources: ["Harness", "Targets", "Dpkg"],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .enableExperimentalFeature("Lifetimes"),
            ]),
    ]
)
