// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct OrderingMonitorTests {
    private func watched(
        _ body: (any VirtualDirectory, OrderingMonitor) throws -> Void
    ) throws -> [String] {
        let monitor = OrderingMonitor()
        let (files, _) = try makeFileSystem()
        let watched = InterceptedFileSystem(files, monitor)
        try body(try watched.openDirectory("/d", creating: false), monitor)
        return monitor.violations
    }

    @Test func theRightOrderIsSilent() throws {
        let violations = try watched { directory, monitor in
            let file = try directory.createFile("a.creating")
            try file.write([1], at: 0)
            try file.sync()
            try directory.rename("a.creating", to: "a")
            try directory.sync()
            try file.write([2], at: 1)
            try file.sync()
            monitor.acknowledged { _ in true }
            try directory.remove("a")
        }
        #expect(violations == [])
    }

    @Test func aNameBeforeTheBytesIsSeen() throws {
        let violations = try watched { directory, _ in
            try directory.createFile("a.creating").write([1], at: 0)
            try directory.rename("a.creating", to: "a")
        }
        #expect(violations == ["rename /d/a.creating before its bytes were synced"])
    }

    @Test func anAcknowledgementWithoutSyncIsSeen() throws {
        let violations = try watched { directory, monitor in
            let file = try directory.createFile("a")
            try file.write([1], at: 0)
            monitor.acknowledged { $0.hasSuffix("a") }
        }
        #expect(
            violations == [
                "acknowledged while /d/a has bytes that no sync covers",
                "acknowledged while the entry /d/a is not durable",
            ])
    }

    @Test func bytesWrittenUnderTheNewNameCount() throws {
        let violations = try watched { directory, monitor in
            let file = try directory.createFile("a.creating")
            try directory.rename("a.creating", to: "a")
            try directory.sync()
            try file.write([1], at: 0)
            monitor.acknowledged { $0 == "/d/a" }
        }
        #expect(violations == ["acknowledged while /d/a has bytes that no sync covers"])
    }

    @Test func removalBeforeTheNewNameIsDurableIsSeen() throws {
        let violations = try watched { directory, _ in
            _ = try directory.createFile("old")
            try directory.sync()
            _ = try directory.createFile("new")
            try directory.remove("old")
        }
        #expect(violations == ["remove /d/old while /d/new is not durable"])
    }

    @Test func goingOnAfterAnErrorIsSeen() throws {
        let monitor = OrderingMonitor()
        let (files, _) = try makeFileSystem()
        let directory = try InterceptedFileSystem(files, monitor)
            .openDirectory("/d", creating: false)
        let file = try directory.createFile("a")
        files.setFaults(.fail(.ioError, atOperation: files.operationCount))
        #expect(throws: StorageError.self) { try file.sync() }
        try file.sync()
        #expect(monitor.violations == ["syncFile /d/a after an earlier failure of this file"])
    }

    @Test func writingBeforeACutIsDurableIsSeen() throws {
        let violations = try watched { directory, _ in
            let file = try directory.createFile("a")
            try file.truncate(to: 10)
            try file.write([1], at: 0)
        }
        #expect(violations == ["write /d/a @0 +1 before the cut was synced"])
    }
}
