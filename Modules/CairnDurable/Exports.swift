// SPDX-License-Identifier: Apache-2.0
//
// Who imports `CairnDurable` sees all types that its interface names, without importing the modules that
// own them. The attribute has an underscore because it is not yet an official part of the language.

@_exported public import CairnIO
@_exported public import CairnLSN
@_exported public import CairnLog
@_exported public import CairnRecorder
@_exported public import CairnSnapshot
@_exported public import CairnSync
