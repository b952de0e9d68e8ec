// SPDX-License-Identifier: Apache-2.0
//
// The types of other modules that writing and reading segments needs: a program imports one module.

@_exported public import struct CairnCodec.CodecError
@_exported public import struct CairnCodec.FrameHeader
@_exported public import struct CairnCodec.FrameKind
@_exported public import struct CairnCodec.FrameLimits
@_exported public import struct CairnCodec.SegmentID
@_exported public import struct CairnFormat.BinaryBuffer
@_exported public import enum CairnIO.FileAccess
@_exported public import struct CairnIO.StorageEnvironment
@_exported public import struct CairnIO.StorageError
@_exported public import protocol CairnIO.VirtualDirectory
@_exported public import protocol CairnIO.VirtualFile
@_exported public import struct CairnLSN.LSN
@_exported public import struct CairnLSN.LogID
