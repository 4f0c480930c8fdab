import type { GraphiQLProps } from 'graphiql';

const prefix = 'entente:';

/**
 * The browser's storage under a prefix of our own. A local port is shared by
 * whatever a developer runs there, and every GraphiQL uses the same keys:
 * without the prefix, another program's tabs would open here.
 */
export const storage: NonNullable<GraphiQLProps['storage']> = {
  getItem: (key) => localStorage.getItem(prefix + key),
  setItem: (key, value) => localStorage.setItem(prefix + key, value),
  removeItem: (key) => localStorage.removeItem(prefix + key),
  clear: () => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return ownKeys().length;
  },
};

function ownKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

/** Whether this browser keeps tabs from an earlier visit. */
export function isFirstVisit(): boolean {
  return storage.getItem('graphiql:tabState') === null;
}
