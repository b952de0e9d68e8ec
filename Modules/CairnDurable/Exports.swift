// SPDX-License-Identifier: Apache-2.0
//
// The types of other modules that the interface of `CairnDurable` names: a program that uses a `Durable` imports one
// module. The names of everything else stay out of the way of other libraries. The attribute has an underscore
// because it is not yet an official part of the language.

@_exported public import struct CairnFormat.CipherError
@_exported public import struct CairnFormat.KeyID
@_exported public import protocol CairnFormat.StoreCipher
@_exported public import enum CairnIO.FileAccess
@_exported public import struct CairnIO.StorageEnvironment
@_exported public import struct CairnIO.StorageError
@_exported public import struct CairnLSN.LSN
@_exported public import struct CairnLSN.LSNRange
@_exported public import struct CairnLSN.LogID
@_exported public import struct CairnLog.CommitDelay
@_exported public import struct CairnLog.CommitReceipt
@_exported public import struct CairnLog.LogError
@_exported public import struct CairnLog.LogOptions
@_exported public import class CairnLog.LogPin
@_exported public import struct CairnLog.LogStatus
@_exported public import struct CairnLog.RecoveryReport
@_exported public import struct CairnLog.SegmentStatus
@_exported public import struct CairnLog.TailRepair
@_exported public import struct CairnRecorder.MirrorFailure
@_exported public import struct CairnRecorder.RecorderError
@_exported public import protocol CairnRecorder.WalMirror
@_exported public import struct CairnSegments.Finding
@_exported public import enum CairnSegments.Verdict
@_exported public import struct CairnSnapshot.SnapshotError
@_exported public import struct CairnSnapshot.SnapshotInfo
@_exported public import enum CairnSync.DurabilityLevel
@_exported public import enum CairnSync.SyncPolicy
@_exported public import enum CairnSync.SyncReason
