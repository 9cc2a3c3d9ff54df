// The official MCP client against two versions of a server by the official SDK.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ErrorCode, McpError, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { answered, approve, assert, asserts, check, closed, countingFetch, countsAre, eventually, finish, forAll, gateway, inPhase, release, rollout, users, words } from '../shared/checks.mjs';

const others = {}; // calls that end other than well, by outcome class
const count = (name) => { others[name] = (others[name] ?? 0) + 1; };

async function connect() {
  const client = new Client({ name: 'checks', version: '1' }, { capabilities: { elicitation: {} } });
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway}/mcp`), { fetch: countingFetch });
  await client.connect(transport);
  return { client, transport, version: client.getServerVersion().version, calls: 0 };
}

const call = (session, name, args = {}, options) => session.client.callTool({ name, arguments: args }, undefined, options);
const textOf = (result) => result.content[0].text;

// The server counts in the session: the number shows that it is the same session of the same version.
async function use(session) {
  assert.equal(textOf(await call(session, 'count')), `${session.version} ${++session.calls}`);
  return session;
}

await inPhase('Progressing');
let sessions, one;

await check('A session keeps the version that began it, in all that it asks', async () => {
  sessions = await forAll(users(60), connect);
  asserts.bothServe(sessions.map((session) => session.version));
  await forAll(sessions, use);
  await forAll(sessions, async (session) => {
    assert.equal((await session.client.listTools()).tools.length, 8);
    assert.equal((await session.client.readResource({ uri: 'text://version' })).contents[0].text, session.version);
    assert.equal((await session.client.getPrompt({ name: 'greet' })).messages[0].content.text, session.version);
    await session.client.ping();
    await use(session);
  });
  one = sessions[0];
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

await check('A question of the server to the user is asked and answered in the middle of a call', async () => {
  await forAll(sessions.slice(0, 12), async (session) => {
    session.client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { city: session.version } }));
    assert.equal(textOf(await call(session, 'ask')), `accept ${session.version}`);
  });
});

await check('What the server announces arrives on the stream that the client listens to', async () => {
  await forAll(sessions.slice(0, 12), async (session) => {
    let heard = 0;
    session.client.setNotificationHandler(ToolListChangedNotificationSchema, () => { heard++; });
    // The stream is opened after the handshake, by the client itself.
    await eventually(async () => textOf(await call(session, 'announce')) && heard, 'the announcement');
  });
});

await check('Cancelling a call reaches the server that works on it', async () => {
  const abort = new AbortController();
  await assert.rejects(call(one, 'hold', { name: 'cancelled' }, { signal: abort.signal, onprogress: () => abort.abort('enough') }));
  await closed('cancelled');
  count('canceled_by_client');
});

await check('Errors of the server arrive as the types of the SDK, and failed tools are counted', async () => {
  await assert.rejects(call(one, 'refuses'), (fault) => fault instanceof McpError && fault.code === ErrorCode.InvalidParams && /made to fail/.test(fault.message));
  count('error_client');
  await assert.rejects(call(one, 'breaks'), (fault) => fault instanceof McpError && fault.code === ErrorCode.InternalError && /made to break/.test(fault.message));
  count('error_upstream');
  assert.equal((await call(one, 'fails')).isError, true);
  count('tool_error');
});

await check('A session that nobody knows is an error of the transport', async () => {
  const client = new Client({ name: 'checks', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway}/mcp`), { fetch: countingFetch, sessionId: 'made-up' });
  await client.connect(transport); // a session that is resumed is not begun again
  await assert.rejects(client.callTool({ name: 'count', arguments: {} }), (fault) => fault instanceof StreamableHTTPError && fault.code === 404);
  count('error_client');
  await client.close();
});

await check('A session that its client ends is ended where it was begun', async () => {
  const session = await use(await connect());
  const { sessionId } = session.transport;
  await answered(); // the stream that the client opens by itself, too
  await session.transport.terminateSession();
  const again = await countingFetch(`${gateway}/mcp`, { method: 'POST', headers: { 'mcp-session-id': sessionId, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) });
  assert.equal(again.status, 404);
  count('error_client');
  await again.text();
  await session.client.close();
});

await check('When the weight grows sessions stay', async () => {
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  await forAll(sessions, use);
  sessions.push(...await forAll(users(30), connect));
  await forAll(sessions.slice(60), use);
  await forAll(sessions.slice(60), use);
});

await check('At 100 % new sessions are begun on the canary, and those that stable began end there', async () => {
  await approve();
  await inPhase('Completed');
  await forAll(sessions, use);
  const late = await forAll(users(20), connect);
  assert.deepEqual([...new Set(late.map((session) => session.version))], ['v1.1.0']);
  await forAll(late, use);
  await answered();
  await forAll([...sessions, ...late], async (session) => {
    await session.transport.terminateSession();
    await session.client.close();
  });
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
