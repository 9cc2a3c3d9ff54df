// An MCP server of the revision without sessions, 2026-07-28, by the official SDK. It knows only the states of requests that it made itself.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { acceptedContent, createMcpHandler, inputRequired, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { hold, listenOn, serveHold, version, words } from '../shared/agent.mjs';

const states = new Set();
const text = (value) => ({ content: [{ type: 'text', text: value }] });

const tools = {
  version: () => text(version),
  words: ({ count }) => text(words(count).join('')),
  fails: () => ({ ...text('the tool failed'), isError: true }),
  refuses: () => { throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'made to fail'); },
  breaks: () => { throw new Error('made to break'); },
  // Tells its progress, and goes on when a check says so; ends when the caller goes away.
  hold: async ({ name }, request) => {
    await request.notify({ method: 'notifications/progress', params: { progressToken: request._meta.progressToken, progress: 1, total: 2 } });
    return text(await hold(name, { on: (_, left) => request.signal.addEventListener('abort', left) }) ? 'released' : 'cancelled');
  },
  // Asks the user something: the caller comes again with the answer and the state.
  ask: (_, request) => {
    const state = request.requestState();
    if (!state) {
      const made = randomUUID();
      states.add(made);
      const city = inputRequired.elicit({ message: 'Which city?', requestedSchema: { type: 'object', properties: { city: { type: 'string' } } } });
      return inputRequired({ inputRequests: { city }, requestState: made });
    }
    if (!states.delete(state)) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'not my state');
    return text(`${version} ${acceptedContent(request.inputResponses, 'city').city}`);
  },
  announce: () => {
    handler.notify.toolsChanged();
    return text('announced');
  },
};

function make() {
  const server = new Server({ name: 'agent', version }, { capabilities: { tools: { listChanged: true } } });
  server.setRequestHandler('tools/list', () => ({ tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) }));
  server.setRequestHandler('tools/call', ({ params }, { mcpReq }) => tools[params.name](params.arguments, mcpReq));
  return server;
}

const handler = createMcpHandler(make, { legacy: 'reject' });

listenOn(createServer(async (request, response) => {
  if (serveHold(request, response)) return;
  const left = new AbortController();
  response.on('close', () => left.abort());
  const parts = [];
  for await (const one of request) parts.push(one);
  const body = request.method === 'POST' ? Buffer.concat(parts) : undefined;
  const answer = await handler.fetch(new Request(`http://${request.headers.host}${request.url}`, { method: request.method, headers: request.headers, body, signal: left.signal }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.flushHeaders();
  if (answer.body) for await (const chunk of answer.body) response.write(chunk);
  response.end();
}));
