-- SPDX-License-Identifier: Apache-2.0
--
-- wrk -s load.lua URL -- ping            requests GET /ping
-- wrk -s load.lua URL -- post SECONDS    requests POST /scores/… for so long, and then GET /ping
--
-- Because no POST is sent any more well before wrk ends, none is in flight then: each one that was sent was
-- answered, and their sum is exact. Made for one thread of wrk. Ends with one line of JSON.

local ffi = require("ffi")
ffi.cdef([[
    typedef struct { long seconds, nanoseconds; } moment;
    int clock_gettime(int clock, moment *now);
]])

local playerCount = 1000
local clockMonotonic = 1
local moment = ffi.new("moment")
local pings, posts, values = nil, {}, {}
local duration, startTime = 0, nil
local isChecked = false
local thread

-- Read by `done`, which runs in another interpreter.
postCount, pointSum, postSeconds = 0, 0, 0

local function now()
    ffi.C.clock_gettime(clockMonotonic, moment)
    return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(started) thread = started end

function init(arguments)
    pings = wrk.format("GET", "/ping")
    if arguments[1] == "post" then
        duration = tonumber(arguments[2])
        for index = 1, playerCount do
            values[index] = index % 9 + 1
            local path = "/scores/player" .. index .. "?points=" .. values[index]
            posts[index] = wrk.format("POST", path, nil, "")
        end
    end
end

function request()
    -- wrk asks once for a request that it only parses and does not send.
    if not isChecked then
        isChecked = true
        return pings
    end
    if duration == 0 then return pings end
    local time = now()
    startTime = startTime or time
    if time - startTime >= duration then return pings end
    local index = postCount % playerCount + 1
    postCount = postCount + 1
    pointSum = pointSum + values[index]
    postSeconds = time - startTime
    return posts[index]
end

function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format(
        '{"posts": %d, "points": %d, "seconds": %.3f, "requests": %d, "errors": %d, '
            .. '"p50": %.3f, "p99": %.3f}',
        thread:get("postCount"), thread:get("pointSum"), thread:get("postSeconds"), summary.requests,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
