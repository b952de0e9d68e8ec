// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "cairn",
    // What decides: Docs/Platforms.md.
    platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .watchOS(.v26), .visionOS(.v26)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        // Only CairnEncryption, which nothing else imports, is built with it.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    ]
)

// Only Tools/docs needs the plugin, so users of the package do not fetch it.
if Context.environment["CAIRN_DOCS"] == "1" {
    package.dependencies.append(
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

/// One module: its target under `Modules/`, a library product of its own, and its tests.
@MainActor
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], tests: [Target.Dependency] = []
) {
    package.products.append(.library(name: name, targets: [name]))
    package.targets.append(
        .target(name: name, dependencies: dependencies, path: "Modules/\(name)"))
    package.targets.append(
        .testTarget(
            name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies + tests,
            path: "Tests/\(name)Tests"))
}

package.targets += [
    .target(name: "CCairnCRC32C", path: "Modules/CCairnCRC32C"),
    .target(name: "CCairnSystem", path: "Modules/CCairnSystem"),
    .systemLibrary(
        name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib",
        providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
]

// From the bottom up: a module imports only what stands above it in this list.
module("CairnLSN")
module("CairnFormat", ["CCairnCRC32C"])
module("CairnIO", ["CCairnSystem", system], tests: ["CairnTesting"])
module("CairnTesting", ["CairnIO", system])
module("CairnCodec", ["CairnLSN", "CairnFormat"])
module("CairnZlib", ["CZlib", "CairnCodec", "CairnFormat"])
module(
    "CairnSegments", ["CairnIO", "CairnCodec", "CairnFormat", "CairnLSN"], tests: ["CairnTesting"])
module("CairnSync")
module(
    "CairnLog",
    ["CairnSegments", "CairnSync", "CairnCodec", "CairnIO", "CairnFormat", "CairnLSN", system],
    tests: ["CairnTesting", "CairnZlib"])
module(
    "CairnRecorder", ["CairnLog", "CairnSync", "CairnCodec", "CairnIO", "CairnFormat", "CairnLSN"],
    tests: ["CairnTesting", "CairnSegments", system])
module(
    "CairnSnapshot", ["CairnIO", "CairnCodec", "CairnFormat", "CairnLSN"],
    tests: ["CairnTesting", "CairnZlib", system])
module("CairnGraph", ["CairnFormat"], tests: ["CAllocationMeter", "CairnTesting"])
module("CairnQuery", ["CairnGraph"], tests: ["CairnTesting"])
module("CairnExchange", ["CairnGraph", "CairnFormat"], tests: ["CairnTesting"])
module(
    "CairnDurable",
    [
        "CairnRecorder", "CairnSnapshot", "CairnLog", "CairnSegments", "CairnSync", "CairnCodec",
        "CairnIO", "CairnFormat", "CairnLSN", system,
    ], tests: ["CairnTesting"])
module(
    "CairnContainer",
    [
        "CairnDurable", "CairnRecorder", "CairnSnapshot", "CairnLog", "CairnSegments",
        "CairnCodec", "CairnIO", "CairnFormat", "CairnLSN", system,
    ], tests: ["CairnTesting", "CairnSync"])
module(
    "Cairn",
    [
        "CairnContainer", "CairnDurable", "CairnQuery", "CairnGraph", "CairnRecorder",
        "CairnSnapshot", "CairnLog",
        "CairnSegments", "CairnSync", "CairnCodec", "CairnIO", "CairnFormat", "CairnLSN", system,
    ], tests: ["CairnTesting", "CairnExchange", "CairnZlib"])
// The seam that it stands behind is in CairnFormat; what is encrypted knows nothing of it.
module(
    "CairnEncryption", ["CairnIO", "CairnFormat", crypto, cryptoExtras],
    tests: [
        "CairnTesting", "Cairn", "CairnContainer", "CairnDurable", "CairnGraph", "CairnSnapshot",
        "CairnLog", "CairnSegments", "CairnCodec", "CairnLSN", "CairnZlib", system,
    ])

// Describes every format: what documents, vectors and readers by declaration are made from. `CairnInterpreter` reads any
// format by that alone. Only tools use them; no module depends on them.
// `formatgen`, `tck` and `crashlab` are for those who work on this package: `swift run` finds their targets, and no
// product shows them to users.
package.targets += [
    .target(
        name: "CairnFormats",
        dependencies: [
            "CairnCodec", "CairnContainer", "CairnDurable", "CairnFormat", "CairnGraph", "CairnIO",
            "CairnLog", "CairnSegments", "CairnSnapshot",
        ], path: "Tools/formats"),
    .target(
        name: "CairnInterpreter",
        dependencies: [
            "CairnFormats", "CairnContainer", "CairnFormat", "CairnGraph", "CairnSegments",
            "CairnSnapshot",
        ], path: "Tools/interpreter"),
    // Makes calls of the real kernel fail, on Linux.
    .target(name: "CSystemFaults", path: "Tools/systemfaults"),
    // Counts allocations of a thread, on Linux.
    .target(name: "CAllocationMeter", path: "Tools/meter"),
    .executableTarget(
        name: "formatgen",
        dependencies: [
            "CAllocationMeter", "CairnInterpreter", "CairnFormats", "CairnCodec", "CairnContainer",
            "CairnDurable", "CairnFormat", "CairnGraph",
            "CairnIO", "CairnLog", "CairnLSN", "CairnSegments", "CairnSnapshot", "CairnTesting",
            "CairnZlib", system, arguments,
        ], path: "Tools/formatgen"),
    .testTarget(
        name: "FormatgenTests",
        dependencies: [
            "formatgen", "CAllocationMeter", "CairnInterpreter", "CairnFormats", "CairnCodec",
            "CairnFormat", "CairnGraph", "CairnSegments", "CairnSnapshot",
        ],
        path: "Tests/FormatgenTests"),
]

// The target is not called `cairn`, because file systems that ignore case cannot keep that apart from
// the module `Cairn`.
package.products.append(.executable(name: "cairn", targets: ["CairnTool"]))
package.targets += [
    .executableTarget(
        name: "CairnTool",
        dependencies: [
            "Cairn", "CairnEncryption", "CairnContainer", "CairnInterpreter", "CairnFormats",
            "CairnExchange", "CairnQuery", "CairnGraph",
            "CairnDurable", "CairnSnapshot", "CairnLog", "CairnSegments", "CairnZlib", "CairnCodec",
            "CairnIO",
            "CairnFormat", "CairnLSN", "CZlib",
            system,
            arguments,
        ],
        path: "Tools/cairn"),
    .testTarget(
        name: "CairnToolTests",
        dependencies: [
            "CairnTool", "CairnTesting", "Cairn", "CairnContainer", "CairnDurable", "CairnExchange",
            "CairnQuery", "CairnGraph", "CairnLog", "CairnZlib", "CairnFormat", "CairnLSN", system,
        ],
        path: "Tests/CairnToolTests"),
]

// openCypher's test suite lies outside; the tool and its tests say "skipped" where it is missing.
package.targets += [
    .executableTarget(
        name: "tck", dependencies: ["CairnQuery", "CairnGraph", arguments], path: "Tools/tck",
        exclude: ["Peers", "differ"]),
    .testTarget(
        name: "TCKToolTests", dependencies: ["tck", "CairnQuery", "CairnGraph"],
        path: "Tests/TCKToolTests"),
]

// The targets of the fuzzers, without a fuzzer: the committed inputs are ordinary tests. `Targets` is a link
// into `Tools/Fuzzing`, a package of its own that compiles the same files.
package.targets.append(
    .testTarget(
        name: "FuzzTargetsTests",
        dependencies: [
            "CairnTool", "CairnTesting", "Cairn", "CairnEncryption", "CairnContainer",
            "CairnDurable",
            "CairnExchange", "CairnGraph", "CairnQuery", "CairnLog", "CairnSegments",
            "CairnSnapshot", "CairnZlib", "CairnCodec",
            "CairnIO", "CairnFormat", "CairnLSN", system,
        ], path: "Tests/FuzzTargetsTests"))

package.targets += [
    .executableTarget(
        name: "crashlab",
        dependencies: [
            "CSystemFaults", "Cairn", "CairnTesting", "CairnContainer", "CairnDurable",
            "CairnEncryption", "CairnQuery",
            "CairnGraph",
            "CairnRecorder", "CairnSnapshot",
            "CairnLog", "CairnSegments", "CairnSync", "CairnCodec", "CairnIO", "CairnFormat",
            "CairnLSN", system, arguments,
        ],
        path: "Tools/crashlab", exclude: ["Bugs/Patches", "build"]),
    .testTarget(
        name: "ReliabilityTests",
        dependencies: [
            "crashlab", "CairnTesting", "CairnDurable", "CairnFormat", "CairnIO", arguments,
        ],
        path: "Tests/ReliabilityTests"),
]

// The same settings for every Swift target. Why each one:
// https://www.swift.org/swift-evolution/ (SE-0335, SE-0409, SE-0444, SE-0461);
// `Lifetimes` lets `ByteReader` and `BinaryBuffer.bytes` carry spans: Docs/Decisions/0002-lifetimes.md.
// In CI a warning is an error; elsewhere a newer compiler's warnings must not keep users from building.
let strictness: [SwiftSetting] =
    Context.environment["CAIRN_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : []
for target in package.targets
where target.type != .system && !target.name.hasPrefix("CCairn")
    && !["CAllocationMeter", "CSystemFaults"].contains(target.name)
{
    target.swiftSettings =
        (target.swiftSettings ?? []) + strictness + [
            .swiftLanguageMode(.v6),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableExperimentalFeature("Lifetimes"),
        ]
}
