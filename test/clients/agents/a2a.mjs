// An A2A agent by the official SDK, 1.0 and 0.3, over JSON-RPC at /a2a and over HTTP with JSON at /rest. What it does stands in the message: `say`, `work`, `hold NAME`, `ask`, `fail`,
// `reject`. It knows only the tasks that it began itself, and counts the turns of each context.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Role, TaskState } from '@a2a-js/sdk';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { jsonRpcHandler, restHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express from 'express';
import { hold, listenOn, serveHold, version, words } from '../shared/agent.mjs';

const turns = new Map(); // of each context
const cancels = new Map(); // of each task that is held

const part = (text) => ({ content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: 'text/plain' });

function card(host) {
  const at = (path, protocolBinding, protocolVersion = '1.0') => ({ url: `http://${host}${path}`, protocolBinding, tenant: '', protocolVersion });
  return {
    name: 'agent', description: 'a sample', version, supportedInterfaces: [at('/a2a', 'JSONRPC'), at('/rest', 'HTTP+JSON'), at('/a2a', 'JSONRPC', '0.3')], capabilities: { streaming: true, pushNotifications: false, extensions: [] },
    securitySchemes: {}, securityRequirements: [], defaultInputModes: ['text/plain'], defaultOutputModes: ['text/plain'], skills: [], signatures: [],
  };
}

async function execute({ userMessage, taskId, contextId, task }, bus) {
  const [verb, name] = userMessage.parts[0].content.value.split(' ');
  const message = (text, ids = {}) => ({ messageId: randomUUID(), contextId, taskId: '', role: Role.ROLE_AGENT, parts: [part(text)], metadata: undefined, extensions: [], referenceTaskIds: [], ...ids });
  turns.set(contextId, (turns.get(contextId) ?? 0) + 1);
  if (verb === 'say') {
    bus.publish(AgentEvent.message(message(`${version} ${turns.get(contextId)}`)));
    return bus.finished();
  }

  const status = (state, text) => ({ state, message: text ? message(text, { taskId }) : undefined, timestamp: new Date().toISOString() });
  const tell = (state, text) => bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(state, text), metadata: undefined }));
  const artifact = (text, append, lastChunk) => bus.publish(AgentEvent.artifactUpdate({
    taskId, contextId, append, lastChunk, metadata: undefined,
    artifact: { artifactId: 'text', name: 'text', description: '', parts: [part(text)], metadata: undefined, extensions: [] },
  }));
  bus.publish(AgentEvent.task(task ?? { id: taskId, contextId, status: status(TaskState.TASK_STATE_SUBMITTED), artifacts: [], history: [userMessage], metadata: { version } }));
  tell(TaskState.TASK_STATE_WORKING);
  if (verb === 'ask') tell(TaskState.TASK_STATE_INPUT_REQUIRED, 'Which city?');
  else if (verb === 'fail') tell(TaskState.TASK_STATE_FAILED, 'made to fail');
  else if (verb === 'reject') tell(TaskState.TASK_STATE_REJECTED, 'no');
  else {
    for (const [i, text] of words(20).entries()) {
      artifact(text, i > 0, i === 19);
      if (i === 0 && verb === 'hold' && !(await hold(name, { on: (_, left) => cancels.set(taskId, left) }))) {
        tell(TaskState.TASK_STATE_CANCELED);
        return bus.finished();
      }
    }
    tell(TaskState.TASK_STATE_COMPLETED, version);
  }
  bus.finished();
}

const handler = new DefaultRequestHandler(card('agent'), new InMemoryTaskStore(), { execute, cancelTask: async (taskId) => cancels.get(taskId)?.() });
const options = { requestHandler: handler, userBuilder: UserBuilder.noAuthentication, legacyCompat: { enabled: true } };
const app = express();
// The gateway tells by which name and under which path it was called, so that the card leads back to it.
app.get('/.well-known/agent-card.json', ({ headers }, response) => response.json(card(`${headers['x-forwarded-host'] ?? headers.host}${headers['x-forwarded-prefix'] ?? ''}`)));
app.use('/a2a', jsonRpcHandler(options));
app.use('/rest', restHandler({ ...options, legacyCompat: undefined }));
listenOn(createServer((request, response) => serveHold(request, response) || app(request, response)));
