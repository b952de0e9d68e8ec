// SPDX-License-Identifier: Apache-2.0

/// A point in a plane, in space, or on Earth.
public struct SpatialPoint: Hashable, Sendable {
    /// The coordinate system of a point.
    public enum CoordinateSystem: UInt8, Hashable, Sendable, CaseIterable {
        /// x and y.
        case cartesian = 0
        /// x, y and z.
        case cartesian3D = 1
        /// Longitude and latitude, in degrees (WGS 84).
        case wgs84 = 2
        /// Longitude and latitude, in degrees, and height, in metres (WGS 84).
        case wgs84With3D = 3

        /// The number of coordinates that a point has.
        public var dimensionCount: Int { self == .cartesian || self == .wgs84 ? 2 : 3 }
        package var isGeographic: Bool { self == .wgs84 || self == .wgs84With3D }
    }

    /// The coordinate system, which gives the coordinates their meaning.
    public let system: CoordinateSystem
    /// The first coordinate: x, or the longitude.
    public let x: Double
    /// The second coordinate: y, or the latitude.
    public let y: Double
    /// The third coordinate: z, or the height; 0 when there is none.
    public let z: Double

    /// A point; nil when a coordinate is infinite, NaN, or not on Earth (longitude -180 to 180, latitude
    /// -90 to 90), or when there are not as many as the system has. -0 becomes 0.
    public init?(_ system: CoordinateSystem, _ coordinates: [Double]) {
        guard coordinates.count == system.dimensionCount, coordinates.allSatisfy(\.isFinite)
        else { return nil }
        if system.isGeographic {
            guard abs(coordinates[0]) <= 180, abs(coordinates[1]) <= 90 else { return nil }
        }
        self.system = system
        // Adding 0 makes -0 a 0.
        x = coordinates[0] + 0
        y = coordinates[1] + 0
        z = coordinates.count == 3 ? coordinates[2] + 0 : 0
    }

    /// A point in a plane, or in space.
    public init?(x: Double, y: Double, z: Double? = nil) {
        if let z { self.init(.cartesian3D, [x, y, z]) } else { self.init(.cartesian, [x, y]) }
    }

    /// A point on Earth, or above it.
    public init?(longitude: Double, latitude: Double, height: Double? = nil) {
        if let height {
            self.init(.wgs84With3D, [longitude, latitude, height])
        } else {
            self.init(.wgs84, [longitude, latitude])
        }
    }

    /// The coordinates, two or three.
    public var coordinates: [Double] { system.dimensionCount == 2 ? [x, y] : [x, y, z] }
}

extension SpatialPoint: Comparable {
    /// By the number of the system, then coordinate by coordinate.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.system.rawValue, lhs.x, lhs.y, lhs.z) < (rhs.system.rawValue, rhs.x, rhs.y, rhs.z)
    }
}
