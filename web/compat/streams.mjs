// Asks a running server every example question three times, with the clients that front ends use: by POST, as server-sent
// events (graphql-sse), and over a WebSocket (graphql-ws). The answers have to be the same:
//   node compat/streams.mjs --url http://127.0.0.1:8080/graphql [--key KEY]
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import * as sse from 'graphql-sse';
import * as ws from 'graphql-ws';
import WebSocket from 'ws';

const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' } } });
if (!values.url) {
  console.error('usage: node streams.mjs --url URL [--key KEY]');
  process.exit(2);
}

const headers = values.key ? { Authorization: `Bearer ${values.key}` } : {};

async function post(query) {
  const response = await fetch(values.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** All answers to a query that a client gives. */
async function all(client, query) {
  const answers = [];
  for await (const answer of client.iterate({ query })) answers.push(answer);
  return answers;
}

const events = sse.createClient({ url: values.url, headers, retryAttempts: 0 });
// Like a browser, the client cannot set headers: the key goes into the greeting.
const socket = ws.createClient({
  url: values.url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: headers,
  lazy: false,
  retryAttempts: 0,
  onNonLazyError: (reason) => {
    console.error('the WebSocket was closed:', reason.reason || reason);
    process.exit(1);
  },
});

const folder = new URL('../../docs/queries/', import.meta.url);
const queries = readdirSync(folder).filter((name) => name.endsWith('.graphql')).sort();
const problems = [];
for (const name of queries) {
  const query = readFileSync(new URL(name, folder), 'utf8');
  const want = JSON.stringify([await post(query)]);
  for (const [how, client] of Object.entries({ events, socket })) {
    const got = JSON.stringify(await all(client, query));
    if (got !== want) problems.push(`${name}, ${how}:\n  ${got.slice(0, 500)}\n  want ${want.slice(0, 500)}`);
  }
}

// Side by side on one connection, each answer comes to the question it belongs to.
const ids = ['NZL', 'FRA', 'christchurch-call'];
const together = await Promise.all(ids.map((id) => all(socket, `{ node(id: "${id}") { id } }`)));
if (JSON.stringify(together.map((answers) => answers[0].data.node.id)) !== JSON.stringify(ids)) {
  problems.push(`side by side: ${JSON.stringify(together)}`);
}

// What is wrong with a question comes as its errors, with their codes.
for (const [how, client] of Object.entries({ events, socket })) {
  let code;
  try {
    code = (await all(client, '{ nothing }'))[0].errors[0].extensions.code; // graphql-sse: as an answer
  } catch (errors) {
    code = errors[0]?.extensions?.code; // graphql-ws: as a rejection
  }
  if (code !== 'GRAPHQL_VALIDATION_FAILED') problems.push(`${how}: the code of an invalid question is ${code}`);
}

await socket.dispose();
events.dispose();
problems.forEach((problem) => console.error(problem));
console.log(`${queries.length} questions were asked in three ways`);
if (problems.length > 0) process.exitCode = 1;
