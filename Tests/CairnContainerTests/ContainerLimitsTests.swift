// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnContainer

/// The size of a journal block: just below each limit, at it, and just above.
struct ContainerLimitsTests {
    @Test func aJournalBlockHasItsSize() {
        let (least, most) = (
            ContainerLayout.blockByteCountMin, ContainerLayout.blockByteCountMax
        )
        for byteCount in [least - 1, least, least + 1, most - 1, most, most + 1] {
            let block = ContainerHeader.block(4096, byteCount)
            let isRight = byteCount >= least && byteCount <= most
            #expect(block == (isRight ? 4096..<4096 + byteCount : nil), "\(byteCount)")
        }
    }
}
