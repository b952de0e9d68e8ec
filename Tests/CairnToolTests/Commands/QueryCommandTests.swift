// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `query`, `shell` and `import csv`, as programs.
struct QueryCommandTests {
    private let scratch: Scratch
    private var database: String { scratch["db"] }

    init() throws {
        scratch = try Scratch()
        let nodes = try scratch.write(
            "name,size:int,tags:string[],:LABEL\r\nlibc6,5,a;b,Core\nbash,\"7\",,\n\"o\"\"h, no\",,x,\n",
            to: "nodes.csv")
        _ = try Tool.output(
            "import", "csv", nodes, "--into", database, "--label", "Package", "--id", "name")
        let links = try scratch.write(
            "from,to,why\nbash,libc6,run\n\"o\"\"h, no\",bash,\n", to: "l.csv")
        _ = try Tool.output(
            "import", "csv", links, "--into", database, "--relationship", "DEPENDS", "--from",
            "Package.name", "--to", "Package.name")
    }

    @Test func rowsArePrintedAsATableAsJSONAndAsCSV() throws {
        let text = "MATCH (p:Package) RETURN p.name AS name, p.size AS size ORDER BY name"
        #expect(
            try Tool.output("query", database, text)
                == """
                name     size
                -------  ----
                bash     7
                libc6    5
                o"h, no  null
                3 rows

                """)
        #expect(
            try Tool.output("query", database, "--json", text)
                == #"""
                {"name":"bash","size":7}
                {"name":"libc6","size":5}
                {"name":"o\"h, no","size":null}

                """#)
        #expect(
            try Tool.output("query", database, "--csv", text)
                == "name,size\nbash,7\nlibc6,5\n\"o\"\"h, no\",\n")
    }

    @Test func entitiesAreShownWithAllTheyHave() throws {
        let text = "MATCH path = (a {name: 'bash'})-[r]->(b) RETURN a, r, path, b"
        let table = try Tool.output("query", database, text)
        #expect(table.contains("(:Package {name: 'bash', size: 7})"))
        #expect(table.contains("-[:DEPENDS {why: 'run'}]->(:Core:Package"))
        let row = try jsonObject(
            try Tool.output("query", database, "--json", text).split(separator: "\n").map(
                String.init)[0])
        let node = try #require(row["b"] as? [String: Any])
        #expect(node["labels"] as? [String] == ["Core", "Package"])
        #expect((node["properties"] as? [String: Any])?["tags"] as? [String] == ["a", "b"])
        let path = try #require(row["path"] as? [String: Any])
        #expect((path["nodes"] as? [Any])?.count == 2)
    }

    @Test func parametersAreValuesAndNeverSyntax() throws {
        let text = "RETURN $a AS a, $b AS b, $c AS c"
        let row = try Tool.output(
            "query", database, "--json", "--param", "a=1.5", "--param", #"b={"x":[true,null]}"#,
            "--param", "c=x' RETURN 2 //", text)
        #expect(row == #"{"a":1.5,"b":{"x":[true,null]},"c":"x' RETURN 2 //"}"# + "\n")
    }

    @Test func onlyWithWriteTheGraphChanges() throws {
        let before = try scratch.contents(of: "db")
        let refused = try Tool.failure("query", database, "CREATE (:New)")
        #expect(refused.contains("--write"))
        #expect(try scratch.contents(of: "db") == before)
        let made = try Tool.output(
            "query", database, "--write", "CREATE (:New {x: 1})-[:R]->(:New)")
        #expect(made == "2 nodes created, 1 relationship created, 1 property set, 2 labels added\n")
        let count = "MATCH (n:New) RETURN count(n) AS n"
        #expect(try Tool.output("query", database, "--csv", count) == "n\n2\n")
        let failed = try Tool.failure(
            "query", database, "--write", "CREATE (:New) WITH 1 AS x RETURN x / 0")
        #expect(failed.contains("DivisionByZero"))
        #expect(try Tool.output("query", database, "--csv", count) == "n\n2\n")
    }

    @Test func plansAreShown() throws {
        let text = "MATCH (p:Package {name: 'bash'})-[:DEPENDS]->(q) RETURN q.name AS name"
        let plan = try Tool.output("query", database, "EXPLAIN " + text)
        #expect(plan.contains("Seek p:Package(name)") && plan.contains("(expected 1.0)"))
        #expect(!plan.contains("rows 1,"))
        let profile = try Tool.output("query", database, "PROFILE " + text)
        #expect(profile.contains("libc6") && profile.contains("(expected 1.0, rows 1, "))
    }

    @Test func errorsSayWhere() throws {
        let error = try Tool.failure("query", database, "MATCH (p\nRETRN p")
        #expect(error.contains("line 2, column 1"))
        let late = try Tool.failure(
            "query", database, "--timeout", "0.05",
            "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*)")
        #expect(late.contains("DeadlineExceeded"))
        let many = try Tool.run(["query", database, "--rows", "2", "MATCH (n) RETURN n.name AS n"])
        #expect(many.status == 1 && many.errors.contains("TooManyRows"))
    }

    @Test func theShellRunsStatementsAndCommands() throws {
        let script = """
            :param name="bash"
            MATCH (p {name: $name})
            RETURN p.size AS size;
            :json
            RETURN 1 AS x;
            RETURN 1 +;
            :nonsense
            :explain MATCH (p:Package) RETURN p
            :csv
            RETURN 'end' AS x
            """
        let outcome = try Tool.run(["shell", database], input: script)
        #expect(outcome.status == 0)
        #expect(outcome.lines.prefix(5) == ["size", "----", "7", "1 row", #"{"x":1}"#])
        #expect(outcome.lines.suffix(2) == ["x", "end"])
        #expect(outcome.output.contains(#"{"plan":"Label p:Package"#))
        #expect(outcome.errors.contains("UnexpectedSyntax"))
        #expect(outcome.errors.contains("there is no command :nonsense"))
        let refused = try Tool.run(["shell", database], input: "CREATE (:X);")
        #expect(refused.errors.contains("ReadOnly"))
    }

    @Test func whatCannotBeTakenOfACSVFileIsCountedOrRefused() throws {
        let text = "name,size:int\na,1\nb,many\nc\n,4\nd,5,6\n\"e"
        let file = try scratch.write(text, to: "bad.csv")
        let arguments = [
            "import", "csv", file, "--into", scratch["bad"], "--label", "L", "--id", "name",
        ]
        let outcome = try Tool.run(arguments)
        #expect(outcome.status == 0)
        for words in [
            "more or fewer fields", "not of the kind", "no value for a key", "not well-formed",
        ] { #expect(outcome.errors.contains(words), "\(words)") }
        let rows = try Tool.output(
            "query", scratch["bad"], "--csv", "MATCH (l:L) RETURN l.name, l.size ORDER BY l.name")
        #expect(rows == "l.name,l.size\na,1\nb,\nc,\nd,5\ne,\n")
        let strict = try Tool.run(arguments + ["--strict", "--batch", "1"])
        #expect(strict.status == 1 && strict.errors.contains("line 3"))
        let missing = try scratch.write("x,y\na,zz\n", to: "missing.csv")
        let ends = try Tool.run([
            "import", "csv", missing, "--into", scratch["bad"], "--relationship", "R", "--from",
            "L.name", "--to", "L.name", "--json",
        ])
        #expect(ends.errors.contains("a node that is not there"))
        #expect(try jsonObject(ends.lines[0])["created"] as? Int == 0)
    }
}
