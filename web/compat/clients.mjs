// Builds clients with public tools: relay-compiler over compat/clients, graphql-codegen over the operations that it writes, those
// of compat/clients and docs/queries, and the TypeScript compiler over the types. Each fails where it cannot make code from them. With --url a running server is asked what
// the Relay clients would ask, and has to answer without an error.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse, print, printSchema, visit } from 'graphql';

import { graphqlFiles, publicSchema, root } from './schema.mjs';

const require = createRequire(import.meta.url);
const relay = dirname(require.resolve('relay-compiler/package.json'));
const clients = join(root, 'web', 'compat', 'clients');
const scalars = { EDTF: 'string' };
const schema = printSchema(publicSchema());
const { values } = parseArgs({ options: { url: { type: 'string' } } });

// What the clients' variables may be; those that are not here are left out.
const variables = { id: 'christchurch-call', from: 'christchurch-2019', text: 'christchurch', first: 3, roles: ['SUPPORTER'], knownAt: '2024' };

/** Runs a tool of node_modules; what it prints is shown where it fails. */
function run(script, args, cwd) {
  try {
    return execFileSync(process.execPath, [script, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${basename(script)} refused:\n${error.stdout}${error.stderr}`);
  }
}

/** Compiles the Relay clients; returns their operations as they are sent to the server. */
function compileRelay(dir) {
  cpSync(clients, join(dir, 'src'), { recursive: true, filter: (path) => !path.endsWith('.graphql') });
  mkdirSync(join(dir, 'artifacts'));
  writeFileSync(join(dir, 'schema.graphql'), schema);
  const config = { src: 'src', schema: 'schema.graphql', language: 'typescript', artifactDirectory: 'artifacts', customScalarTypes: scalars };
  writeFileSync(join(dir, 'relay.config.json'), JSON.stringify(config));
  run(join(relay, 'cli.js'), ['relay.config.json'], dir);
  return readdirSync(join(dir, 'artifacts')).flatMap((name) => {
    const [, text] = readFileSync(join(dir, 'artifacts', name), 'utf8').match(/^ *"text": (".*")/m) ?? [];
    return text ? [{ location: name, document: parse(JSON.parse(text)) }] : []; // fragments have none
  });
}

/** The fragments of each operation under names of its own: Relay sends every operation with all that it needs. */
function withOwnFragments({ location, document }, index) {
  const own = (node) => ({ ...node, name: { ...node.name, value: `${node.name.value}_${index}` } });
  return { location, document: visit(document, { FragmentDefinition: own, FragmentSpread: own }) };
}

/** Writes what a plugin of graphql-codegen makes of the schema and some documents. */
async function generate(dir, filename, plugin, documents) {
  const text = await codegen({
    filename,
    schema: parse(schema),
    documents,
    config: { scalars, strictScalars: true },
    plugins: [{ plugin: {} }],
    pluginMap: { plugin },
  });
  writeFileSync(join(dir, filename), text);
}

/** Sends an operation as a Relay client does. */
async function send({ location, document }) {
  const [operation] = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const names = operation.variableDefinitions.map(({ variable }) => variable.name.value);
  const given = Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
  const response = await fetch(values.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables: given }),
  });
  const answer = await response.json();
  if (answer.errors || !answer.data) throw new Error(`${location} is answered ${JSON.stringify(answer)}`);
}

const dir = mkdtempSync(join(tmpdir(), 'entente-clients-'));
try {
  const sent = compileRelay(dir).map(withOwnFragments);
  if (sent.length === 0) throw new Error('relay-compiler wrote no operation that could be sent');
  const files = [...graphqlFiles('docs', 'queries'), ...graphqlFiles('web', 'compat', 'clients')];
  const documents = files.map((file) => ({ location: file, document: parse(readFileSync(file, 'utf8')) }));
  await generate(dir, 'schema.ts', typescript, []);
  await generate(dir, 'relay.ts', operations, sent);
  await generate(dir, 'queries.ts', operations, documents);

  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  run(tsc, ['--noEmit', '--strict', '--types', '', '--module', 'esnext', '--moduleResolution', 'bundler', 'schema.ts', 'relay.ts', 'queries.ts'], dir);
  if (values.url) await Promise.all(sent.map(send));
  console.log(`types of the schema, of ${sent.length} operations of Relay and of ${files.length} other documents compile`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
