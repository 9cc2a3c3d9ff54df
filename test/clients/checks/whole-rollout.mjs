// The official clients of all protocols at once, through one gateway, while the rollouts of their agents go from the first stage to the end by themselves.
import { randomUUID } from 'node:crypto';
import { Role } from '@a2a-js/sdk';
import { ClientFactory, ClientFactoryOptions, DefaultAgentCardResolver, JsonRpcTransportFactory, RestTransportFactory } from '@a2a-js/sdk/client';
import { HttpAgent } from '@ag-ui/client';
import Anthropic from '@anthropic-ai/sdk';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import OpenAI from 'openai';
import { answered, assert, calls, check, countingFetch, countsAre, eventually, events, finish, forAll, gateway, inPhase, rollout, versionOf, words } from '../shared/checks.mjs';

const agents = ['openai', 'anthropic', 'a2a', 'mcp', 'ag-ui'];
const at = (agent) => `${gateway}/agents/${agent}`;
const whole = words(20);
const openai = new OpenAI({ apiKey: 'none', baseURL: `${at('openai')}/v1`, fetch: countingFetch, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: 'none', baseURL: at('anthropic'), fetch: countingFetch, maxRetries: 0 });
const a2a = {};

// ---- one turn of a talk in each manner; gives the version that answered, after it was held against what only that version can know ----

async function chat({ id, turns }) {
  const stream = turns % 2 === 1;
  const { data, response } = await openai.chat.completions.create({ model: 'agent', safety_identifier: id, messages: [{ role: 'user', content: 'words 20' }], stream }).withResponse();
  let text = stream ? '' : data.choices[0].message.content;
  if (stream) for await (const chunk of data) text += chunk.choices[0].delta.content ?? '';
  assert.equal(text, whole);
  return versionOf(response);
}

async function respond(talk) {
  const stream = talk.turns % 2 === 1;
  const { data, response } = await openai.responses.create({ model: 'agent', input: 'go on', stream, ...await talk.follows(talk) }).withResponse();
  let made = data;
  if (stream) for await (const event of data) if (event.type === 'response.completed') made = event.response;
  assert.equal(made.output[0].content[0].text, whole);
  assert.equal(made.metadata.turn, `${talk.turns + 1}`);
  talk.last = made.id;
  return versionOf(response);
}

const inChain = async ({ last }) => ({ previous_response_id: last });
const inConversation = async (talk) => ({ conversation: talk.conversation ??= (await openai.conversations.create({})).id });

async function write({ id, turns }) {
  const request = { model: 'agent', max_tokens: 100, metadata: { user_id: id }, messages: [{ role: 'user', content: 'words 20' }] };
  if (turns % 2 === 1) {
    const stream = anthropic.messages.stream(request);
    assert.equal(await stream.finalText(), whole);
    return versionOf(stream.response);
  }
  const { data, response } = await anthropic.messages.create(request).withResponse();
  assert.equal(data.content[0].text, whole);
  return versionOf(response);
}

async function runCode(talk) {
  const { data, response } = await anthropic.messages.create({ model: 'agent', max_tokens: 100, messages: [{ role: 'user', content: 'code' }], container: talk.container }).withResponse();
  assert.equal(response.headers.get('x-turn'), `${talk.turns + 1}`);
  talk.container = data.container.id;
  return versionOf(response);
}

async function send(talk) {
  const parts = [{ content: { $case: 'text', value: 'say' }, metadata: undefined, filename: '', mediaType: 'text/plain' }];
  const message = { messageId: randomUUID(), contextId: talk.context ?? '', taskId: '', role: Role.ROLE_USER, parts, metadata: undefined, extensions: [], referenceTaskIds: [] };
  const answer = await a2a[talk.over].sendMessage({ tenant: '', configuration: undefined, metadata: undefined, message });
  const [version, turn] = answer.parts[0].content.value.split(' ');
  assert.equal(turn, `${talk.turns + 1}`);
  talk.context = answer.contextId;
  return version;
}

const sessions = [];

async function useTool(talk) {
  if (!talk.session) {
    talk.session = { client: new Client({ name: 'checks', version: '1' }), transport: new StreamableHTTPClientTransport(new URL(`${at('mcp')}/mcp`), { fetch: countingFetch }) };
    sessions.push(talk.session);
    await talk.session.client.connect(talk.session.transport);
  }
  const { client } = talk.session;
  const { version } = client.getServerVersion();
  assert.equal((await client.callTool({ name: 'count', arguments: {} })).content[0].text, `${version} ${talk.turns + 1}`);
  return version;
}

async function run(talk) {
  talk.thread ??= new HttpAgent({ url: `${at('ag-ui')}/agent`, threadId: talk.id, fetch: countingFetch });
  talk.thread.addMessage({ id: randomUUID(), role: 'user', content: 'say' });
  const { newMessages } = await talk.thread.runAgent({});
  assert.equal(newMessages[0].content, whole);
  assert.equal(talk.thread.state.turn, talk.turns + 1);
  return talk.thread.state.version;
}

// A talk that only the name of its user keeps together moves to the canary when the weight reaches that user.
const manners = [
  { name: 'chat', agent: 'openai', say: chat, mayJoin: true },
  { name: 'chain', agent: 'openai', say: respond, follows: inChain },
  { name: 'conversation', agent: 'openai', say: respond, follows: inConversation },
  { name: 'message', agent: 'anthropic', say: write, mayJoin: true },
  { name: 'container', agent: 'anthropic', say: runCode },
  { name: 'context-by-rpc', agent: 'a2a', say: send, over: 'JSONRPC' },
  { name: 'context-by-rest', agent: 'a2a', say: send, over: 'HTTPJSON' },
  { name: 'context-by-0.3', agent: 'a2a', say: send, over: 'legacy' },
  { name: 'session', agent: 'mcp', say: useTool },
  { name: 'thread', agent: 'ag-ui', say: run },
];

// ---- talks ----

const strays = []; // turns that another version answered than the turn before
const ended = Object.fromEntries(agents.map((agent) => [agent, false]));
let begun = 0;

const begin = (manner) => ({ ...manner, id: `${manner.name}-${begun++}`, turns: 0 });

async function turn(talk) {
  const version = await talk.say(talk);
  if (talk.version && version !== talk.version && !(talk.mayJoin && version === 'v1.1.0')) strays.push(`${talk.id}: ${talk.version}, then ${version}`);
  talk.version = version;
  talk.turns++;
  return talk;
}

/** Begins talks until each version has three. */
async function onBoth(manner) {
  const talks = [];
  const has = (version) => talks.filter((talk) => talk.version === version).length >= 3;
  while (!has('v1.0.0') || !has('v1.1.0')) {
    assert.ok(talks.length < 200, `200 talks of the manner ${manner.name} were begun on one version`);
    talks.push(await turn(begin(manner)));
  }
  return talks;
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// Takes turns until the rollout has ended, and two more.
async function goOn(talk) {
  while (!ended[talk.agent]) await pause(500).then(() => turn(talk));
  return turn(await turn(talk));
}

// New ones come all the time, for only they are drawn.
async function keepComing(agent, i) {
  const ways = manners.filter((manner) => manner.agent === agent);
  for (let next = i; !ended[agent]; next++) {
    const talk = begin(ways[next % ways.length]);
    for (let turns = 0; turns < 3 && !ended[agent]; turns++) await pause(50).then(() => turn(talk));
  }
}

async function watch(agent) {
  const { phase } = await eventually(async () => {
    const now = await rollout(agent);
    return !['Pending', 'Progressing'].includes(now.phase) && now;
  }, `the rollout of ${agent} ends`);
  ended[agent] = true;
  return phase;
}

// ---- checks ----

for (const agent of agents) await inPhase('Progressing', agent);
let talks;

await check('In every manner talks are begun on both versions', async () => {
  const fetchImpl = countingFetch;
  const transports = [new JsonRpcTransportFactory({ fetchImpl, legacyCompat: { enabled: true } }), new RestTransportFactory({ fetchImpl })];
  for (const { protocolName } of transports) {
    const options = ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports, preferredTransports: [protocolName], cardResolver: new DefaultAgentCardResolver({ fetchImpl }) });
    a2a[protocolName.replace('+', '')] = await new ClientFactory(options).createFromUrl(`${at('a2a')}/`);
  }
  const card = await a2a.JSONRPC.getAgentCard();
  a2a.legacy = await new ClientFactory({ transports }).createFromAgentCard({ ...card, supportedInterfaces: card.supportedInterfaces.filter((one) => one.protocolVersion === '0.3') });
  talks = (await forAll(manners, onBoth)).flat();
});

await check('No SDK sees an error while the rollouts go from their first stage to their end', async () => {
  const coming = agents.flatMap((agent) => [0, 1, 2, 3].map((i) => keepComing(agent, i)));
  const all = [...agents.map(watch), ...talks.map(goOn), ...coming];
  try {
    await Promise.all(all);
  } finally {
    agents.forEach((agent) => { ended[agent] = true; });
    await Promise.allSettled(all);
  }
});

await check('Every rollout went through its stages and was completed', async () => {
  for (const agent of agents) {
    const told = (await events(agent)).filter(({ type }) => ['stage_entered', 'completed', 'rolled_back', 'paused'].includes(type));
    assert.deepEqual(told.map(({ type, to_stage }) => `${type} ${to_stage}`), ['stage_entered 0', 'stage_entered 1', 'stage_entered 2', 'completed 2'], JSON.stringify(told));
  }
});

await check('Every conversation ended on the version that began it, and no user left the canary', async () => {
  assert.deepEqual(strays, []);
  const stayed = talks.filter((talk) => !talk.mayJoin && talk.version === 'v1.0.0');
  assert.deepEqual(new Set(stayed.map((talk) => talk.name)), new Set(manners.filter((manner) => !manner.mayJoin).map((manner) => manner.name)));
  assert.ok(talks.filter((talk) => talk.mayJoin).every((talk) => talk.version === 'v1.1.0'));
});

await check('Who begins behind the end begins on the canary', async () => {
  const late = await forAll(manners, (manner) => turn(begin(manner)));
  assert.deepEqual([...new Set(late.map((talk) => talk.version))], ['v1.1.0']);
});

await check('Each call was counted once, and as a good one', async () => {
  await answered();
  await forAll(sessions, async ({ client, transport }) => {
    await transport.terminateSession();
    await client.close();
  });
  await countsAre({});
  assert.ok(calls.made > 500, `only ${calls.made} calls`);
});

finish();
