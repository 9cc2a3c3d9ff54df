// What every check program needs: the rollout behind the gateway, and one line of JSON for each check.
import assert from 'node:assert/strict';
import { basename } from 'node:path';

const [gateway, admin, ...agents] = process.argv.slice(2);
export { assert, gateway };
export const words = (count) => Array.from({ length: count }, (_, i) => `wörd-${i}✓ `).join('');

const patience = 120_000; // far longer than any stall of the machine
let failed = false;

/** Runs a check and prints how it went. */
export async function check(sentence, body) {
  const begun = Date.now();
  let fault;
  try {
    await within(body(), sentence);
  } catch (caught) {
    fault = caught;
    failed = true;
  }
  console.log(JSON.stringify({ check: sentence, ok: !fault, ms: Date.now() - begun, detail: fault ? `${fault.stack ?? fault}` : null }));
}

/** Ends the program; connections that are kept alive would keep it running. */
export const finish = () => process.exit(failed ? 1 : 0);

function within(work, what) {
  let timer;
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not done within ${patience / 1000} s: ${what}`)), patience); });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Waits until something is true and gives it. */
export async function eventually(find, what) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 25))) {
    const found = await find();
    if (found) return found;
  }
  throw new Error(`it did not come: ${what}`);
}

/** Lets an answer go on that is held by whichever agent. */
export const release = (name) => Promise.all(agents.map((agent) => fetch(`${agent}/holds/${name}`, { method: 'POST' })));

const isOneAgent = (state, name) => eventually(async () => {
  const states = await Promise.all(agents.map(async (agent) => (await (await fetch(`${agent}/holds/${name}`)).json()).state));
  return states.includes(state);
}, `the answer ${name} is ${state}`);

/** Waits until an agent holds an answer. */
export const held = (name) => isOneAgent('held', name);

/** Waits until the agent that holds an answer has seen its caller leave. */
export const closed = (name) => isOneAgent('closed', name);

/** Takes a time limit of an SDK out of the hands of the clock: it runs out when the function that this gives is called. */
export function ownTimer(milliseconds) {
  const { setTimeout } = globalThis;
  let runOut;
  globalThis.setTimeout = (act, after, ...rest) => {
    if (after !== milliseconds) return setTimeout(act, after, ...rest);
    runOut = act;
    return setTimeout(() => {}, 0);
  };
  return () => {
    globalThis.setTimeout = setTimeout;
    runOut();
  };
}

// ---- the rollout ----

const only = basename(process.argv[1], '.mjs'); // the agent of a program for one protocol
const rolloutAt = (agent) => `${admin}/api/v1/rollouts/${agent}`;
export const rollout = async (agent = only) => (await fetch(rolloutAt(agent))).json();

export const events = async (agent = only) => (await fetch(`${rolloutAt(agent)}/events`)).json();

export const inPhase = (phase, agent = only) => eventually(async () => {
  const now = await rollout(agent);
  return now.phase === phase && now;
}, `the rollout of ${agent} is ${phase}`);

/** Waits until the stage has passed its checks and waits for a person, then lets the rollout go on. */
export async function approve() {
  await eventually(async () => (await rollout()).paused_for === 'approval', 'the stage passed its checks');
  const answer = await fetch(`${rolloutAt(only)}/approve`, { method: 'POST' });
  assert.equal(answer.status, 200, await answer.text());
}

// ---- what was asked and how it was counted ----

/** Counts all calls that an SDK makes, retries included. */
export const calls = { made: 0, pending: 0 };

export async function countingFetch(address, init) {
  calls.made++;
  calls.pending++;
  return fetch(address, init).finally(() => calls.pending--);
}

/** Waits until every call has an answer, though it may still go on. */
export const answered = () => eventually(() => calls.pending === 0, 'every call is answered');

export const versionOf = (response) => response.headers.get('x-canary-version');

/** Finished calls by outcome class, all agents and versions together. */
export async function counted() {
  const text = await (await fetch(`${admin}/metrics`)).text();
  const classes = {};
  for (const [, labels, value] of text.matchAll(/^agentcanary_requests_total\{([^}]*)\} (\d+)/gm)) {
    const name = /class="(\w+)"/.exec(labels)[1];
    if (+value) classes[name] = (classes[name] ?? 0) + +value;
  }
  const sum = (pattern) => [...text.matchAll(pattern)].reduce((total, [, value]) => total + +value, 0);
  return { classes, refused: sum(/^agentcanary_gateway_refused_total(?:\{[^}]*\})? (\d+)/gm), received: sum(/^agentcanary_gateway_received_total(?:\{[^}]*\})? (\d+)/gm) };
}

/** Holds the gateway's count against what the SDK did: every call once, and none a failure but those that were made to be. */
export async function countsAre(others) {
  const sum = (classes) => Object.values(classes).reduce((total, value) => total + value, 0);
  const now = await eventually(async () => {
    const now = await counted();
    return sum(now.classes) >= calls.made && now;
  }, `${calls.made} calls are counted`);
  assert.deepEqual(now.classes, { ok: calls.made - sum(others), ...others });
  assert.equal(now.received, calls.made);
  assert.equal(now.refused, 0);
}

export const users = (count) => Array.from({ length: count }, (_, i) => `user-${i}`);

/** Runs one piece of work for each item, eight at a time, and gives the results in order. */
export async function forAll(items, work) {
  const results = new Array(items.length);
  let next = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at], at);
    }
  }));
  return results;
}

export const asserts = {
  bothServe: (versions) => assert.deepEqual([...new Set(versions)].sort(), ['v1.0.0', 'v1.1.0']),
  /** Growing the weight moves users to the canary and none away from it. */
  nobodyLeftTheCanary: (before, after) => before.forEach((version, i) => assert.ok(version !== 'v1.1.0' || after[i] === 'v1.1.0', `user-${i} left the canary`)),
};
