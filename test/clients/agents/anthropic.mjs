// An agent behind Anthropic's Messages. What it does stands in the user's last message: `words N`, `hold NAME`, `wait NAME`, `break NAME`, `overload NAME`, `fail STATUS`,
// `flaky NAME`, `refuse`, `cut`, `tool`, `code`. It knows only the containers that it made itself; any other is an invalid request, as it is at Anthropic's.
import { randomUUID } from 'node:crypto';
import { events, hold, json, listen, readJson, version, words } from '../shared/agent.mjs';

const containers = new Map();
const tried = new Set();
const errors = {
  400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error', 409: 'invalid_request_error', 413: 'request_too_large', 422: 'invalid_request_error',
  429: 'rate_limit_error', 500: 'api_error', 504: 'timeout_error', 529: 'overloaded_error',
};

const errorOf = (status, message) => ({ type: 'error', error: { type: errors[status], message }, request_id: 'req_1' });
const fail = (response, status, message = `made to fail with ${status}`, headers = {}) => json(response, status, errorOf(status, message), { 'request-id': 'req_1', ...headers });

async function message(body, response) {
  const content = body.messages.at(-1).content;
  const [verb, argument] = (typeof content === 'string' ? content : content.map((part) => part.text).join('')).split(' ');
  if (verb === 'fail') return fail(response, +argument);
  if (verb === 'flaky' && !tried.has(argument)) {
    tried.add(argument);
    return fail(response, 529, 'try again', { 'retry-after-ms': '1' });
  }
  if (body.container && !containers.has(body.container)) return fail(response, 400, `container ${body.container} not found`);
  if (verb === 'wait' && !(await hold(argument, response))) return;

  const id = body.container ?? (verb === 'code' ? `container_${randomUUID().replaceAll('-', '')}` : null);
  if (id) containers.set(id, (containers.get(id) ?? 0) + 1);
  const parts = words(verb === 'words' ? +argument : 20);
  const made = {
    id: `msg_${randomUUID()}`, type: 'message', role: 'assistant', model: `model-${version}`, stop_sequence: null,
    content: verb === 'tool' ? [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Köln' } }] : [{ type: 'text', text: parts.join(''), citations: null }],
    stop_reason: { tool: 'tool_use', refuse: 'refusal', cut: 'max_tokens' }[verb] ?? 'end_turn',
    container: id && { id, expires_at: '2030-01-01T00:00:00Z' },
    usage: { input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 7, output_tokens: parts.length },
  };
  if (!body.stream) return json(response, 200, made, { 'request-id': 'req_1', ...(id && { 'x-turn': `${containers.get(id)}` }) });
  await stream(made, parts, verb, argument, response);
}

async function stream(made, parts, verb, argument, response) {
  const send = events(response);
  const event = (type, fields) => send({ type, ...fields }, type);
  event('message_start', { message: { ...made, content: [], stop_reason: null, usage: { ...made.usage, output_tokens: 1 } } });
  event('ping');
  if (verb === 'tool') {
    event('content_block_start', { index: 0, content_block: { ...made.content[0], input: {} } });
    for (const partial_json of ['{"city":', '"Köln"}']) event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json } });
  } else {
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '', citations: null } });
    for (const [i, text] of parts.entries()) {
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
      if (i > 0 || !['hold', 'break', 'overload'].includes(verb)) continue;
      if (!(await hold(argument, response))) return;
      if (verb === 'break') return void response.destroy();
      if (verb === 'overload') {
        send(errorOf(529, 'overloaded'), 'error');
        return void response.end();
      }
    }
  }
  event('content_block_stop', { index: 0 });
  event('message_delta', { delta: { stop_reason: made.stop_reason, stop_sequence: null, container: made.container }, usage: made.usage });
  event('message_stop');
  response.end();
}

listen(async (request, response) => {
  const body = await readJson(request);
  if (request.url === '/v1/messages') return message(body, response);
  if (request.url === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 5 });
  if (request.url.startsWith('/v1/models')) return json(response, 200, { data: [{ type: 'model', id: `model-${version}`, display_name: version, created_at: '2026-01-01T00:00:00Z' }], has_more: false, first_id: null, last_id: null });
  fail(response, 404, 'no such path');
});
