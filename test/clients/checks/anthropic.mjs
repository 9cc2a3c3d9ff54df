// Anthropic's own client against two versions of an agent.
import Anthropic from '@anthropic-ai/sdk';
import { approve, assert, asserts, check, closed, countingFetch, countsAre, eventually, finish, forAll, gateway, held, inPhase, ownTimer, release, rollout, users, versionOf, words } from '../shared/checks.mjs';

const client = new Anthropic({ apiKey: 'none', baseURL: gateway, fetch: countingFetch, maxRetries: 0 });
const everybody = users(100);
const others = {}; // calls that end other than well, by outcome class
const count = (name) => { others[name] = (others[name] ?? 0) + 1; };
const ask = (user, content, more) => ({ model: 'agent', max_tokens: 100, metadata: { user_id: user }, messages: [{ role: 'user', content }], ...more });

async function say(user) {
  const { data, response } = await client.messages.create(ask(user, 'words 20')).withResponse();
  assert.equal(data.content[0].text, words(20));
  assert.equal(data.model, `model-${versionOf(response)}`);
  return versionOf(response);
}

async function streamed(user) {
  const { data, response } = await client.messages.create(ask(user, 'words 60', { stream: true })).withResponse();
  let text = '', tokens;
  for await (const event of data) {
    if (event.type === 'content_block_delta') text += event.delta.text;
    if (event.type === 'message_delta') tokens = event.usage.output_tokens;
  }
  assert.equal(text, words(60));
  assert.equal(tokens, 60);
  return versionOf(response);
}

// A turn in a container, which only the version that made it has. No user is named, so nothing else keeps it there.
async function run(work) {
  const { data, response } = await client.messages.create({ model: 'agent', max_tokens: 100, messages: [{ role: 'user', content: 'code' }], container: work?.container }).withResponse();
  const next = { container: data.container.id, turn: (work?.turn ?? 0) + 1, version: versionOf(response) };
  assert.equal(response.headers.get('x-turn'), `${next.turn}`);
  if (work) assert.equal(next.version, work.version);
  return next;
}

await inPhase('Progressing');
let before, work;

await check('A user keeps one version, streamed or not', async () => {
  before = await forAll(everybody, say);
  asserts.bothServe(before);
  assert.deepEqual(await forAll(everybody, streamed), before);
});

await check('Events arrive as they are sent, and the text is whole', async () => {
  let text = '', releases = 0;
  for await (const event of await client.messages.create(ask('user-0', 'hold message', { stream: true }))) {
    if (event.type !== 'content_block_delta') continue;
    text += event.delta.text;
    // The agent sends nothing more before it hears that its first word has arrived.
    if (releases++ === 0) await release('message');
  }
  assert.equal(text, words(20));
});

await check('The streaming aid of the SDK gathers text and tools', async () => {
  assert.equal(await client.messages.stream(ask('user-0', 'words 50')).finalText(), words(50));
  const made = await client.messages.stream(ask('user-0', 'tool')).finalMessage();
  assert.deepEqual(made.content[0].input, { city: 'Köln' });
  assert.equal(made.stop_reason, 'tool_use');
});

await check('Aborting a stream reaches the agent, and is counted as the caller leaving', async () => {
  const stream = client.messages.stream(ask('user-1', 'hold aborted'));
  stream.on('text', () => stream.abort());
  await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  await closed('aborted');
  count('canceled_by_client');
});

await check('A time limit of the SDK reaches the agent, and is counted as the caller leaving', async () => {
  const runOut = ownTimer(54_321);
  const late = assert.rejects(client.messages.create(ask('user-2', 'wait late'), { timeout: 54_321 }), Anthropic.APIConnectionTimeoutError);
  await held('late');
  runOut();
  await late;
  await closed('late');
  count('canceled_by_client');
});

await check('Errors of the agent arrive as the types of the SDK', async () => {
  const types = {
    400: [Anthropic.BadRequestError, 'error_client', 'invalid_request_error'], 401: [Anthropic.AuthenticationError, 'error_client', 'authentication_error'],
    403: [Anthropic.PermissionDeniedError, 'error_client', 'permission_error'], 404: [Anthropic.NotFoundError, 'error_client', 'not_found_error'],
    409: [Anthropic.ConflictError, 'error_client', 'invalid_request_error'], 422: [Anthropic.UnprocessableEntityError, 'error_client', 'invalid_request_error'],
    429: [Anthropic.RateLimitError, 'rate_limited', 'rate_limit_error'], 500: [Anthropic.InternalServerError, 'error_upstream', 'api_error'],
    504: [Anthropic.GatewayTimeoutError, 'timeout', 'timeout_error'], 529: [Anthropic.OverloadedError, 'rate_limited', 'overloaded_error'],
  };
  for (const [status, [type, outcome, name]] of Object.entries(types)) {
    for (const stream of [false, true]) {
      await assert.rejects(client.messages.create(ask('user-3', `fail ${status}`, { stream })), (fault) => {
        assert.equal(fault.constructor, type);
        assert.equal(fault.type, name);
        assert.equal(fault.apiMessage, `made to fail with ${status}`);
        assert.equal(fault.requestID, 'req_1');
        return true;
      });
      count(outcome);
    }
  }
});

await check('An error in the middle of a stream arrives as the type of the SDK', async () => {
  await assert.rejects(async () => {
    for await (const event of await client.messages.create(ask('user-4', 'overload loaded', { stream: true }))) if (event.type === 'content_block_delta') await release('loaded');
  }, (fault) => fault instanceof Anthropic.APIError && fault.type === 'overloaded_error');
  count('rate_limited');
});

await check('The SDK retries when the agent says how soon', async () => {
  assert.equal((await client.messages.create(ask('user-4', 'flaky once'), { maxRetries: 1 })).content[0].text, words(20));
  count('rate_limited');
});

await check('A stream that breaks is an error of the SDK and a broken stream of ours', async () => {
  let text = '';
  await assert.rejects(async () => {
    for await (const event of await client.messages.create(ask('user-5', 'break broken', { stream: true }))) {
      if (event.type === 'content_block_delta' && (text += event.delta.text)) await release('broken');
    }
  });
  assert.equal(text, words(1)); // what came before arrived
  count('stream_broken');
});

await check('Refusals and cut answers arrive and are counted as such', async () => {
  for (const stream of [false, true]) {
    for (const [verb, reason, outcome] of [['refuse', 'refusal', 'refusal'], ['cut', 'max_tokens', 'truncated']]) {
      const made = stream ? await client.messages.stream(ask('user-6', verb)).finalMessage() : await client.messages.create(ask('user-6', verb));
      assert.equal(made.stop_reason, reason);
      count(outcome);
    }
  }
});

await check('Counting tokens and listing models pass', async () => {
  assert.equal((await client.messages.countTokens({ model: 'agent', messages: [{ role: 'user', content: 'x' }] })).input_tokens, 5);
  assert.match((await client.models.list()).data[0].id, /^model-v/);
});

await check('Work in a container keeps the version that made it', async () => {
  work = await forAll(users(40), () => run(null));
  asserts.bothServe(work.map((one) => one.version));
  work = await forAll(work, run);
});

await check('When the weight grows users only join the canary, and containers stay', async () => {
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  const after = await forAll(everybody, say);
  asserts.nobodyLeftTheCanary(before, after);
  work = await forAll(work, run);
});

await check('At 100 % everybody is on the canary, and work that stable began ends there', async () => {
  await approve();
  await inPhase('Completed');
  assert.deepEqual([...new Set(await forAll(everybody, streamed))], ['v1.1.0']);
  work = await forAll(work, run);
  asserts.bothServe(work.map((one) => one.version));
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
