// OpenAI's own client against two versions of an agent.
import OpenAI from 'openai';
import { approve, assert, asserts, check, closed, countingFetch, countsAre, eventually, finish, forAll, gateway, held, inPhase, ownTimer, release, rollout, users, versionOf, words } from '../shared/checks.mjs';

const client = new OpenAI({ apiKey: 'none', baseURL: `${gateway}/v1`, fetch: countingFetch, maxRetries: 0 });
const everybody = users(100);
const others = {}; // calls that end other than well, by outcome class
const count = (name) => { others[name] = (others[name] ?? 0) + 1; };
const ask = (user, content, more) => ({ model: 'agent', safety_identifier: user, messages: [{ role: 'user', content }], ...more });

async function chat(user) {
  const { data, response } = await client.chat.completions.create(ask(user, 'words 20')).withResponse();
  assert.equal(data.choices[0].message.content, words(20));
  assert.equal(data.model, `model-${versionOf(response)}`);
  return versionOf(response);
}

async function streamedChat(user) {
  const { data, response } = await client.chat.completions.create(ask(user, 'words 60', { stream: true, stream_options: { include_usage: true } })).withResponse();
  let text = '', usage;
  for await (const chunk of data) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, words(60));
  assert.equal(usage.completion_tokens, 60);
  return versionOf(response);
}

// One turn of a chain of responses, every other one streamed.
async function turn(chain, i) {
  const request = { model: 'agent', input: 'go on', previous_response_id: chain?.id };
  const stream = (i + (chain?.turn ?? 0)) % 2 === 0;
  const { data, response } = await client.responses.create({ ...request, stream }).withResponse();
  let made = data;
  if (stream) for await (const event of data) if (event.type === 'response.completed') made = event.response;
  const next = { id: made.id, turn: (chain?.turn ?? 0) + 1, version: versionOf(response) };
  assert.equal(made.output[0].content[0].text, words(20));
  assert.equal(made.metadata.turn, `${next.turn}`); // the agent knew the turns before
  if (chain) assert.equal(next.version, chain.version);
  return next;
}

async function talk(conversation) {
  const { data, response } = await client.responses.create({ model: 'agent', input: 'go on', conversation: conversation.id }).withResponse();
  assert.equal(data.metadata.turn, `${++conversation.turns}`);
  conversation.version ??= versionOf(response);
  assert.equal(versionOf(response), conversation.version);
}

await inPhase('Progressing');
let before, chains, conversations;

await check('A user keeps one version in chat, streamed or not', async () => {
  before = await forAll(everybody, chat);
  asserts.bothServe(before);
  assert.deepEqual(await forAll(everybody, streamedChat), before);
});

await check('Chat chunks arrive as they are sent, and the text is whole', async () => {
  const stream = await client.chat.completions.create(ask('user-0', 'hold chat', { stream: true }));
  let text = '', releases = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    // The agent sends nothing more before it hears that its first word has arrived.
    if (text && releases++ === 0) await release('chat');
  }
  assert.equal(text, words(20));
});

await check('The streaming aid of the SDK gathers the whole chat', async () => {
  const stream = client.chat.completions.stream(ask('user-0', 'words 50'));
  assert.equal(await stream.finalContent(), words(50));
});

await check('Aborting a chat stream reaches the agent, and is counted as the caller leaving', async () => {
  const stream = await client.chat.completions.create(ask('user-1', 'hold aborted-chat', { stream: true }));
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stream.controller.abort();
  await closed('aborted-chat');
  count('canceled_by_client');
});

await check('A time limit of the SDK reaches the agent, and is counted as the caller leaving', async () => {
  const runOut = ownTimer(54_321);
  const late = assert.rejects(client.chat.completions.create(ask('user-2', 'wait late'), { timeout: 54_321 }), OpenAI.APIConnectionTimeoutError);
  await held('late');
  runOut();
  await late;
  await closed('late');
  count('canceled_by_client');
});

await check('Errors of the agent arrive as the types of the SDK', async () => {
  const types = {
    400: [OpenAI.BadRequestError, 'error_client'], 401: [OpenAI.AuthenticationError, 'error_client'], 403: [OpenAI.PermissionDeniedError, 'error_client'], 404: [OpenAI.NotFoundError, 'error_client'],
    409: [OpenAI.ConflictError, 'error_client'], 422: [OpenAI.UnprocessableEntityError, 'error_client'], 429: [OpenAI.RateLimitError, 'rate_limited'], 500: [OpenAI.InternalServerError, 'error_upstream'],
  };
  for (const [status, [type, outcome]] of Object.entries(types)) {
    for (const call of [() => client.chat.completions.create(ask('user-3', `fail ${status}`)), () => client.responses.create({ model: 'agent', input: `fail ${status}` })]) {
      await assert.rejects(call, (fault) => {
        assert.equal(fault.constructor, type);
        assert.match(fault.message, new RegExp(`made to fail with ${status}`));
        assert.equal(fault.requestID, 'req_1');
        return true;
      });
      count(outcome);
    }
  }
});

await check('The SDK retries when the agent says how soon', async () => {
  const { data } = await client.chat.completions.create(ask('user-4', 'flaky once'), { maxRetries: 1 }).withResponse();
  assert.equal(data.choices[0].message.content, words(20));
  count('rate_limited');
});

await check('A stream that breaks is an error of the SDK and a broken stream of ours', async () => {
  const stream = await client.chat.completions.create(ask('user-5', 'break broken', { stream: true }));
  let text = '';
  await assert.rejects(async () => {
    for await (const chunk of stream) if ((text += chunk.choices[0].delta.content)) await release('broken');
  });
  assert.equal(text, words(1)); // what came before arrived
  count('stream_broken');
});

await check('Refusals and cut answers arrive and are counted as such', async () => {
  assert.equal((await client.chat.completions.create(ask('user-6', 'refuse'))).choices[0].message.refusal, 'No.');
  count('refusal');
  assert.equal((await client.chat.completions.create(ask('user-6', 'cut'))).choices[0].finish_reason, 'length');
  count('truncated');
});

await check('Response events arrive as they are sent, and the text is whole', async () => {
  let text = '', releases = 0;
  const stream = client.responses.stream({ model: 'agent', input: 'hold response' });
  for await (const event of stream) {
    if (event.type !== 'response.output_text.delta') continue;
    text += event.delta;
    if (releases++ === 0) await release('response');
  }
  assert.equal(text, words(20));
  assert.equal((await stream.finalResponse()).output_text, words(20));
});

await check('Aborting a response stream reaches the agent, and is counted as the caller leaving', async () => {
  const stream = await client.responses.create({ model: 'agent', input: 'hold aborted-response', stream: true });
  for await (const event of stream) if (event.type === 'response.output_text.delta') stream.controller.abort();
  await closed('aborted-response');
  count('canceled_by_client');
});

await check('A response in the background is polled, cancelled, read and deleted where it was made', async () => {
  await forAll(users(12), async () => {
    let { data: made, response } = await client.responses.create({ model: 'agent', input: 'later', background: true }).withResponse();
    const version = versionOf(response);
    count('input_required');
    while (made.status !== 'completed') {
      if (made.status === 'in_progress') count('input_required');
      ({ data: made, response } = await client.responses.retrieve(made.id).withResponse());
      assert.equal(versionOf(response), version);
    }
    assert.equal(made.output_text, words(20));
    assert.deepEqual((await client.responses.inputItems.list(made.id)).data, []);
    let resumed = '';
    for await (const event of await client.responses.retrieve(made.id, { stream: true, starting_after: 13 })) if (event.type === 'response.output_text.delta') resumed += event.delta;
    assert.ok(resumed.length > 0 && words(20).endsWith(resumed));
    count('input_required'); // its end was counted by the look before
    await client.responses.delete(made.id);
    await assert.rejects(client.responses.retrieve(made.id), OpenAI.NotFoundError);
    count('error_client');
    const second = await client.responses.create({ model: 'agent', input: 'later', background: true });
    count('input_required');
    assert.equal((await client.responses.cancel(second.id)).status, 'cancelled');
    count('canceled_by_client');
  });
});

await check('Chains of responses and conversations keep the version that began them', async () => {
  chains = await forAll(users(40), (_, i) => turn(null, i));
  asserts.bothServe(chains.map((chain) => chain.version));
  chains = await forAll(chains, turn);
  conversations = await forAll(users(40), async () => ({ id: (await client.conversations.create({})).id, turns: 0 }));
  await forAll(conversations, talk);
  await forAll(conversations, talk);
  asserts.bothServe(conversations.map((conversation) => conversation.version));
});

await check('When the weight grows users only join the canary, and conversations stay', async () => {
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  const after = await forAll(everybody, chat);
  asserts.nobodyLeftTheCanary(before, after);
  before = after;
  chains = await forAll(chains, turn);
  await forAll(conversations, talk);
});

await check('At 100 % everybody is on the canary, and conversations that stable began end there', async () => {
  await approve();
  await inPhase('Completed');
  assert.deepEqual([...new Set(await forAll(everybody, chat))], ['v1.1.0']);
  assert.deepEqual([...new Set(await forAll(everybody, streamedChat))], ['v1.1.0']);
  chains = await forAll(chains, turn);
  await forAll(conversations, talk);
  asserts.bothServe(chains.map((chain) => chain.version));
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
