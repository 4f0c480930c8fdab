/** A question to start from, as the server lists them at /examples.json. */
export interface Example {
  /** The short name of the question's file: "who-answered". */
  name: string;
  /** The question in words. */
  title: string;
  query: string;
  /** A JSON object, as text; left out when the query has no variables. */
  variables?: string;
}

export interface Examples {
  examples: Example[];
  /** Why there are no examples, in words for the visitor. */
  problem?: string;
}

const path = '/examples.json';
const patience = 10_000; // milliseconds; the playground is more use than a perfect list

/** Reads the examples. It never fails: without them the playground still opens, and says why. */
export async function loadExamples(): Promise<Examples> {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(patience) });
    if (!response.ok) {
      return none(`the server answered ${response.status}`);
    }
    const list: unknown = await response.json();
    if (!Array.isArray(list) || !list.every(isExample)) {
      return none('the server answered something other than a list of examples');
    }
    return list.length > 0 ? { examples: list } : none('the list is empty');
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error));
  }
}

function none(reason: string): Examples {
  return { examples: [], problem: `The example questions could not be read from ${path}: ${reason}. Everything else works.` };
}

function isExample(value: unknown): value is Example {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { name, title, query, variables } = value as Record<string, unknown>;
  const texts = [name, title, query].every((text) => typeof text === 'string');
  return texts && (variables === undefined || typeof variables === 'string');
}
