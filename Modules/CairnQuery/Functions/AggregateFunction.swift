// SPDX-License-Identifier: Apache-2.0

/// Functions that make one value of the values of many rows.
enum AggregateFunction: String, Sendable {
    case count, sum, avg, min, max, collect
    case percentileCont = "percentilecont"
    case percentileDisc = "percentiledisc"
    case standardDeviation = "stdev"
    case populationStandardDeviation = "stdevp"
}
