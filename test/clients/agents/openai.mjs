// An agent behind OpenAI's Chat Completions, Responses and Conversations. What it does stands in the user's last message: `words N`, `hold NAME`, `wait NAME`,
// `break NAME`, `fail STATUS`, `flaky NAME`, `refuse`, `cut`, `early HOW`. It knows only the responses and conversations that it made itself; any other id is 404.
import { randomUUID } from 'node:crypto';
import { events, hold, json, listen, readJson, version, words } from '../shared/agent.mjs';

const responses = new Map();
const conversations = new Map();
const tried = new Set();
const makeId = (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}`;

const errors = {
  400: ['invalid_request_error', 'invalid_value'], 401: ['invalid_request_error', 'invalid_api_key'], 403: ['invalid_request_error', 'forbidden'], 404: ['invalid_request_error', 'model_not_found'],
  409: ['conflict', 'conflict'], 422: ['invalid_request_error', 'unprocessable'], 429: ['requests', 'rate_limit_exceeded'], 500: ['server_error', 'server_error'],
};

function fail(response, status, message = `made to fail with ${status}`, headers = {}) {
  const [type, code] = errors[status] ?? errors[500];
  json(response, status, { error: { message, type, param: null, code } }, { 'x-request-id': 'req_1', ...headers });
}

const textOf = (content) => (typeof content === 'string' ? content : content.map((part) => part.text).join(''));

/** Whether the message made it end with an error. */
function failsAs(verb, argument, response) {
  if (verb === 'fail') fail(response, +argument);
  else if (verb === 'flaky' && !tried.has(argument)) {
    tried.add(argument);
    fail(response, 429, 'try again', { 'retry-after-ms': '1' });
  } else return false;
  return true;
}

/** Whether the message made the new version fail before its answer has content. */
function failsEarly(verb, how, response, begin) {
  if (verb !== 'early' || version === 'v1.0.0') return false;
  if (how === 'unavailable') fail(response, 503, 'overloaded');
  else if (how === 'reset') response.socket.resetAndDestroy();
  else {
    const send = events(response);
    if (how === 'late') begin(send);
    send({ error: { message: 'made to fail', type: 'server_error', param: null, code: null } });
    response.end('data: [DONE]\n\n');
  }
  return true;
}

async function chat(body, response) {
  const [verb, argument] = textOf(body.messages.at(-1).content).split(' ');
  if (failsAs(verb, argument, response)) return;
  const role = { id: 'chatcmpl-0', created: 1, model: `model-${version}`, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] };
  if (failsEarly(verb, argument, response, (send) => send(role))) return;
  if (verb === 'wait' && !(await hold(argument, response))) return;
  const parts = words(verb === 'words' ? +argument : 20);
  const usage = { prompt_tokens: 5, completion_tokens: parts.length, total_tokens: 5 + parts.length };
  const common = { id: makeId('chatcmpl'), created: 1, model: `model-${version}` };
  const finish = verb === 'cut' ? 'length' : 'stop';
  if (!body.stream) {
    const message = verb === 'refuse' ? { role: 'assistant', content: null, refusal: 'No.' } : { role: 'assistant', content: parts.join(''), refusal: null };
    json(response, 200, { ...common, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: finish }], usage });
    return;
  }
  const send = events(response);
  const chunk = (delta, finish_reason = null) => send({ ...common, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
  chunk({ role: 'assistant', content: '' });
  for (const [i, part] of parts.entries()) {
    chunk({ content: part });
    if (i > 0 || !['hold', 'break'].includes(verb)) continue;
    if (!(await hold(argument, response))) return;
    if (verb === 'break') return void response.destroy();
  }
  chunk({}, finish);
  if (body.stream_options?.include_usage) send({ ...common, object: 'chat.completion.chunk', choices: [], usage });
  send('[DONE]');
  response.end();
}

function unknown(response, what, id) {
  json(response, 404, { error: { message: `${what} with id '${id}' not found.`, type: 'invalid_request_error', param: null, code: null } });
}

async function createResponse(body, response) {
  const [verb, argument] = (typeof body.input === 'string' ? body.input : textOf(body.input.at(-1).content)).split(' ');
  const previous = body.previous_response_id ?? null;
  const conversation = body.conversation?.id ?? body.conversation ?? null;
  if (previous && !responses.has(previous)) return unknown(response, 'Previous response', previous);
  if (conversation && !conversations.has(conversation)) return unknown(response, 'Conversation', conversation);
  if (failsAs(verb, argument, response) || failsEarly(verb, argument, response)) return;
  const parts = words(20);
  const made = {
    id: makeId('resp'), object: 'response', created_at: 1, status: 'in_progress', background: !!body.background, error: null, incomplete_details: null, instructions: null, metadata: {},
    model: `model-${version}`, output: [], parallel_tool_calls: true, previous_response_id: previous, conversation: conversation && { id: conversation }, temperature: 1, top_p: 1, tool_choice: 'auto', tools: [],
  };
  const turn = (conversations.get(conversation)?.turns ?? responses.get(previous)?.turn ?? 0) + 1;
  if (conversation) conversations.get(conversation).turns = turn;
  const entry = { made, parts, turn, polls: 0, argument };
  responses.set(made.id, entry);
  made.metadata = { turn: `${turn}` };
  if (body.background) made.status = 'queued';
  if (body.stream) return streamResponse(entry, response, 0, verb === 'hold' ? argument : null);
  if (!body.background) complete(entry);
  json(response, 200, made);
}

function complete(entry) {
  const content = [{ type: 'output_text', text: entry.parts.join(''), annotations: [], logprobs: [] }];
  entry.made.output = [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }];
  entry.made.usage = { input_tokens: 5, input_tokens_details: { cached_tokens: 0 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 25 };
  entry.made.status = 'completed';
}

async function streamResponse(entry, response, after, held) {
  const send = events(response);
  let number = 0;
  const event = (type, fields) => {
    if (number >= after) send({ type, sequence_number: number, ...fields }, type);
    number++;
  };
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  event('response.created', { response: { ...entry.made, output: [] } });
  event('response.in_progress', { response: { ...entry.made, output: [] } });
  event('response.output_item.added', { output_index: 0, item: { id: 'msg_1', type: 'message', role: 'assistant', status: 'in_progress', content: [] } });
  event('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [], logprobs: [] } });
  for (const [i, delta] of entry.parts.entries()) {
    event('response.output_text.delta', { ...at, delta, logprobs: [] });
    if (i === 0 && held && !(await hold(held, response))) return;
  }
  complete(entry);
  const item = entry.made.output[0];
  event('response.output_text.done', { ...at, text: item.content[0].text, logprobs: [] });
  event('response.content_part.done', { ...at, part: item.content[0] });
  event('response.output_item.done', { output_index: 0, item });
  event('response.completed', { response: entry.made });
  response.end();
}

function useResponse(method, id, action, query, response) {
  const entry = responses.get(id);
  if (!entry) return unknown(response, 'Response', id);
  if (method === 'DELETE') {
    responses.delete(id);
    return json(response, 200, { id, object: 'response', deleted: true });
  }
  if (action === 'cancel') entry.made.status = 'cancelled';
  else if (action === 'input_items') return json(response, 200, { object: 'list', data: [], first_id: null, last_id: null, has_more: false });
  else if (query.get('stream') === 'true') return streamResponse(entry, response, +(query.get('starting_after') ?? -1) + 1, null);
  else if (entry.made.background && entry.made.status !== 'cancelled') {
    entry.made.status = 'in_progress';
    if (++entry.polls === 2) complete(entry);
  }
  json(response, 200, entry.made);
}

listen(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://agent');
  const body = await readJson(request);
  if (pathname === '/v1/chat/completions') return chat(body, response);
  if (pathname === '/v1/responses') return createResponse(body, response);
  if (pathname === '/v1/conversations') {
    const made = { id: makeId('conv'), object: 'conversation', created_at: 1, metadata: {} };
    conversations.set(made.id, { made, turns: 0 });
    return json(response, 200, made);
  }
  const [, kind, id, action] = /^\/v1\/(responses|conversations)\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
  if (kind === 'responses') return useResponse(request.method, id, action, searchParams, response);
  if (kind === 'conversations' && conversations.has(id)) return json(response, 200, conversations.get(id).made);
  fail(response, 404, 'no such path');
});
