// Asks a running server everything that the specification of GraphQL over HTTP
// demands: node audit.mjs --url http://127.0.0.1:8080/graphql
// Prints one line for each audit that is not passed, and fails if there is one.
import { parseArgs } from 'node:util';

import { auditServer } from 'graphql-http';

const { values } = parseArgs({ options: { url: { type: 'string' }, expect: { type: 'string', default: '61' } } });
if (!values.url) {
  console.error('usage: node audit.mjs --url URL');
  process.exit(2);
}

const results = await auditServer({ url: values.url, fetchFn: fetch });
const failed = results.filter((result) => result.status !== 'ok');
for (const { id, name, reason } of failed) {
  console.error(`${id} ${name}: ${reason}`);
}
console.log(`${results.length - failed.length} of ${results.length} audits passed`);
if (failed.length > 0 || results.length < Number(values.expect)) {
  process.exitCode = 1;
}
