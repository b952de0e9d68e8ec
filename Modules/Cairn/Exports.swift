// SPDX-License-Identifier: Apache-2.0
//
// A program that uses a `GraphDatabase` imports one module. The attribute has an underscore because it is not yet an
// official part of the language.

@_exported public import CairnDurable
@_exported public import CairnGraph
@_exported public import CairnQuery
