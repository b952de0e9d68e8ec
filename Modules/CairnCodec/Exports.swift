// SPDX-License-Identifier: Apache-2.0
//
// The types of other modules that writing and reading frames needs: a program imports one module.

@_exported public import struct CairnFormat.BinaryBuffer
@_exported public import struct CairnLSN.LSN
@_exported public import struct CairnLSN.LogID
