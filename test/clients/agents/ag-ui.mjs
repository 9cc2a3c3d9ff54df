// An agent behind AG-UI, at /agent. What it does stands in the last message: `say`, `hold NAME`, `break NAME`, `stop`, `error`, `delegate`, `ask`, `fail STATUS`. It knows only the threads
// and the interrupts that it began itself.
import { randomUUID } from 'node:crypto';
import { events, hold, json, listen, readJson, version, words } from '../shared/agent.mjs';

const turns = new Map();
const interrupts = new Set();

listen(async (request, response) => {
  const { threadId, runId, messages, resume } = await readJson(request);
  const [verb, argument] = resume ? ['resume'] : messages.at(-1).content.split(' ');
  if (verb === 'fail') return json(response, +argument, { error: `made to fail with ${argument}` });
  turns.set(threadId, (turns.get(threadId) ?? 0) + 1);
  const send = events(response);
  const finish = (more) => {
    send({ type: 'RUN_FINISHED', threadId, runId, ...more });
    response.end();
  };
  const fail = (message) => {
    send({ type: 'RUN_ERROR', message, code: 'made_up' });
    response.end();
  };
  const messageId = randomUUID();
  send({ type: 'RUN_STARTED', threadId, runId });
  send({ type: 'STATE_SNAPSHOT', snapshot: { version, turn: turns.get(threadId) } });
  if (resume && !resume.every(({ interruptId }) => interrupts.delete(interruptId))) return fail('an interrupt that nobody knows');
  if (verb === 'ask') {
    const id = randomUUID();
    interrupts.add(id);
    return finish({ outcome: { type: 'interrupt', interrupts: [{ id, reason: 'approval' }] } });
  }
  if (verb === 'delegate') {
    const subagentRunId = randomUUID();
    send({ type: 'SUBAGENT_STARTED', subagentRunId, name: 'search' });
    send({ type: 'SUBAGENT_ERROR', subagentRunId, message: 'found nothing' });
  }
  send({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
  for (const [i, delta] of words(20).entries()) {
    send({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta });
    if (i > 0) continue;
    if (verb === 'error') return fail('made to fail');
    if (verb === 'stop') return void response.end();
    if (!['hold', 'break'].includes(verb)) continue;
    if (!(await hold(argument, response))) return;
    if (verb === 'break') return void response.destroy();
  }
  send({ type: 'TEXT_MESSAGE_END', messageId });
  finish({ outcome: { type: 'success' }, usage: [{ model: 'gpt-x', inputTokens: 30, outputTokens: 12 }] });
});
