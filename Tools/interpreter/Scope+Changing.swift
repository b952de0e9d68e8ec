// SPDX-License-Identifier: Apache-2.0

extension Scope {
    func show(_ name: String) {
        guard let index = index(of: name) else { return }
        members[index] = .init(name: name, value: members[index].value, isShown: true)
    }

    func append(_ value: DynamicValue, to name: String) {
        guard let index = index(of: name) else { return }
        guard case .list(var list) = members[index].value else { return }
        members[index].value = .none
        list.append(value)
        members[index].value = .list(list)
    }

    /// Changes a value, also a member of one: `a.b`.
    func replace(_ path: String, _ value: DynamicValue) {
        let names = path.split(separator: ".").map(String.init)
        guard names.count > 1 else { return assign(path, value) }
        guard case .object(var object) = lookUp(names[0]),
            let index = object.members.firstIndex(where: { $0.name == names[1] })
        else { return }
        object.members[index].value = value
        assign(names[0], .object(object))
    }
}
