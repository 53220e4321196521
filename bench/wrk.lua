-- Requests for wrk: the paths in the file named by the first argument, each once, or, with the second
-- argument "repeat", in turn until wrk ends. Stops when the paths are used up. At the end, prints the results
-- as one line of JSON.
local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
]]
local MONOTONIC = 1
local moment = ffi.new("moment")

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local paths, should_repeat, request_count, started_at = {}, false, 0, nil
-- Microseconds until the paths were used up, otherwise 0. Global, because `done` can read only global
-- variables.
elapsed = 0

function init(args)
  for line in io.lines(args[1]) do table.insert(paths, line) end
  should_repeat = args[2] == "repeat"
end

function request()
  request_count = request_count + 1
  -- wrk calls this once before it starts.
  if request_count == 2 then started_at = now() end
  if should_repeat then return wrk.format("GET", paths[(request_count - 1) % #paths + 1]) end
  if request_count <= #paths then return wrk.format("GET", paths[request_count]) end
  if elapsed == 0 then elapsed = now() - started_at end
  wrk.thread:stop()
  -- A request must be returned. wrk does not wait for its response, and no path is requested twice.
  return wrk.format("GET", "/readyz")
end

function done(summary, latency)
  local errors = summary.errors
  local used_up = threads[1]:get("elapsed")
  print(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"usedUp":%s,"errorStatuses":%d,"failures":%d}',
    summary.requests, used_up > 0 and used_up or summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), used_up > 0 and "true" or "false",
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
