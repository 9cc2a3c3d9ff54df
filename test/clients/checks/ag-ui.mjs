// AG-UI's own client against two versions of an agent. A thread's id is the sticky key, for the client makes it.
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

await check('A stream that breaks and errors of the agent are errors of the client', async () => {
  await assert.rejects(run(thread('broken'), 'break broken', { onTextMessageContentEvent: () => release('broken') }));
  count('stream_broken');
  for (const [status, outcome] of [[429, 'rate_limited'], [400, 'error_client'], [500, 'error_upstream']]) {
    await assert.rejects(run(thread('failed'), `fail ${status}`), new RegExp(`${status}`));
    count(outcome);
  }
});

await check('When the weight grows threads only join the canary', async () => {
  await approve();
  await eventually(async () => (await rollout()).stage.index === 1, 'the second stage');
  const after = await forAll(threads, turn);
  asserts.nobodyLeftTheCanary(before.map((state) => state.version), after.map((state) => state.version));
});

await check('At 100 % every thread is on the canary', async () => {
  await approve();
  await inPhase('Completed');
  assert.deepEqual([...new Set((await forAll(threads, turn)).map((state) => state.version))], ['v1.1.0']);
});

await check('The whole rollout passed, and each call was counted once for what it was', () => countsAre(others));

finish();
