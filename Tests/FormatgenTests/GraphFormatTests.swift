// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnGraph
import Testing

struct GraphFormatTests {
    /// These numbers are on disk: a change here is a change of the format.
    @Test func tagsAreTheOnesOnDisk() {
        let tags = (MutationEvent.format.tags + GraphStore.format.tags).map { name, values in
            "\(name): " + values.map { "\($0.value) \($0.name)" }.joined(separator: ", ")
        }
        let values = """
            value: 0 null, 1 false, 2 true, 3 int, 4 double, 5 string, 6 bytes, 7 list, 8 map, \
            9 date, 10 localTime, 11 zonedTime, 12 localDateTime, 13 zonedDateTime, \
            14 duration, 15 point, 16 vector, 17 namedZoneDateTime
            """
        let kinds = [
            values, "pointSystem: 0 cartesian, 1 cartesian3D, 2 wgs84, 3 wgs84With3D",
            "vectorElement: 0 float32, 1 float64, 2 int8",
        ]
        let events = """
            event: 1 nodeCreated, 2 nodeDeleted, 3 labelAdded, 4 labelRemoved, \
            5 nodePropertySet, 6 nodePropertiesReplaced, 7 relationshipCreated, \
            8 relationshipDeleted, 9 relationshipPropertySet, \
            10 relationshipPropertiesReplaced, 11 uniqueConstraintCreated, \
            12 uniqueConstraintDropped, 13 ruleCreated, 14 ruleDropped, \
            15 relationshipRuleCreated, 16 relationshipRuleDropped
            """
        let sections = """
            section: 1 counts, 2 labels, 3 types, 4 keys, 5 uniqueConstraints, 6 nodesInUse, \
            7 nodes, 8 relationshipsInUse, 9 relationships, 10 rules, \
            11 relationshipRules
            """
        let columns = [
            "blockForm: 0 whole, 1 part, 2 lastPart",
            "columnKind: 1 truth, 2 integer, 3 double, 4 text, 5 bytes, 6 value",
            "integerForm: 0 values, 1 differences", "textForm: 0 incremental, 1 dictionary",
        ]
        #expect(tags == [events] + kinds + [sections] + columns + kinds)
    }

    @Test func everythingDeclaredHasAMeaning() {
        for format in [MutationEvent.format, GraphStore.format] {
            #expect(!format.meaning.isEmpty && !format.rules.isEmpty && !format.limits.isEmpty)
            for (name, values) in format.tags {
                #expect(Set(values.map(\.value)).count == values.count)
                for value in values { #expect(!value.meaning.isEmpty, "\(name).\(value.name)") }
            }
        }
    }
}
