-- POSTs of 1 KB as chat clients send them, from a thousand users in turn. The last line is for the program that started wrk.
local requests, turn = {}, 0
local text = string.rep("Where is my order? ", 50)
local body = '{"model":"support","messages":[{"role":"user","content":"' .. text .. '"}]}'

function init()
  for user = 1, 1000 do
    local headers = { ["content-type"] = "application/json", ["x-user-id"] = "user-" .. user }
    requests[user] = wrk.format("POST", "/v1/chat/completions", headers, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("figures %d %d %d %.1f %.1f\n", summary.requests, summary.duration, failed, latency:percentile(50), latency:percentile(99)))
end
