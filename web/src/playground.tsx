import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';

import type { Example, Examples } from './examples';
import { examplesPlugin } from './examples-plugin';
import { fetcher } from './fetcher';
import { isFirstVisit, storage } from './storage';

/** What opens without examples: it works whatever the model holds. */
const fallback: Example = {
  name: 'questions',
  title: 'Which questions does this server answer?',
  query: `# Which questions does this server answer?
# Ctrl+Enter runs this, Ctrl+Space suggests what can be written at the cursor.
query Questions {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}
`,
};

/** The page: GraphiQL with the schema's documentation, the explorer and the examples. */
export function Playground({ examples, problem }: Examples) {
  // GraphiQL compares plugins by identity, so they are made once: this component has no state and renders once.
  const list = examplesPlugin(problem === undefined ? { examples } : { examples, problem });
  const tabs = examples.length > 0 ? examples : [fallback];
  return (
    <>
      {problem && (
        <p className="entente-notice" role="status">
          {problem}
        </p>
      )}
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        plugins={[list, explorerPlugin(), HISTORY_PLUGIN]}
        defaultTabs={tabs.map(({ query, variables }) => ({ query, variables: variables ?? null }))}
        {...(isFirstVisit() && welcome(tabs[0]?.variables ?? ''))}
      >
        <GraphiQL.Logo>
          <h1 className="entente-title">Entente</h1>
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );

  /** For a first visit only: the list is open, and the first tab's variables are in their editor (GraphiQL reads the other tabs' itself). */
  function welcome(initialVariables: string) {
    return { visiblePlugin: list, ...(initialVariables && { initialVariables }) };
  }
}
