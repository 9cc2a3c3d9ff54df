// An MCP server with sessions, by the official SDK. It knows only the sessions that it began itself; any other is 404.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ErrorCode, GetPromptRequestSchema, ListPromptsRequestSchema, ListResourcesRequestSchema, ListToolsRequestSchema, McpError, ReadResourceRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { hold, json, listenOn, readJson, serveHold, version, words } from '../shared/agent.mjs';

const sessions = new Map();
const text = (value) => ({ content: [{ type: 'text', text: value }] });

const tools = {
  // Counts in the session, so that the answer shows whether it is the same one.
  count: (_, session) => text(`${version} ${++session.calls}`),
  words: ({ count }) => text(words(count).join('')),
  fails: () => ({ ...text('the tool failed'), isError: true }),
  refuses: () => { throw new McpError(ErrorCode.InvalidParams, 'made to fail'); },
  breaks: () => { throw new Error('made to break'); },
  // Tells its progress, and goes on when a check says so; ends when the caller cancels it.
  hold: async ({ name }, session, extra) => {
    await extra.sendNotification({ method: 'notifications/progress', params: { progressToken: extra._meta.progressToken, progress: 1, total: 2 } });
    const caller = { on: (_, left) => extra.signal.addEventListener('abort', left) };
    return text(await hold(name, caller) ? 'released' : 'cancelled');
  },
  // Asks the user something in the middle of the call.
  ask: async (_, session, extra) => {
    const answer = await session.server.elicitInput({ message: 'Which city?', requestedSchema: { type: 'object', properties: { city: { type: 'string' } } } }, { relatedRequestId: extra.requestId });
    return text(`${answer.action} ${answer.content?.city}`);
  },
  // Tells something on the stream that the client listens to all the time.
  announce: async (_, session) => {
    await session.server.sendToolListChanged();
    return text('announced');
  },
};

function begin() {
  const server = new Server({ name: 'agent', version }, { capabilities: { tools: { listChanged: true }, resources: {}, prompts: {} } });
  const session = { server, calls: 0 };
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => tools[params.name](params.arguments, session, extra));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [{ uri: 'text://version', name: 'version' }] }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({ contents: [{ uri: params.uri, text: version }] }));
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [{ name: 'greet' }] }));
  server.setRequestHandler(GetPromptRequestSchema, () => ({ messages: [{ role: 'user', content: { type: 'text', text: version } }] }));
  session.transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => { sessions.set(id, session); },
    onsessionclosed: (id) => { sessions.delete(id); },
  });
  return session;
}

listenOn(createServer(async (request, response) => {
  if (serveHold(request, response)) return;
  const body = request.method === 'POST' ? await readJson(request) : undefined;
  const id = request.headers['mcp-session-id'];
  let session = sessions.get(id);
  if (!session && id) return json(response, 404, { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null });
  if (!session) {
    session = begin();
    await session.server.connect(session.transport);
  }
  await session.transport.handleRequest(request, response, body);
}));
