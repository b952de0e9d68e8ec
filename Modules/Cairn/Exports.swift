// SPDX-License-Identifier: Apache-2.0
//
// Who imports `Cairn` sees all types that its interface names, without importing the modules that own
// them. The attribute has an underscore because it is not yet an official part of the language.

@_exported public import CairnDurable
@_exported public import CairnGraph
@_exported public import CairnQuery
@_exported public import CairnSegments
