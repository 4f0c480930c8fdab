// Compares the public schema with that of the last release, schema/released.graphql.
// A change that breaks clients fails, unless CHANGELOG.md announces it: under "### Breaking"
// of the section "[Unreleased]", naming in backquotes what changed, such as `Query.states(first:)`.
//
//   node compat/diff.mjs [--schema FILE] [--changelog FILE]
//   node compat/diff.mjs --release VERSION    when releasing: makes today's schema the last release's
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, printSchema } from 'graphql';

import { publicSchema, releasedFile, root } from './schema.mjs';

const { values } = parseArgs({
  options: {
    schema: { type: 'string' },
    changelog: { type: 'string', default: join(root, 'CHANGELOG.md') },
    release: { type: 'string' },
  },
});

if (values.release) {
  writeFileSync(releasedFile, `# The public schema of ${values.release}, which compat/diff.mjs compares today's with. Written by it; do not edit.\n\n${printSchema(publicSchema())}\n`);
  process.exit();
}

/** What the changelog announces as breaking and not yet released: everything in backquotes. */
function announced() {
  const [, unreleased = ''] = readFileSync(values.changelog, 'utf8').split(/^## \[Unreleased\].*$/m);
  const [, breaking = ''] = unreleased.split(/^## /m)[0].split(/^### Breaking$/m);
  return new Set([...breaking.split(/^### /m)[0].matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}

/** The schema coordinate of a path as the inspector writes it: `Query.states.first` is `Query.states(first:)`. */
function coordinate(path) {
  const [parent, member, argument] = path.split('.');
  if (parent.startsWith('@')) {
    return member ? `${parent}(${member}:)` : parent;
  }
  if (argument) {
    return `${parent}.${member}(${argument}:)`;
  }
  return member ? `${parent}.${member}` : parent;
}

const today = values.schema ? buildSchema(readFileSync(values.schema, 'utf8')) : publicSchema();
const changes = await diff(buildSchema(readFileSync(releasedFile, 'utf8')), today);
const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
const known = announced();
const silent = breaking.filter(({ path }) => !known.has(coordinate(path)));

console.log(`${changes.length} changes since the last release, ${breaking.length} of them breaking`);
for (const { message, path } of silent) {
  console.error(`\`${coordinate(path)}\`: ${message}. This breaks clients: undo it, or name it under "### Breaking" in CHANGELOG.md, Unreleased.`);
}
if (silent.length > 0) {
  process.exitCode = 1;
}
