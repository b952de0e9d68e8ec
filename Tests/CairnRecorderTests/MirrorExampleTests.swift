// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLog
import CairnRecorder
import CairnTesting
import SystemPackage
import Testing

/// What reads the events of ``TextEvent`` as something else.
struct TextEventAsNumber: EventDecodable {
    init(from decoder: inout EventDecoder) throws(FormatError) {
        _ = try decoder.bytes.integer(UInt64.self)
        _ = try decoder.bytes.integer(UInt64.self)
    }
}

/// The example of ``WalMirror``: numbered files, the newest of which counts. A new one gets its name when it is whole and
/// synced, and only then the one before goes, so a failure at any call leaves one of the two.
final class FileMirror: WalMirror {
    private let directory: any VirtualDirectory
    private let texts = Locked<[String]>([])

    init(_ directory: any VirtualDirectory) { self.directory = directory }

    /// The host says what its state is now.
    func follow(_ texts: [String]) { self.texts.withLock { $0 = texts } }

    func persist() throws { try persistForced() }

    func persistForced() throws {
        let names = try directory.list().compactMap(\.name)
        let forms = names.compactMap { Int($0.string) }.sorted()
        let temporary: FileName = "new"
        // What an earlier attempt left behind is of no use.
        if names.contains(temporary) { try directory.remove(temporary) }
        let content = Array(texts.withLock { $0 }.joined(separator: " ").utf8)
        let file = try directory.createFile(temporary)
        try file.write(content.span.bytes, at: 0)
        try file.sync()
        try file.close()
        try directory.rename(temporary, to: FileName("\((forms.last ?? 0) + 1)")!)
        try directory.sync()
        for form in forms { try directory.remove(FileName("\(form)")!) }
    }
}

struct MirrorExampleTests {
    /// The form that a crash now would leave.
    private func form(_ files: SimulatedFileSystem) -> String? {
        let image = files.crashImage(.onlySynced)
        let newest = (1...20).last { image.contents(FilePath("/mirror/\($0)")) != nil }
        return newest.flatMap { image.contents(FilePath("/mirror/\($0)")) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private func commit(
        _ text: String, _ recorder: WalRecorder, _ mirror: FileMirror, _ texts: [String]
    ) throws {
        try recorder.arm()
        recorder.record(TextEvent(text))
        try recorder.commit()
        mirror.follow(texts)
    }

    @Test func whateverFailsTheFormBeforeOrTheNewOneIsThere() throws {
        var failureCount = 0
        // Each call of the mirror fails in turn, and of the sync of the log before it.
        for failing in 0..<10 {
            let files = SimulatedFileSystem()
            let mirror = FileMirror(try files.openDirectory("/mirror", creating: true))
            let recorder = try WalRecorder.open(
                "/store", replaying: TextEvent.self, mirror: mirror,
                environment: .simulated(files)
            ) { _ in }
            try commit("a", recorder, mirror, ["a"])
            try recorder.sync()
            #expect(form(files) == "a")
            try commit("b", recorder, mirror, ["a", "b"])
            files.setFaults(.fail(.ioError, atOperation: files.operationCount + failing))
            do { try recorder.sync() } catch {
                failureCount += 1
                #expect(error.code == .mirrorFailed && error.mirrorFailure?.error is StorageError)
            }
            #expect(form(files) == "a" || form(files) == "a b", "call \(failing)")
            #expect(recorder.failure == nil, "the log is durable, and the recorder goes on")
            files.setFaults(FaultPlan())
            try recorder.sync()
            #expect(form(files) == "a b", "the next call brings everything up to date")
        }
        #expect(failureCount >= 5)
    }
}
