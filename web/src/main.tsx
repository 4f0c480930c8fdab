// The workers must be set up before anything loads Monaco, so this import stays first.
import 'graphiql/setup-workers/vite';

import { createRoot } from 'react-dom/client';

import { loadExamples } from './examples';
import { Playground } from './playground';

import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';

const root = document.getElementById('root');
if (!root) {
  throw new Error('index.html has no element with the id "root"');
}
createRoot(root).render(<Playground {...await loadExamples()} />);
