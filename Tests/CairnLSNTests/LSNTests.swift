// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import Testing

struct LSNTests {
    @Test func successorsAreDenseAndStartAtOne() throws {
        #expect(try LSN.never.successor() == .first)
        #expect(LSN.first.rawValue == 1)
        #expect(try LSN.first.successor().rawValue == 2)
        #expect(try LSN(rawValue: .max - 1).successor() == .last)
    }

    @Test func nothingFollowsTheLast() {
        #expect(throws: LSNError(code: .exhausted, lsn: .last)) { try LSN.last.successor() }
        #expect(throws: LSNError(code: .exhausted, lsn: .first)) {
            try LSN.first.advanced(by: .max)
        }
        #expect(throws: Never.self) { try LSN.never.advanced(by: .max) }
        #expect(throws: Never.self) { try LSN.last.advanced(by: 0) }
    }

    @Test func predecessorStopsAtNever() {
        #expect(LSN.first.predecessor == .never)
        #expect(LSN.never.predecessor == .never)
        #expect(LSN.last.predecessor.rawValue == UInt64.max - 1)
    }

    @Test(arguments: [0, 1, 9, 10, UInt64.max])
    func textFormsGoBothWays(number: UInt64) {
        let lsn = LSN(rawValue: number)
        #expect(LSN(lsn.description) == lsn)
    }

    @Test(arguments: ["", "-1", "+1", "-0", " 1", "1 ", "0x1", "1_0", "١", "18446744073709551616"])
    func textThatIsNoNumberIsRefused(text: String) {
        #expect(LSN(text) == nil)
    }
}

struct LSNRangeTests {
    @Test func rangesIncludeBothEnds() throws {
        let range = try LSNRange(first: LSN(rawValue: 5), count: 3)
        #expect(range.last.rawValue == 7)
        #expect(!range.isEmpty)
        #expect((3...9).filter { range.contains(LSN(rawValue: $0)) } == [5, 6, 7])
        #expect(range.description == "5…7")
    }

    @Test func emptyRangesHoldNothing() throws {
        let range = try LSNRange(first: LSN(rawValue: 5), count: 0)
        #expect(range.isEmpty)
        #expect(range.last.rawValue == 4)
        #expect(!range.contains(LSN(rawValue: 4)) && !range.contains(LSN(rawValue: 5)))
        #expect(range.description == "empty")
        #expect(try LSNRange(first: .never, count: 0).last == .never)
    }

    @Test func rangesReachTheLastAndNotBeyond() throws {
        #expect(try LSNRange(first: .last, count: 1).last == .last)
        #expect(try LSNRange(first: .first, count: .max).last == .last)
        #expect(throws: LSNError(code: .exhausted, lsn: .last)) {
            try LSNRange(first: .last, count: 2)
        }
        #expect(throws: LSNError(code: .neverInRange, lsn: .never)) {
            try LSNRange(first: .never, count: 1)
        }
    }
}
