// The public schema: schema/generated.graphql and schema/api, merged.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSchema } from 'graphql';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const releasedFile = join(root, 'schema', 'released.graphql');

/** All files of a folder of the repository that hold GraphQL, in order of their names. */
export function graphqlFiles(...folder) {
  const dir = join(root, ...folder);
  return readdirSync(dir)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => join(dir, name));
}

/** The files that the server is made from, as gqlgen.yml names them. */
export const schemaFiles = [join(root, 'schema', 'generated.graphql'), ...graphqlFiles('schema', 'api')];

export function publicSchema() {
  return buildSchema(schemaFiles.map((file) => readFileSync(file, 'utf8')).join('\n'));
}
