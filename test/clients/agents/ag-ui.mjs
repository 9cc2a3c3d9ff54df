// An agent behind AG-UI, at /agent. What it does stands in the last message: `say`, `hold NAME`, `break NAME`, `fail STATUS`. It knows only the threads that it began itself.
import { randomUUID } from 'node:crypto';
import { events, hold, json, listen, readJson, version, words } from '../shared/agent.mjs';

const turns = new Map();

listen(async (request, response) => {
  const { threadId, runId, messages } = await readJson(request);
  const [verb, argument] = messages.at(-1).content.split(' ');
  if (verb === 'fail') return json(response, +argument, { error: `made to fail with ${argument}` });
  turns.set(threadId, (turns.get(threadId) ?? 0) + 1);
  const send = events(response);
  const messageId = randomUUID();
  send({ type: 'RUN_STARTED', threadId, runId });
  send({ type: 'STATE_SNAPSHOT', snapshot: { version, turn: turns.get(threadId) } });
  send({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
  for (const [i, delta] of words(20).entries()) {
    send({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta });
    if (i > 0 || !['hold', 'break'].includes(verb)) continue;
    if (!(await hold(argument, response))) return;
    if (verb === 'break') return void response.destroy();
  }
  send({ type: 'TEXT_MESSAGE_END', messageId });
  send({ type: 'RUN_FINISHED', threadId, runId });
  response.end();
});
