// SPDX-License-Identifier: Apache-2.0

/// The JSON schemas of descriptions and of vectors.
enum Schemas {
    private static func object(_ required: [String], _ properties: String) -> String {
        let names = required.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            {"type": "object", "additionalProperties": false, "required": [\(names)], "properties": {\(properties)}}
            """
    }

    private static func step(_ name: String, _ required: [String], _ properties: String) -> String {
        object(["step"] + required, "\"step\": {\"const\": \"\(name)\"}, \(properties)")
    }

    private static func kind(_ name: String, _ required: [String], _ properties: String = "")
        -> String
    {
        object(
            ["kind"] + required,
            "\"kind\": {\"const\": \"\(name)\"}" + (properties.isEmpty ? "" : ", \(properties)"))
    }

    private static let formula = "{\"$ref\": \"#/$defs/formula\"}"
    private static let steps = "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/step\"}}"
    private static let text = "{\"type\": \"string\"}"
    private static let kindReference = "{\"$ref\": \"#/$defs/kind\"}"
    private static let natural = "{\"type\": \"integer\", \"minimum\": 0}"
    private static let arguments =
        "\"arguments\": {\"type\": \"object\", \"additionalProperties\": \(formula)}"

    private static let stepForms: [String] = [
        step(
            "field", ["name", "kind", "meaning"],
            "\"name\": \(text), \"kind\": \(kindReference), \"meaning\": \(text), "
                + "\"layout\": \(text), \"offset\": \(natural)"),
        step(
            "check", ["id", "formula", "text", "error", "at", "meaning"],
            "\"id\": \(text), \"formula\": \(formula), \"text\": \(text), \"error\": \(text), "
                + "\"at\": \(formula), \"meaning\": \(text), \"checksum\": {\"$ref\": \"#/$defs/checksum\"}, \"file\": \(formula)"
        ),
        step(
            "define", ["name", "value"],
            "\"name\": \(text), \"value\": \(formula), \"meaning\": \(text)"),
        step(
            "variable", ["name", "value"],
            "\"name\": \(text), \"value\": \(formula), \"meaning\": \(text)"),
        step("assign", ["name", "value"], "\"name\": \(text), \"value\": \(formula)"),
        step(
            "when", ["condition", "steps"],
            "\"condition\": \(formula), \"steps\": \(steps), \"otherwise\": \(steps)"),
        step(
            "select", ["tag", "table", "at", "cases"],
            "\"tag\": \(formula), \"table\": \(text), \"at\": \(formula), \"cases\": {\"type\": \"array\", "
                + "\"items\": "
                + object(
                    ["tags", "steps"],
                    "\"tags\": {\"type\": \"array\", \"items\": \(natural)}, \"steps\": \(steps)")
                + "}"),
        step(
            "loop", ["name", "kind", "meaning"],
            "\"name\": \(text), \"times\": \(formula), \"until\": \(formula), \"kind\": \(kindReference), "
                + "\"meaning\": \(text)"),
        step(
            "each", ["name", "list", "steps"],
            "\"name\": \(text), \"list\": \(formula), \"steps\": \(steps)"),
        step(
            "window", ["from", "to", "steps"],
            "\"from\": \(formula), \"to\": \(formula), \"steps\": \(steps)"),
        step(
            "within", ["bytes", "at", "steps"],
            "\"bytes\": \(formula), \"at\": \(formula), \"steps\": \(steps)"),
        step("seek", ["to"], "\"to\": \(formula)"),
        step(
            "inflate", ["id", "name", "from", "to", "byteCount", "error", "at", "meaning"],
            "\"id\": \(text), \"name\": \(text), \"from\": \(formula), \"to\": \(formula), \"byteCount\": \(formula), "
                + "\"error\": \(text), \"at\": \(formula), \"meaning\": \(text)"),
        step("deliver", ["name"], "\"name\": \(text)"),
    ]

    private static let kindForms: [String] = [
        kind("unsigned", ["bytes"], "\"bytes\": {\"enum\": [1, 2, 4, 8]}"), kind("varint", []),
        kind("zigzag", []), kind("count", ["each"], "\"each\": \(natural)"),
        kind("bytes", ["count"], "\"count\": \(formula)"),
        kind("text", ["count"], "\"count\": \(formula)"),
        kind("packed", ["count", "width"], "\"count\": \(formula), \"width\": \(formula)"),
        kind("type", ["type"], "\"type\": \(text), \(arguments)"),
        kind("named", ["type"], "\"type\": \(formula), \(arguments)"),
    ]

    private static func search(_ name: String, _ required: [String], _ properties: String) -> String
    {
        object(["search"] + required, "\"search\": {\"const\": \"\(name)\"}, \(properties)")
    }

    private static let searchForms: [String] = [
        search(
            "later", ["kind", "step", "when"],
            "\"kind\": \(kindReference), \"step\": \(natural), \"when\": \(formula)"),
        search(
            "flip", ["kind", "byteCount", "when", "extent", "unless"],
            "\"kind\": \(kindReference), \"byteCount\": \(natural), \"when\": \(formula), "
                + "\"extent\": \(formula), \"unless\": \(formula)"),
        search(
            "flipUnder", ["check", "extent", "unless"],
            "\"check\": \(text), \"extent\": \(formula), \"unless\": \(formula)"),
    ]

    private static let namePartForms: [String] = [
        object(["text"], "\"text\": \(text)"),
        object(
            ["number", "digits", "least"],
            "\"number\": \(text), \"digits\": \(natural), \"least\": \(natural)"),
        object(["hexadecimal"], "\"hexadecimal\": \(natural)"),
    ]

    private static let contextOfFiles =
        "\"context\": {\"type\": \"object\", \"additionalProperties\": \(formula)}"

    private static let ruleForms = object(
        [],
        ["before", "opened", "each", "closed", "after"].map { "\"\($0)\": \(text)" }
            .joined(separator: ", "))

    private static func oneOf(_ forms: [String]) -> String {
        "{\"oneOf\": [" + forms.joined(separator: ",\n      ") + "]}"
    }

    /// The schema of `Docs/Formats/*.json`.
    static let description: String = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "description.schema.json",
          "title": "Description of a binary format",
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "version", "meaning", "root", "delivers", "context", "canonical", "allocation", "limits", "tags", "errors", "tail", "types"],
          "properties": {
            "$schema": \(text), "name": \(text), "meaning": \(text), "root": \(text), "delivers": \(text), "canonical": \(text),
            "version": {"oneOf": [{"type": "null"}, \(object(["major", "minor"], "\"major\": \(natural), \"minor\": \(natural)"))]},
            "allocation": \(formula),
            "context": {"type": "array", "items": \(object(["name", "unknown", "meaning"], "\"name\": \(text), \"unknown\": \(formula), \"meaning\": \(text)"))},
            "limits": {"type": "object", "additionalProperties": {"type": ["integer", "string"]}},
            "tags": {"type": "object", "additionalProperties": {"$ref": "#/$defs/table"}},
            "errors": {"type": "object", "additionalProperties": \(object(["category", "meaning"], "\"category\": {\"enum\": [\"notThisFormat\", \"unsupported\", \"truncated\", \"corrupt\", \"nonCanonical\", \"limit\", \"semantic\"]}, \"meaning\": \(text)"))},
            "tail": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/tail"}]},
            "types": {"type": "object", "additionalProperties": \(object(["meaning", "steps"], "\"meaning\": \(text), \"parameters\": {\"type\": \"array\", \"items\": \(text)}, \"steps\": \(steps), \"result\": \(formula)"))},
            "files": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/files"}},
            "carries": \(object(["member", "formats"], "\"member\": \(text), \"formats\": {\"type\": \"array\", \"items\": \(text)}"))
          },
          "$defs": {
            "formula": {"oneOf": [{"type": "integer"}, \(text),
              \(object(["number"], "\"number\": {\"type\": \"string\", \"pattern\": \"^-?[0-9]+$\"}")),
              \(object(["text"], "\"text\": \(text)")),
              \(object(["tag"], "\"tag\": {\"type\": \"array\", \"items\": \(text), \"minItems\": 2, \"maxItems\": 2}")),
              {"type": "array", "minItems": 1, "prefixItems": [\(text)], "items": {"$ref": "#/$defs/formula"}}]},
            "table": \(object(["unknown", "values"], "\"unknown\": {\"oneOf\": [{\"type\": \"null\"}, \(object(["error", "meaning"], "\"error\": {\"type\": [\"string\", \"null\"]}, \"ignorable\": \(formula), \"meaning\": \(text)"))]}, \"values\": {\"type\": \"array\", \"items\": \(object(["value", "name", "since", "meaning"], "\"value\": \(natural), \"name\": \(text), \"since\": \(text), \"meaning\": \(text), \"attributes\": {\"type\": \"object\", \"additionalProperties\": \(natural)}"))}")),
            "checksum": \(object(["algorithm", "field", "from", "to", "seed", "storedAt", "covers"], "\"algorithm\": {\"const\": \"crc32c\"}, \"field\": \(text), \"from\": \(formula), \"to\": \(formula), \"seed\": \(formula), \"storedAt\": \(formula), \"covers\": {\"type\": \"array\", \"items\": \(text)}")),
            "tail": \(object(["loop", "torn", "meaning", "proofs"], "\"loop\": \(text), \"torn\": {\"type\": \"array\", \"items\": \(text)}, \"meaning\": \(text), \"proofs\": {\"type\": \"array\", \"items\": \(object(["id", "search", "meaning"], "\"id\": \(text), \"search\": {\"$ref\": \"#/$defs/search\"}, \"meaning\": \(text)"))}")),
            "files": \(object(["name", "folder", "named", "format", "lastMayBeTorn", "isDescending", "rules", "meaning"], "\"name\": \(text), \"folder\": \(text), \"named\": {\"type\": \"array\", \"items\": \(oneOf(namePartForms))}, \"format\": \(text), \(contextOfFiles), \"lastMayBeTorn\": {\"type\": \"boolean\"}, \"isDescending\": {\"type\": \"boolean\"}, \"until\": \(formula), \"rules\": \(ruleForms), \"meaning\": \(text)")),
            "search": \(oneOf(searchForms)),
            "kind": \(oneOf(kindForms)),
            "step": \(oneOf(stepForms))
          }
        }

        """

    /// The schema of `Tests/Golden/vectors/*.json`.
    static let vectors: String = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "vectors.schema.json",
          "title": "Test vectors of a binary format",
          "type": "object",
          "additionalProperties": false,
          "required": ["schema", "format", "numberOfTests", "numberOfDerivedTests", "modes", "notes", "errors", "tests", "sweeps"],
          "properties": {
            "$schema": \(text), "schema": {"const": 1},
            "format": \(object(["id", "version", "descriptionSHA256"], "\"id\": \(text), \"version\": \(text), \"descriptionSHA256\": {\"type\": \"string\", \"pattern\": \"^[0-9a-f]{64}$\"}")),
            "numberOfTests": \(natural), "numberOfDerivedTests": \(natural),
            "modes": {"type": "array", "items": {"enum": ["strict", "recover", "salvage"]}},
            "notes": {"type": "object", "additionalProperties": \(object(["effect", "description"], "\"effect\": \(text), \"description\": \(text)"))},
            "errors": {"type": "object", "additionalProperties": {"enum": ["notThisFormat", "unsupported", "truncated", "corrupt", "nonCanonical", "limit", "semantic"]}},
            "tests": {"type": "array", "items": \(object(["tcId", "name", "comment", "flags", "expect"], "\"tcId\": \(natural), \"name\": \(text), \"comment\": \(text), \"flags\": {\"type\": \"array\", \"items\": \(text)}, \"rules\": {\"type\": \"array\", \"items\": \(text)}, \"context\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/known\"}}, \"bytes\": {\"$ref\": \"#/$defs/bytes\"}, \"files\": {\"type\": \"array\", \"items\": \(object(["name", "bytes"], "\"name\": \(text), \"bytes\": {\"oneOf\": [{\"type\": \"null\"}, {\"$ref\": \"#/$defs/bytes\"}]}"))}, \"expect\": {\"$ref\": \"#/$defs/expect\"}, \"value\": {}, \"roundtrip\": {\"enum\": [\"exact\", \"decodeOnly\"]}"))},
            "sweeps": {"type": "array", "items": \(object(["name", "from", "op", "range", "outcomes"], "\"name\": \(text), \"from\": \(natural), \"file\": \(text), \"op\": {\"enum\": [\"truncate\", \"zeroFrom\", \"flip\", \"invert\", \"flipAndRepair\", \"remove\"]}, \"range\": {\"type\": \"array\", \"items\": \(natural), \"minItems\": 2, \"maxItems\": 2}, \"outcomes\": {\"type\": \"array\", \"items\": \(object(["count", "expect"], "\"count\": {\"type\": \"integer\", \"minimum\": 1}, \"expect\": {\"$ref\": \"#/$defs/expect\"}"))}"))}
          },
          "$defs": {
            "hex": {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
            "known": {"oneOf": [{"type": "integer"}, \(object(["hex"], "\"hex\": {\"$ref\": \"#/$defs/hex\"}")), \(object(["text"], "\"text\": \(text)")), \(object(["number"], "\"number\": {\"type\": \"string\", \"pattern\": \"^-?[0-9]+$\"}"))]},
            "bytes": {"oneOf": [\(object(["hex"], "\"hex\": {\"$ref\": \"#/$defs/hex\"}")), \(object(["from", "ops"], "\"from\": \(natural), \"ops\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/op\"}}"))]},
            "op": {"oneOf": [
              {"type": "array", "prefixItems": [{"const": "truncate"}, \(natural)], "items": false, "minItems": 2},
              {"type": "array", "prefixItems": [{"const": "set"}, \(natural), {"$ref": "#/$defs/hex"}], "items": false, "minItems": 3},
              {"type": "array", "prefixItems": [{"const": "append"}, {"$ref": "#/$defs/hex"}], "items": false, "minItems": 2},
              {"type": "array", "prefixItems": [{"const": "repeat"}, {"$ref": "#/$defs/hex"}, \(natural)], "items": false, "minItems": 3}]},
            "expect": \(object([], "\"strict\": {\"$ref\": \"#/$defs/outcome\"}, \"recover\": {\"$ref\": \"#/$defs/outcome\"}, \"salvage\": {\"$ref\": \"#/$defs/outcome\"}")),
            "outcome": \(object(["result", "delivered", "end"], "\"result\": {\"enum\": [\"valid\", \"invalid\"]}, \"error\": \(text), \"at\": {\"oneOf\": [\(natural), {\"const\": \"cut\"}]}, \"delivered\": \(natural), \"end\": {\"enum\": [\"clean\", \"torn\", \"error\"]}, \"truncateTo\": \(natural), \"proof\": \(text), \"file\": \(text), \"maxAllocation\": \(natural)"))
          }
        }

        """
}
