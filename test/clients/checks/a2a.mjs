// The official A2A client against two versions of an agent by the official SDK, over two transports of 1.0 and as a caller of 0.3.
import { randomUUID } from 'node:crypto';
import { Role, TaskState } from '@a2a-js/sdk';
import { ClientFactory, ClientFactoryOptions, DefaultAgentCardResolver, JsonRpcTransportFactory, RestTransportFactory } from '@a2a-js/sdk/client';
import { TaskNotFoundError } from '@a2a-js/sdk/errors';
import { approve, assert, asserts, check, closed, countingFetch, countsAre, eventually, finish, forAll, gateway, inPhase, release, rollout, users, words } from '../shared/checks.mjs';

const others = {}; // calls that end other than well, by outcome class
const count = (name) => { others[name] = (others[name] ?? 0) + 1; };
const fetchImpl = countingFetch;
const transports = [new JsonRpcTransportFactory({ fetchImpl, legacyCompat: { enabled: true } }), new RestTransportFactory({ fetchImpl })];
const clients = {};

const ask = (text, ids = {}) => ({
  tenant: '', configuration: undefined, metadata: undefined,
  message: { messageId: randomUUID(), contextId: '', taskId: '', role: Role.ROLE_USER, parts: [{ content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: 'text/plain' }], metadata: undefined, extensions: [], referenceTaskIds: [], ...ids },
});
const named = (id) => ({ tenant: '', id, metadata: undefined });
const textOf = (message) => message.parts[0].content.value;
const each = (work) => forAll(Object.entries(clients), ([name, client]) => work(client, name));

// A turn of a conversation: the agent counts them in the context that it made.
async function turn(talk) {
  const answer = await talk.client.sendMessage(ask('say', { contextId: talk.contextId ?? '' }));
  const [version, number] = textOf(answer).split(' ');
  assert.equal(number, `${(talk.turns ?? 0) + 1}`, textOf(answer));
  if (talk.version) assert.equal(version, talk.version);
  return { client: talk.client, contextId: answer.contextId, turns: +number, version };
}

await inPhase('Progressing');
let talks, tasks;

await check('The agent card is fetched through the gateway and leads back to it', async () => {
  for (const transport of transports) {
    const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports, preferredTransports: [transport.protocolName], cardResolver: new DefaultAgentCardResolver({ fetchImpl }) });
    const client = await new ClientFactory(options).createFromUrl(gateway);
    assert.equal(client.transport.protocolName, transport.protocolName);
    assert.ok((await client.getAgentCard()).supportedInterfaces.every((one) => one.url.startsWith(gateway)));
    clients[transport.protocolName.replace('+', '')] = client;
  }
  const card = await clients.JSONRPC.getAgentCard();
  clients.legacy = await new ClientFactory({ transports }).createFromAgentCard({ ...card, supportedInterfaces: card.supportedInterfaces.filter((one) => one.protocolVersion === '0.3') });
  assert.deepEqual(Object.values(clients).map((client) => client.protocolVersion), ['1.0', '1.0', '0.3']);
});

await check('A conversation keeps the version that began it, over every transport and revision', async () => {
  const all = Object.values(clients);
  talks = await forAll(users(60), (_, i) => turn({ client: all[i % 3] }));
  asserts.bothServe(talks.map((talk) => talk.version));
  for (let i = 0; i < 2; i++) talks = await forAll(talks, turn);
});

/** Reads a task that has ended, which was counted when it did. */
async function look({ client, id, version }) {
  assert.equal(textOf((await client.getTask(named(id))).status.message), version);
  count('input_required');
}

await check('A task is read where it was made', async () => {
  tasks = await forAll(users(20), async (_, i) => {
    const client = Object.values(clients)[i % 3];
    const task = await client.sendMessage(ask('work'));
    assert.equal(task.status.state, TaskState.TASK_STATE_COMPLETED);
    return { client, id: task.id, version: textOf(task.status.message) };
  });
  await forAll(tasks, look);
});

await check('Artifacts arrive as they are sent, and the text is whole', () => each(async (client, name) => {
  let text = '', releases = 0, state;
  for await (const { payload } of client.sendMessageStream(ask(`hold ${name}`))) {
    if (payload.$case === 'statusUpdate') ({ state } = payload.value.status);
    if (payload.$case !== 'artifactUpdate') continue;
    text += textOf(payload.value.artifact);
    // The agent sends nothing more before it hears that its first word has arrived.
    if (releases++ === 0) await release(name);
  }
  assert.equal(text, words(20));
  assert.equal(state, TaskState.TASK_STATE_COMPLETED);
}));

await check('A question of the agent is answered in its task', () => each(async (client) => {
  const asked = await client.sendMessage(ask('ask'));
  assert.equal(asked.status.state, TaskState.TASK_STATE_INPUT_REQUIRED);
  count('input_required');
  const done = await client.sendMessage(ask('work', { taskId: asked.id, contextId: asked.contextId }));
  assert.deepEqual([done.id, done.status.state], [asked.id, TaskState.TASK_STATE_COMPLETED]);
}));

await check('A task is cancelled where it works, and its stream ends with that', () => each(async (client, kind) => {
  const name = `cancel-${kind}`;
  let cancelled, state;
  for await (const { payload } of client.sendMessageStream(ask(`hold ${name}`))) {
    if (payload.$case === 'artifactUpdate') cancelled ??= client.cancelTask(named(payload.value.taskId));
    if (payload.$case === 'statusUpdate') ({ state } = payload.value.status);
  }
  assert.equal(state, TaskState.TASK_STATE_CANCELED);
  assert.equal((await cancelled).status.state, TaskState.TASK_STATE_CANCELED);
  await closed(name);
  count('canceled_by_client');
  count('canceled_by_client');
}));

await check('Who leaves a stream finds its task again, and follows it to the end', () => each(async (client, kind) => {
  const name = `left-${kind}`;
  const abort = new AbortController();
  let id;
  await assert.rejects(async () => {
    for await (const { payload } of client.sendMessageStream(ask(`hold ${name}`), { signal: abort.signal })) {
      if (payload.$case !== 'artifactUpdate') continue;
      id = payload.value.taskId;
      abort.abort();
    }
  });
  count('abandoned');
  let state;
  for await (const { payload } of client.resubscribeTask(named(id))) {
    if (payload.$case === 'task') await release(name);
    if (payload.$case === 'statusUpdate') ({ state } = payload.value.status);
  }
  assert.equal(state, TaskState.TASK_STATE_COMPLETED);
}));

await check('Failed and rejected tasks are counted as such', () => each(async (client) => {
  assert.equal((await client.sendMessage(ask('fail'))).status.state, TaskState.TASK_STATE_FAILED);
  count('error_upstream');
  assert.equal((await client.sendMessage(ask('reject'))).status.state, TaskState.TASK_STATE_REJECTED);
  count('refusal');
}));

await check('A task that nobody knows is the error of the SDK', () => each(async (client) => {
  await assert.rejects(client.getTask(named('made-up')), TaskNotFoundError);
  count('error_client');
  await assert.rejects(client.sendMessage(ask('work', { taskId: 'made-up' })), TaskNotFoundError);
  count('error_client');
}));

await check('When the weight grows conversations and tasks stay', async () => {
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  talks = await forAll(talks, turn);
  await forAll(tasks, look);
  const more = await forAll(users(60), (_, i) => turn({ client: Object.values(clients)[i % 3] }));
  talks.push(...await forAll(more, turn));
});

await check('At 100 % new conversations are begun on the canary, and those that stable began end there', async () => {
  await approve();
  await inPhase('Completed');
  talks = await forAll(talks, turn);
  asserts.bothServe(talks.map((talk) => talk.version));
  await forAll(tasks, look);
  const late = await forAll(users(20), (_, i) => turn({ client: Object.values(clients)[i % 3] }));
  assert.deepEqual([...new Set(late.map((talk) => talk.version))], ['v1.1.0']);
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
