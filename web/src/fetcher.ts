import type { GraphiQLProps } from 'graphiql';

const excerpt = 300; // characters of an answer that is not GraphQL, enough to recognise it

/**
 * Sends an operation to this server. Plain fetch in place of GraphiQL's own
 * fetcher: the API needs neither websockets nor incremental delivery, and an
 * answer from a proxy or a stopped server is shown as it is.
 */
export const fetcher: GraphiQLProps['fetcher'] = async (operation, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json;q=0.9',
      ...options?.headers,
    },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status} ${response.statusText}, without JSON: ${text.slice(0, excerpt)}`);
  }
};
