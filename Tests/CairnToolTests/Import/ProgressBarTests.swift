// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnTool

struct ProgressBarTests {
    private func text(
        bytes: Int, of total: Int?, seconds: Double = 2, columnCount: Int = 80
    ) -> String {
        ProgressBar.text(
            ProgressBar.Progress(
                count: 12_000, byteCount: bytes, byteCountTotal: total, seconds: seconds),
            counting: "stanzas", columnCount: columnCount)
    }

    @Test func showsShareRateAndRemainingTime() {
        #expect(
            text(bytes: 250, of: 1000)
                == "[#######-----------------------]  25 %  12,000 stanzas  6,000/s  0:06 left")
        #expect(
            text(bytes: 1000, of: 1000)
                == "[##############################] 100 %  12,000 stanzas  6,000/s  0:00 left")
        #expect(text(bytes: 1, of: 10_000).hasSuffix("5:33:18 left"))
    }

    @Test func showsCountAndRateOnlyWhenTheTotalIsUnknown() {
        #expect(text(bytes: 250, of: nil) == "12,000 stanzas  6,000/s")
        #expect(text(bytes: 250, of: 0) == "12,000 stanzas  6,000/s")
    }

    @Test func fitsIntoTheTerminal() {
        for columnCount in 1...120 {
            for total in [nil, 1, 1000] {
                let line = text(bytes: 250, of: total, columnCount: columnCount)
                #expect(line.count < max(columnCount, 1), "\(columnCount) columns: \(line)")
            }
        }
    }

    @Test func staysSaneWhenTheFileGrows() {
        #expect(text(bytes: 2000, of: 1000).contains("100 %"))
        #expect(text(bytes: 0, of: 1000, seconds: 0).hasSuffix("12,000 stanzas  0/s"))
    }

    @Test func groupsDigits() {
        #expect(
            [0, 12, 123, 1234, 123_456, 1_234_567, -1234].map { grouped($0) }
                == ["0", "12", "123", "1,234", "123,456", "1,234,567", "-1,234"])
        #expect(
            [0, 999, 1000, 1_450_000, 999_960, 3_000_000_000].map { readableByteCount($0) }
                == ["0 bytes", "999 bytes", "1.0 kB", "1.5 MB", "1.0 MB", "3.0 GB"])
    }
}
