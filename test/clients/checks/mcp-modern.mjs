// The official MCP client of the revision without sessions, 2026-07-28, against two versions of a server by the official SDK.
import { Client, ProtocolError, ProtocolErrorCode, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { approve, assert, asserts, check, closed, countingFetch, countsAre, eventually, finish, forAll, gateway, inPhase, release, rollout, users, words } from '../shared/checks.mjs';

const others = {}; // calls that end other than well, by outcome class
const count = (name) => { others[name] = (others[name] ?? 0) + 1; };
const call = ({ client }, name, args = {}, options) => client.callTool({ name, arguments: args }, options);
const textOf = (result) => result.content[0].text;

// What the user answers when the server asks.
let answer = async () => 'Köln';

async function connect(user) {
  const client = new Client({ name: 'checks', version: '1' }, { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } });
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { city: await answer() } }));
  await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway}/mcp`), { fetch: countingFetch, requestInit: { headers: { authorization: `Bearer ${user}` } } }));
  return { client, user };
}

const ask = async (one) => textOf(await call(one, 'version'));

async function question(one) {
  const [version, city] = textOf(await call(one, 'ask')).split(' ');
  assert.equal(city, 'Köln');
  count('input_required');
  return version;
}

await inPhase('Progressing');
let all, one, before;

await check('A caller keeps one version without a session', async () => {
  all = await forAll(users(60), connect);
  [one] = all;
  before = await forAll(all, ask);
  asserts.bothServe(before);
  await forAll(all, async ({ client }) => assert.equal((await client.listTools()).tools.length, 8));
  assert.deepEqual(await forAll(all, ask), before);
});

await check('A long result is whole', async () => {
  assert.equal(textOf(await call(one, 'words', { count: 5000 })), words(5000));
});

await check('Progress arrives while the tool still works', async () => {
  let told = 0;
  const result = await call(one, 'hold', { name: 'progress' }, { onprogress: async () => { if (told++ === 0) await release('progress'); } });
  assert.equal(textOf(result), 'released');
  assert.equal(told, 1);
});

await check('A question of the server is answered to the version that asked it', async () => {
  assert.deepEqual(await forAll(all.slice(0, 30), question), before.slice(0, 30));
});

await check('What the server announces arrives on the stream of who listens', async () => {
  let heard = 0;
  one.client.setNotificationHandler('notifications/tools/list_changed', () => { heard++; });
  const subscription = await one.client.listen({ toolsListChanged: true });
  await eventually(async () => textOf(await call(one, 'announce')) && heard, 'the announcement');
  await subscription.close();
});

await check('Cancelling a call reaches the server, and is counted as the caller leaving', async () => {
  const abort = new AbortController();
  await assert.rejects(call(one, 'hold', { name: 'cancelled' }, { signal: abort.signal, onprogress: () => abort.abort('enough') }));
  await closed('cancelled');
  count('canceled_by_client');
});

await check('Errors of the server arrive as the types of the SDK, and failed tools are counted', async () => {
  await assert.rejects(call(one, 'refuses'), (fault) => fault instanceof ProtocolError && fault.code === ProtocolErrorCode.InvalidParams && /made to fail/.test(fault.message));
  count('error_client');
  await assert.rejects(call(one, 'breaks'), (fault) => fault instanceof ProtocolError && fault.code === ProtocolErrorCode.InternalError);
  count('error_upstream');
  assert.equal((await call(one, 'fails')).isError, true);
  count('tool_error');
});

await check('When the weight grows callers only join the canary, and questions are answered to who asked them', async () => {
  let grown;
  const growth = new Promise((resolve) => { grown = resolve; });
  let waiting = 0;
  answer = async () => {
    waiting++;
    await growth; // the user takes a while
    return 'Köln';
  };
  const questions = Promise.all(all.slice(0, 40).map(question));
  await eventually(() => waiting === 40, 'forty questions');
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  grown();
  assert.deepEqual(await questions, before.slice(0, 40));
  const after = await forAll(all, ask);
  asserts.nobodyLeftTheCanary(before, after);
  assert.notDeepEqual(after, before);
});

await check('At 100 % everybody is on the canary', async () => {
  await approve();
  await inPhase('Completed');
  assert.deepEqual([...new Set(await forAll(all, ask))], ['v1.1.0']);
  await forAll(all, ({ client }) => client.close());
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
