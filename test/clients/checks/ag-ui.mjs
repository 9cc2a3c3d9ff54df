// AG-UI's own client against two versions of an agent. A thread's id is the key, for the client makes it; the file of the rollout names no protocol.
import { randomUUID } from 'node:crypto';
import { HttpAgent } from '@ag-ui/client';
import { approve, assert, asserts, check, closed, countingFetch, countsAre, eventually, finish, forAll, gateway, inPhase, release, rollout, users, words } from '../shared/checks.mjs';

const others = {}; // calls that end other than well, by outcome class
const count = (name) => { others[name] = (others[name] ?? 0) + 1; };
const thread = (threadId) => new HttpAgent({ url: `${gateway}/agent`, threadId, fetch: countingFetch });

function run(agent, content, subscriber) {
  agent.addMessage({ id: randomUUID(), role: 'user', content });
  return agent.runAgent({}, subscriber);
}

// A turn of a thread. The agent counts them, so the count shows whether it was there before.
async function turn(agent) {
  const { newMessages } = await run(agent, 'say');
  assert.equal(newMessages[0].content, words(20));
  return agent.state;
}

// Beside the rejection that the caller sees, the client leaves one of a broken stream that nobody can catch.
process.on('unhandledRejection', () => {});

await inPhase('Progressing');
let threads, before;

await check('A thread keeps its version', async () => {
  threads = users(60).map(thread);
  before = await forAll(threads, turn);
  asserts.bothServe(before.map((state) => state.version));
  for (const expected of [2, 3]) assert.deepEqual(await forAll(threads, turn), before.map(({ version }) => ({ version, turn: expected })));
});

await check('Events arrive as they are sent, and the text is whole', async () => {
  let releases = 0;
  const { newMessages } = await run(thread('held'), 'hold run', { onTextMessageContentEvent: async () => { if (releases++ === 0) await release('run'); } });
  assert.equal(newMessages[0].content, words(20));
});

await check('Aborting a run reaches the agent, and is counted as the caller leaving', async () => {
  const agent = thread('aborted');
  await run(agent, 'hold aborted', { onTextMessageContentEvent: () => agent.abortRun() }).catch(() => {});
  await closed('aborted');
  count('canceled_by_client');
});

await check('A stream that breaks and errors of the agent are errors of the client, and one that stops without its end is counted as broken', async () => {
  await assert.rejects(run(thread('broken'), 'break broken', { onTextMessageContentEvent: () => release('broken') }));
  count('stream_broken');
  await run(thread('stopped'), 'stop'); // the client lets it pass
  count('stream_broken');
  for (const [status, outcome] of [[429, 'rate_limited'], [400, 'error_client'], [500, 'error_upstream']]) {
    await assert.rejects(run(thread('failed'), `fail ${status}`), new RegExp(`${status}`));
    count(outcome);
  }
});

await check('A run that fails under 200 is told to the client, and is counted as a failure of the agent', async () => {
  let told;
  await run(thread('erring'), 'error', { onRunErrorEvent: ({ event }) => { told = event.message; } });
  assert.equal(told, 'made to fail');
  count('error_upstream');
});

await check('A subagent that fails is told, and is counted as a failed tool', async () => {
  let told;
  const { newMessages } = await run(thread('delegating'), 'delegate', { onSubagentErrorEvent: ({ event }) => { told = event.message; } });
  assert.equal(newMessages.at(-1).content, words(20));
  assert.equal(told, 'found nothing');
  count('tool_error');
});

async function ask(agent) {
  await run(agent, 'ask');
  count('input_required');
  return { agent, interruptId: agent.pendingInterrupts[0].id, version: agent.state.version };
}

async function answer({ agent, interruptId, version }) {
  const { newMessages } = await agent.runAgent({ resume: [{ interruptId, status: 'resolved', payload: true }] });
  assert.equal(newMessages.at(-1).content, words(20));
  assert.equal(agent.state.version, version);
}

let asked;
await check('An interrupted run is resumed by the version that asked', async () => {
  asked = await forAll(users(20), (user) => ask(thread(`asks-${user}`)));
  asserts.bothServe(asked.map(({ version }) => version));
  await forAll(asked, answer);
  asked = await forAll(asked, ({ agent }) => ask(agent));
});

await check('When the weight grows threads stay', async () => {
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  assert.deepEqual(await forAll(threads, turn), before.map(({ version }) => ({ version, turn: 4 })));
  await forAll(users(60), (_, i) => turn(thread(`second-${i}`)));
});

await check('At 100 % new threads are begun on the canary, and those that stable began end there', async () => {
  await approve();
  await inPhase('Completed');
  assert.deepEqual(await forAll(threads, turn), before.map(({ version }) => ({ version, turn: 5 })));
  await forAll(asked, answer);
  const late = await forAll(users(20), (_, i) => turn(thread(`third-${i}`)));
  assert.deepEqual([...new Set(late.map(({ version }) => version))], ['v1.1.0']);
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
