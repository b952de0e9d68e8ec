// SPDX-License-Identifier: Apache-2.0
//
// Written by Tools/public-api; do not edit. Each name must mean one thing where all of these are
// imported.

import Cairn
import CairnCodec
import CairnContainer
import CairnDurable
import CairnEncryption
import CairnExchange
import CairnFormat
import CairnGraph
import CairnIO
import CairnLSN
import CairnLog
import CairnQuery
import CairnRecorder
import CairnSegments
import CairnSnapshot
import CairnSync
import CairnTesting
import CairnZlib
import Foundation
import Logging
import Metrics
import NIOCore
import Synchronization
import SystemPackage
import _NIOFileSystem

enum Names {
    typealias OfCairnDatabaseStatus = DatabaseStatus
    typealias OfCairnGraphChange = GraphChange
    typealias OfCairnGraphDatabase = GraphDatabase
    typealias OfCairnGraphTransaction = GraphTransaction
    typealias OfCairnQueryValues = QueryValues
    typealias OfCairnStoreVerifier = StoreVerifier
    typealias OfCairnVerification = Verification
    typealias OfCairnCodecBatchBuilder = BatchBuilder
    typealias OfCairnCodecBatchCompressor = BatchCompressor
    typealias OfCairnCodecBatchReader = BatchReader
    typealias OfCairnCodecCodecError = CodecError
    typealias OfCairnCodecCompressionID = CompressionID
    typealias OfCairnCodecFrame = Frame
    typealias OfCairnCodecFrameChecksums = FrameChecksums
    typealias OfCairnCodecFrameCodec = FrameCodec
    typealias OfCairnCodecFrameHeader = FrameHeader
    typealias OfCairnCodecFrameKind = FrameKind
    typealias OfCairnCodecFrameLayout = FrameLayout
    typealias OfCairnCodecFrameLimits = FrameLimits
    typealias OfCairnCodecSegmentID = SegmentID
    typealias OfCairnContainerContainerFileSystem = ContainerFileSystem
    typealias OfCairnContainerContainerLayout = ContainerLayout
    typealias OfCairnContainerContainerMirror = ContainerMirror
    typealias OfCairnContainerStoreContainer = StoreContainer
    typealias OfCairnDurableAncestor = Ancestor
    typealias OfCairnDurableArchive = Archive
    typealias OfCairnDurableArchiveContent = ArchiveContent
    typealias OfCairnDurableArchiveError = ArchiveError
    typealias OfCairnDurableArchiveObjectName = ArchiveObjectName
    typealias OfCairnDurableBackup = Backup
    typealias OfCairnDurableBackupOptions = BackupOptions
    typealias OfCairnDurableCheckpoint = Checkpoint
    typealias OfCairnDurableCheckpointObserver = CheckpointObserver
    typealias OfCairnDurableCheckpointOptions = CheckpointOptions
    typealias OfCairnDurableCheckpointProgress = CheckpointProgress
    typealias OfCairnDurableCheckpointStatus = CheckpointStatus
    typealias OfCairnDurableCodedValue = CodedValue
    typealias OfCairnDurableCommittedChange = CommittedChange
    typealias OfCairnDurableDirectoryArchive = DirectoryArchive
    typealias OfCairnDurableDurable = Durable
    typealias OfCairnDurableDurableChanges = DurableChanges
    typealias OfCairnDurableDurableError = DurableError
    typealias OfCairnDurableDurableEvent = DurableEvent
    typealias OfCairnDurableDurableRecovery = DurableRecovery
    typealias OfCairnDurableDurableState = DurableState
    typealias OfCairnDurableDurableStatus = DurableStatus
    typealias OfCairnDurableDurableValues = DurableValues
    typealias OfCairnDurableFollowStatus = FollowStatus
    typealias OfCairnDurableProgramMismatch = ProgramMismatch
    typealias OfCairnDurablePublication = Publication
    typealias OfCairnDurableReadLevel = ReadLevel
    typealias OfCairnDurableReaderPin = ReaderPin
    typealias OfCairnDurableReplayableState = ReplayableState
    typealias OfCairnDurableRestorePlan = RestorePlan
    typealias OfCairnDurableRestoreProof = RestoreProof
    typealias OfCairnDurableRestoreTarget = RestoreTarget
    typealias OfCairnDurableRestored = Restored
    typealias OfCairnDurableSalvageOptions = SalvageOptions
    typealias OfCairnDurableSalvageReport = SalvageReport
    typealias OfCairnDurableStateProof = StateProof
    typealias OfCairnDurableStoreArchive = StoreArchive
    typealias OfCairnDurableStoreBackup = StoreBackup
    typealias OfCairnDurableStoreProgram = StoreProgram
    typealias OfCairnDurableStoreRestore = StoreRestore
    typealias OfCairnDurableTransactionalState = TransactionalState
    typealias OfCairnDurableWriteResult = WriteResult
    typealias OfCairnEncryptionEncryptionKeys = EncryptionKeys
    typealias OfCairnEncryptionKeyError = KeyError
    typealias OfCairnEncryptionKeySource = KeySource
    typealias OfCairnEncryptionPasswordCost = PasswordCost
    typealias OfCairnEncryptionStoreKey = StoreKey
    typealias OfCairnExchangeDOTExport = DOTExport
    typealias OfCairnExchangeExchangeError = ExchangeError
    typealias OfCairnExchangeGraphMLExport = GraphMLExport
    typealias OfCairnExchangeGraphTarget = GraphTarget
    typealias OfCairnExchangeJSONLinesExport = JSONLinesExport
    typealias OfCairnExchangeJSONLinesImport = JSONLinesImport
    typealias OfCairnFormatBinaryBuffer = BinaryBuffer
    typealias OfCairnFormatBinaryLayout = BinaryLayout
    typealias OfCairnFormatByteReader = ByteReader
    typealias OfCairnFormatBytesField = BytesField
    typealias OfCairnFormatCRC32C = CRC32C
    typealias OfCairnFormatCheckpointMark = CheckpointMark
    typealias OfCairnFormatCipherError = CipherError
    typealias OfCairnFormatCodingFailure = CodingFailure
    typealias OfCairnFormatEventDecodable = EventDecodable
    typealias OfCairnFormatEventDecoder = EventDecoder
    typealias OfCairnFormatEventEncodable = EventEncodable
    typealias OfCairnFormatEventEncoder = EventEncoder
    typealias OfCairnFormatField = Field
    typealias OfCairnFormatFieldDescription = FieldDescription
    typealias OfCairnFormatFileCipher = FileCipher
    typealias OfCairnFormatFileIdentity = FileIdentity
    typealias OfCairnFormatFilePreamble = FilePreamble
    typealias OfCairnFormatFormatError = FormatError
    typealias OfCairnFormatFormatVersion = FormatVersion
    typealias OfCairnFormatKeyID = KeyID
    typealias OfCairnFormatKeyRecord = KeyRecord
    typealias OfCairnFormatSectionSink = SectionSink
    typealias OfCairnFormatSectionSource = SectionSource
    typealias OfCairnFormatStateDigest = StateDigest
    typealias OfCairnFormatStoreCipher = StoreCipher
    typealias OfCairnFormatSymbolTable = SymbolTable
    typealias OfCairnFormatSymbolTableBuilder = SymbolTableBuilder
    typealias OfCairnGraphBreadthFirstTraversal = BreadthFirstTraversal
    typealias OfCairnGraphCalendarDate = CalendarDate
    typealias OfCairnGraphCalendarDuration = CalendarDuration
    typealias OfCairnGraphDepthFirstTraversal = DepthFirstTraversal
    typealias OfCairnGraphDirection = Direction
    typealias OfCairnGraphGraphError = GraphError
    typealias OfCairnGraphGraphLimits = GraphLimits
    typealias OfCairnGraphGraphPath = GraphPath
    typealias OfCairnGraphGraphReader = GraphReader
    typealias OfCairnGraphGraphSavepoint = GraphSavepoint
    typealias OfCairnGraphGraphStore = GraphStore
    typealias OfCairnGraphLocalDateTime = LocalDateTime
    typealias OfCairnGraphLocalTime = LocalTime
    typealias OfCairnGraphMutationEvent = MutationEvent
    typealias OfCairnGraphMutationRecorder = MutationRecorder
    typealias OfCairnGraphNeighborSequence = NeighborSequence
    typealias OfCairnGraphNode = Node
    typealias OfCairnGraphNodeCreation = NodeCreation
    typealias OfCairnGraphNodeDegrees = NodeDegrees
    typealias OfCairnGraphNodeGroup = NodeGroup
    typealias OfCairnGraphNodeID = NodeID
    typealias OfCairnGraphNodeMatches = NodeMatches
    typealias OfCairnGraphOrderedNodes = OrderedNodes
    typealias OfCairnGraphOrderedRelationships = OrderedRelationships
    typealias OfCairnGraphProperties = Properties
    typealias OfCairnGraphPropertyPredicate = PropertyPredicate
    typealias OfCairnGraphRelationship = Relationship
    typealias OfCairnGraphRelationshipCreation = RelationshipCreation
    typealias OfCairnGraphRelationshipID = RelationshipID
    typealias OfCairnGraphRelationshipMatches = RelationshipMatches
    typealias OfCairnGraphRelationshipRule = RelationshipRule
    typealias OfCairnGraphRelationshipSequence = RelationshipSequence
    typealias OfCairnGraphSavepointScope = SavepointScope
    typealias OfCairnGraphSchemaRule = SchemaRule
    typealias OfCairnGraphSpatialPoint = SpatialPoint
    typealias OfCairnGraphTopologicalOrder = TopologicalOrder
    typealias OfCairnGraphTraversalError = TraversalError
    typealias OfCairnGraphTraversalVisit = TraversalVisit
    typealias OfCairnGraphUTCOffset = UTCOffset
    typealias OfCairnGraphUniqueConstraint = UniqueConstraint
    typealias OfCairnGraphValue = Value
    typealias OfCairnGraphValueConvertible = ValueConvertible
    typealias OfCairnGraphValueType = ValueType
    typealias OfCairnGraphVector = Vector
    typealias OfCairnGraphWeightedPath = WeightedPath
    typealias OfCairnGraphZonedDateTime = ZonedDateTime
    typealias OfCairnGraphZonedTime = ZonedTime
    typealias OfCairnIODirectoryLock = DirectoryLock
    typealias OfCairnIOFileAccess = FileAccess
    typealias OfCairnIOFileName = FileName
    typealias OfCairnIOLockMode = LockMode
    typealias OfCairnIOPOSIXFileSystem = POSIXFileSystem
    typealias OfCairnIORandomnessSource = RandomnessSource
    typealias OfCairnIOStorageEnvironment = StorageEnvironment
    typealias OfCairnIOStorageError = StorageError
    typealias OfCairnIOStoreDirectory = StoreDirectory
    typealias OfCairnIOSystemRandomness = SystemRandomness
    typealias OfCairnIOSystemTime = SystemTime
    typealias OfCairnIOTimeSource = TimeSource
    typealias OfCairnIOVirtualDirectory = VirtualDirectory
    typealias OfCairnIOVirtualDirectoryEntry = VirtualDirectoryEntry
    typealias OfCairnIOVirtualFile = VirtualFile
    typealias OfCairnIOVirtualFileSystem = VirtualFileSystem
    typealias OfCairnLSNDurableFence = DurableFence
    typealias OfCairnLSNDurableRole = DurableRole
    typealias OfCairnLSNFence = Fence
    typealias OfCairnLSNFenceRole = FenceRole
    typealias OfCairnLSNFreelyMadeFenceRole = FreelyMadeFenceRole
    typealias OfCairnLSNLSN = LSN
    typealias OfCairnLSNLSNError = LSNError
    typealias OfCairnLSNLSNRange = LSNRange
    typealias OfCairnLSNLogID = LogID
    typealias OfCairnLSNReplayFence = ReplayFence
    typealias OfCairnLSNReplayRole = ReplayRole
    typealias OfCairnLSNSnapshotFence = SnapshotFence
    typealias OfCairnLSNSnapshotRole = SnapshotRole
    typealias OfCairnLSNTruncationFence = TruncationFence
    typealias OfCairnLSNTruncationRole = TruncationRole
    typealias OfCairnLogChangeReader = ChangeReader
    typealias OfCairnLogCommitDelay = CommitDelay
    typealias OfCairnLogCommitReceipt = CommitReceipt
    typealias OfCairnLogCommittedTransaction = CommittedTransaction
    typealias OfCairnLogLogChanges = LogChanges
    typealias OfCairnLogLogError = LogError
    typealias OfCairnLogLogOptions = LogOptions
    typealias OfCairnLogLogPin = LogPin
    typealias OfCairnLogLogRecord = LogRecord
    typealias OfCairnLogLogStatus = LogStatus
    typealias OfCairnLogLogTransaction = LogTransaction
    typealias OfCairnLogLogVerification = LogVerification
    typealias OfCairnLogOpeningObserver = OpeningObserver
    typealias OfCairnLogOpeningProgress = OpeningProgress
    typealias OfCairnLogPendingCommit = PendingCommit
    typealias OfCairnLogRecoveryReport = RecoveryReport
    typealias OfCairnLogReplayHandler = ReplayHandler
    typealias OfCairnLogReplayedTransaction = ReplayedTransaction
    typealias OfCairnLogSegmentStatus = SegmentStatus
    typealias OfCairnLogTailRepair = TailRepair
    typealias OfCairnLogWriteAheadLog = WriteAheadLog
    typealias OfCairnQueryDeletedEntity = DeletedEntity
    typealias OfCairnQueryPreparedQuery = PreparedQuery
    typealias OfCairnQueryQuery = Query
    typealias OfCairnQueryQueryChanges = QueryChanges
    typealias OfCairnQueryQueryCursor = QueryCursor
    typealias OfCairnQueryQueryDate = QueryDate
    typealias OfCairnQueryQueryDateTime = QueryDateTime
    typealias OfCairnQueryQueryDuration = QueryDuration
    typealias OfCairnQueryQueryEngine = QueryEngine
    typealias OfCairnQueryQueryError = QueryError
    typealias OfCairnQueryQueryHost = QueryHost
    typealias OfCairnQueryQueryLimits = QueryLimits
    typealias OfCairnQueryQueryPath = QueryPath
    typealias OfCairnQueryQueryProcedure = QueryProcedure
    typealias OfCairnQueryQueryResult = QueryResult
    typealias OfCairnQueryQueryRow = QueryRow
    typealias OfCairnQueryQueryRows = QueryRows
    typealias OfCairnQueryQueryTarget = QueryTarget
    typealias OfCairnQueryQueryTime = QueryTime
    typealias OfCairnQueryQueryTimeZones = QueryTimeZones
    typealias OfCairnQueryQueryValue = QueryValue
    typealias OfCairnQueryQueryValueConvertible = QueryValueConvertible
    typealias OfCairnQueryQueryZonedDateTime = QueryZonedDateTime
    typealias OfCairnQueryQueryZonedTime = QueryZonedTime
    typealias OfCairnRecorderEventBuffer = EventBuffer
    typealias OfCairnRecorderMirrorFailure = MirrorFailure
    typealias OfCairnRecorderRecorderError = RecorderError
    typealias OfCairnRecorderWalMirror = WalMirror
    typealias OfCairnRecorderWalRecorder = WalRecorder
    typealias OfCairnSegmentsDamageAnalysis = DamageAnalysis
    typealias OfCairnSegmentsFinding = Finding
    typealias OfCairnSegmentsSegmentDamage = SegmentDamage
    typealias OfCairnSegmentsSegmentDirectory = SegmentDirectory
    typealias OfCairnSegmentsSegmentEncoder = SegmentEncoder
    typealias OfCairnSegmentsSegmentError = SegmentError
    typealias OfCairnSegmentsSegmentHeader = SegmentHeader
    typealias OfCairnSegmentsSegmentLayout = SegmentLayout
    typealias OfCairnSegmentsSegmentName = SegmentName
    typealias OfCairnSegmentsSegmentProgress = SegmentProgress
    typealias OfCairnSegmentsSegmentReader = SegmentReader
    typealias OfCairnSegmentsVerdict = Verdict
    typealias OfCairnSnapshotSnapshotDirectory = SnapshotDirectory
    typealias OfCairnSnapshotSnapshotError = SnapshotError
    typealias OfCairnSnapshotSnapshotFormat = SnapshotFormat
    typealias OfCairnSnapshotSnapshotInfo = SnapshotInfo
    typealias OfCairnSnapshotSnapshotReader = SnapshotReader
    typealias OfCairnSnapshotSnapshotRetention = SnapshotRetention
    typealias OfCairnSnapshotSnapshotSummary = SnapshotSummary
    typealias OfCairnSnapshotSnapshotWriter = SnapshotWriter
    typealias OfCairnSyncDurabilityLevel = DurabilityLevel
    typealias OfCairnSyncSyncPolicy = SyncPolicy
    typealias OfCairnSyncSyncReason = SyncReason
    typealias OfCairnSyncSyncScheduler = SyncScheduler
    typealias OfCairnTestingCallHook = CallHook
    typealias OfCairnTestingCrashChoice = CrashChoice
    typealias OfCairnTestingCrashEnumeration = CrashEnumeration
    typealias OfCairnTestingCrashFailure = CrashFailure
    typealias OfCairnTestingCrashFinding = CrashFinding
    typealias OfCairnTestingCrashJournal = CrashJournal
    typealias OfCairnTestingCrashPlace = CrashPlace
    typealias OfCairnTestingCrashPoint = CrashPoint
    typealias OfCairnTestingCrashProfile = CrashProfile
    typealias OfCairnTestingCrashReport = CrashReport
    typealias OfCairnTestingFaultPlan = FaultPlan
    typealias OfCairnTestingFaultRule = FaultRule
    typealias OfCairnTestingFileSystemConformance = FileSystemConformance
    typealias OfCairnTestingFileSystemInterceptor = FileSystemInterceptor
    typealias OfCairnTestingGate = Gate
    typealias OfCairnTestingInterceptedFileSystem = InterceptedFileSystem
    typealias OfCairnTestingInterceptedTarget = InterceptedTarget
    typealias OfCairnTestingOrderingMonitor = OrderingMonitor
    typealias OfCairnTestingPartFate = PartFate
    typealias OfCairnTestingPartFates = PartFates
    typealias OfCairnTestingSeededRandomness = SeededRandomness
    typealias OfCairnTestingSimulatedFileSystem = SimulatedFileSystem
    typealias OfCairnTestingSimulatedOperation = SimulatedOperation
    typealias OfCairnTestingSplitMix64 = SplitMix64
    typealias OfCairnTestingTestClock = TestClock
    typealias OfCairnZlibZlibBatchCompressor = ZlibBatchCompressor
}
