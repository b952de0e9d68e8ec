// SPDX-License-Identifier: Apache-2.0

extension Bug {
    /// Bugs that patches put into the modules: see `Bugs/Patches` and `Tools/crashlab/build`.
    static let inCode: [Bug] = [
        Bug(
            inCode: "sealBeforeSuccessor", "a segment is sealed before the next one exists",
            "LoraDB 0.15, maybe_rotate"),
        Bug(
            inCode: "damageIsTornTail",
            "a decode error anywhere in the last segment is a torn tail",
            "Pebble 453; LoraDB 0.15, open_existing", by: "flips"),
        Bug(
            inCode: "unknownKindIsTornTail",
            "a record of a newer version is taken for damage and cut",
            "Badger 434; ZOOKEEPER-3644", by: "damage"),
        Bug(
            inCode: "boundaryCutAccepted",
            "a middle segment cut at a record boundary goes unnoticed",
            "Memgraph 4528; RocksDB 7701", by: "damage"),
        Bug(
            inCode: "fenceBeforeData", "a fence is saved before the data it speaks of is durable",
            "etcd 3.5 (13766)", by: "crash"),
        Bug(
            inCode: "truncatesToNewest", "the log is truncated to what one snapshot alone covers",
            "the rule I10: two generations", by: "flips"),
        Bug(
            inCode: "gapAccepted", "snapshot missing: the rest of the log replays onto nothing",
            "ZOOKEEPER-2325; Memgraph 4742", by: "damage"),
        Bug(
            inCode: "failureNotLatched", "after a failed write the log goes on",
            "RocksDB 12995; LoraDB 0.15", by: "errors"),
        Bug(
            inCode: "followersNotWoken", "who waits for a group commit is not told that it failed",
            "raft-wal 32", by: "threads"),
        Bug(
            inCode: "readBackIsDurable", "what was only read back is called durable",
            "RocksDB 7621; LoraDB 0.15, open", by: "errors"),
        Bug(
            inCode: "repairInPlace", "a crash during the repair loses what was durable",
            "redb, before 4.1"),
        Bug(
            inCode: "truncatesOneTooMany", "truncation removes what no snapshot covers",
            "Memgraph 2283; SQLite WAL reset"),
        Bug(
            inCode: "replayIgnoresFence", "what the snapshot has is applied again", "Memgraph 2283"),
        Bug(
            inCode: "unfinishedReplayed", "a transaction without its commit is applied in part",
            "LiteDB 2935; ZOOKEEPER-3127"),
        Bug(
            inCode: "payloadUnchecked", "payload checksums are not looked at",
            "Badger 1049; LevelDB 251"),
        Bug(
            inCode: "headerUnderFinalName", "a crash leaves a segment with half a header",
            "etcd 16596; ZOOKEEPER-2332; LoraDB 0.15, create"),
        Bug(
            inCode: "removesNewestFirst", "truncation removes in the wrong order",
            "rabbitmq/ra 589", by: "crash"),
        Bug(
            inCode: "publishedBeforeDurable", "readers see a commit that a crash takes back",
            "the rule I15", by: "pipeline"),
        Bug(
            inCode: "publishedOutOfOrder", "the commits of a round are shown in another order",
            "the rule I15", by: "pipeline"),
        Bug(
            inCode: "stateNotTakenBack", "memory keeps what could not be committed",
            "SQLite 3.7; raft-wal 32", by: "pipeline"),
        Bug(
            inCode: "viewOfALaterLSN", "a snapshot holds more than its fence says",
            "the rule I14", by: "pipeline"),
        Bug(
            inCode: "waiterToldSuccess", "a waiter of a failed round is told success",
            "the rule I6", by: "pipeline"),
        Bug(
            inCode: "syncCoversLater", "a sync acknowledges what came after it began", "etcd 14370",
            by: "threads"),
        Bug(
            inCode: "failedStatusIsStranger",
            "what the disk cannot give the status of is taken for no file of ours",
            "Cairn itself, on a failing disk under XFS", by: "kernel"),
        Bug(
            inCode: "unsaltedChecksums", "records of an earlier life of a block are accepted",
            "RocksDB 12489, recycled logs"),
        Bug(
            inCode: "watermarkAheadOfSync", "a watermark covers what is not durable yet",
            "the rule I5"
        ),
        Bug(
            inCode: "unfinishedLeftOpen", "new records follow an unfinished transaction",
            "okaywal 14; doltlite 510"),
        Bug(
            inCode: "mirrorFirst", "the mirror is written before the log is durable",
            "LoraDB 0.15, archive", by: "crash"),
    ]
}
