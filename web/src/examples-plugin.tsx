import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

import type { Example, Examples } from './examples';

/** Makes the sidebar's list of examples, from which each can be opened again. */
export function examplesPlugin({ examples, problem }: Examples): GraphiQLPlugin {
  return {
    title: 'Examples',
    icon: QuestionIcon,
    content: () => <ExamplesPane examples={examples} problem={problem ?? ''} />,
  };
}

function ExamplesPane({ examples, problem }: { examples: Example[]; problem: string }) {
  const open = useOpenExample();
  return (
    <section aria-label="Examples">
      <h2 className="entente-examples-title">Examples</h2>
      <p>{problem || 'Questions to start from. Each opens in a tab; the arrow button or Ctrl+Enter runs it.'}</p>
      <ol className="entente-examples">
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" onClick={() => open(example)}>
              {example.title}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Opens an example: in the tab that shows it unchanged, or else in a new one. */
function useOpenExample(): (example: Example) => void {
  const { addTab, changeTab, updateActiveTabValues } = useGraphiQLActions();
  const { tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL((state) => ({
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  return ({ query, variables = '' }) => {
    const shown = tabs.findIndex((tab) => tab.query === query);
    if (shown >= 0) {
      if (shown !== activeTabIndex) {
        changeTab(shown);
      }
      return;
    }
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    // The editors report their text a moment later; the tab's title should not wait for it.
    updateActiveTabValues({ query, variables });
  };
}

function QuestionIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 4h16v12H11l-5 4v-4H4z" strokeLinejoin="round" />
      <path d="M9.8 8.4a2.2 2.2 0 1 1 3.2 2c-.7.3-1 .7-1 1.4M12 13.6v.2" strokeLinecap="round" />
    </svg>
  );
}
