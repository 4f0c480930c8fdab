// Lints the public schema by the rules of @graphql-eslint, recommended and Relay.
// Prints what they find, and each exception below that nothing needs any more.
import { relative } from 'node:path';

import graphqlESLint from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';

import { root, schemaFiles } from './schema.mjs';

const { configs, parser } = graphqlESLint;

// Values that are computed for one answer, or belong to the fact that carries them: they cannot be asked for again.
const withoutId = [
  'Cascade', 'CascadeIncident', 'CitationChain', 'DaySpan', 'Evidence', 'Fragility', 'InfluencePath', 'InfluencePaths',
  'InfluenceSpent', 'KindCount', 'Overview', 'PageInfo', 'PathFate', 'PropertyGroup', 'TypeCount', 'WhatIf',
];

const rules = {
  ...configs['flat/schema-recommended'].rules,
  ...configs['flat/schema-relay'].rules,
  // Short descriptions are written in one line, longer ones as blocks; the rule wants one style for all.
  '@graphql-eslint/description-style': 'off',
  // The specification does not forbid other lists: evidence is one, and connections have `nodes` beside `edges`.
  '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
  '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { suffixes: ['Connection', 'Edge'], types: withoutId } }],
};

// What a rule finds and we keep. Each has to be found, or it has to go.
const exceptions = [
  // The relation is named PART_OF; the end it begins at is a Part.
  { rule: 'no-typename-prefix', message: /^Field "partOf" starts with the name of the parent type "Part"/ },
  // The relation is named FIGURE_OF; "of" alone would say nothing in `where`.
  { rule: 'no-typename-prefix', message: /^Field "figureOf" starts with the name of the parent type "Figure"/ },
  // The count of a type of edges: the prefix is the word, not a mark of what sort of definition it is.
  { rule: 'naming-convention', message: /^Type "TypeCount" should not have "Type" prefix/ },
  // Every enum, scalar and interface has its filters and orders, so that a model can use it anywhere without an edit here.
  { rule: 'no-unreachable-types', message: /^Input object type `\w+(Filter|Order)` is unreachable/ },
];

const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.graphql'],
      plugins: { '@graphql-eslint': graphqlESLint },
      languageOptions: { parser, parserOptions: { graphQLConfig: { schema: schemaFiles } } },
      rules,
    },
  ],
});

const problems = [];
const needed = new Set();
for (const { filePath, messages } of await eslint.lintFiles(schemaFiles)) {
  for (const { ruleId, line, message } of messages) {
    const exception = exceptions.find(({ rule, message: kept }) => ruleId === `@graphql-eslint/${rule}` && kept.test(message));
    if (exception) {
      needed.add(exception);
    } else {
      problems.push(`${relative(root, filePath)}:${line}: ${message.split('\n')[0]} (${ruleId})`);
    }
  }
}
for (const { rule, message } of exceptions.filter((exception) => !needed.has(exception))) {
  problems.push(`compat/lint.mjs: ${rule} no longer finds ${message}: take the exception away`);
}

console.log(`${Object.keys(rules).length} rules over ${schemaFiles.length} files: ${problems.length} problems`);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
