// What every sample agent needs: a port, JSON, server-sent events, and answers that wait until a check lets them go on.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

export const { version } = parseArgs({ options: { version: { type: 'string', default: 'v1.0.0' } } }).values;

// Held answers by name: { state: 'held' | 'released' | 'closed', release() }.
const holds = new Map();

/** Waits in the middle of an answer until a check releases it. Resolves to false when the caller left first. */
export function hold(name, response) {
  return new Promise((resolve) => {
    const entry = { state: 'held', release: () => end('released') };
    const end = (state) => {
      if (entry.state !== 'held') return;
      entry.state = state;
      resolve(state === 'released');
    };
    response.on('close', () => end('closed'));
    holds.set(name, entry);
  });
}

/** Serves the paths of checks: POST /holds/NAME lets an answer go on, GET tells its state. */
export function serveHold(request, response) {
  const name = /^\/holds\/([\w-]+)$/.exec(request.url)?.[1];
  if (!name) return false;
  const entry = holds.get(name);
  if (request.method === 'POST') entry?.release();
  json(response, 200, { state: entry?.state ?? 'unknown' });
  return true;
}

export function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text ? JSON.parse(text) : {};
}

export function events(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  return (data, event) => response.write(`${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

/** The same words from both versions, with characters of several bytes, so that an answer can be compared to the letter. */
export const words = (count) => Array.from({ length: count }, (_, i) => `wörd-${i}✓ `);

/** Listens on a free port of loopback and prints where. */
export function listen(handle) {
  const server = createServer((request, response) => {
    if (serveHold(request, response)) return;
    Promise.resolve(handle(request, response)).catch((fault) => {
      console.error(fault);
      response.destroy();
    });
  });
  listenOn(server);
}

export function listenOn(server) {
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => console.log(`listens on http://127.0.0.1:${server.address().port}`));
}
