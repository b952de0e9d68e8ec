// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CairnContainer
internal import SystemPackage

/// `cairn pack`
struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Copy a store from its directory into a container: one file.",
        discussion: """
            Every command takes the container where it takes a directory, and programs open it with open(container:). \
            Nothing may write to the store meanwhile; of one that is written to, make a backup and pack that. A container \
            has its name only when it is whole.
            """)

    @Argument(help: "The directory of the store.", completion: .directory)
    var directory: String
    @Argument(help: "The new file, such as notes.cairn.", completion: .file())
    var container: String

    func run() throws {
        try StoreContainer.pack(FilePath(directory), into: FilePath(container))
        try StandardOutput.print("packed \(directory) into \(container)")
    }
}

/// `cairn unpack`
struct UnpackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack",
        abstract: "Copy a store from its container into a new directory.",
        discussion: """
            Nothing may write to the container meanwhile. The directory has its name only when it is whole.
            """)

    @Argument(help: "The container.", completion: .file())
    var container: String
    @Argument(help: "The new directory.", completion: .directory)
    var directory: String

    func run() throws {
        try StoreContainer.unpack(FilePath(container), into: FilePath(directory))
        try StandardOutput.print("unpacked \(container) into \(directory)")
    }
}
