// Checks that a running server keeps to Relay's specifications, for every connection that its introspection shows:
//   node compat/relay.mjs --url http://127.0.0.1:8080/graphql
import { parseArgs } from 'node:util';

import { buildClientSchema, getIntrospectionQuery, isInterfaceType, isObjectType, isRequiredArgument } from 'graphql';

// What to ask of connections that need to be told: each required argument, by the field's coordinate.
const samples = {
  'Query.search': { text: '"christchurch"' },
  'Query.trace': { from: '"christchurch-2019"' },
};
const PAGES = 4; // a list is read in about so many pages

const { values } = parseArgs({ options: { url: { type: 'string' } } });
if (!values.url) {
  console.error('usage: node relay.mjs --url URL');
  process.exit(2);
}

const problems = [];
function check(holds, what) {
  if (!holds) problems.push(what);
}

async function ask(query, variables) {
  const response = await fetch(values.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

async function data(query, variables) {
  const answer = await ask(query, variables);
  if (answer.errors) throw new Error(`${query}\n${JSON.stringify(answer.errors)}`);
  return answer.data;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The connection fields of the output types, each as { parent, field }. */
function connections(schema) {
  return Object.values(schema.getTypeMap())
    .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
    .flatMap((parent) => Object.values(parent.getFields()).map((field) => ({ parent, field })))
    .filter(({ field }) => named(field.type).name.endsWith('Connection'));
}

function named(type) {
  return type.ofType ? named(type.ofType) : type;
}

/** The types of a connection field, as "Relay Cursor Connections" demands. */
function checkShape(schema, { parent, field }) {
  const where = `${parent.name}.${field.name}`;
  const argument = (name) => String(field.args.find((arg) => arg.name === name)?.type);
  for (const name of ['first', 'last']) check(argument(name) === 'Int', `${where}(${name}:) is ${argument(name)}, not Int`);
  for (const name of ['after', 'before']) check(argument(name) === 'String', `${where}(${name}:) is ${argument(name)}, not String`);
  const connection = named(field.type);
  const fieldType = (type, name) => type.getFields?.()[name]?.type;
  check(String(fieldType(connection, 'pageInfo')) === 'PageInfo!', `${connection}.pageInfo is not PageInfo!`);
  const edge = named(fieldType(connection, 'edges') ?? connection);
  check(isObjectType(edge) && /^\[\w+!?\]!?$/.test(String(fieldType(connection, 'edges'))), `${connection}.edges is not a list of objects`);
  check(String(fieldType(edge, 'cursor')) === 'String!', `${edge}.cursor is not String!`);
  const node = fieldType(edge, 'node');
  check(node && !/\[/.test(String(node)) && schema.isSubType(schema.getType('Node'), named(node)), `${edge}.node is not a Node`);
}

/** The types of PageInfo, Node, node and nodes, as "Global Object Identification" demands. */
function checkRoots(schema) {
  const typeOf = (type, field) => String(schema.getType(type)?.getFields()[field]?.type);
  const expected = {
    PageInfo: { hasNextPage: 'Boolean!', hasPreviousPage: 'Boolean!', startCursor: 'String', endCursor: 'String' },
    Node: { id: 'ID!' },
    Query: { node: 'Node', nodes: '[Node]!' },
  };
  for (const [type, fields] of Object.entries(expected)) {
    for (const [field, want] of Object.entries(fields)) check(typeOf(type, field) === want, `${type}.${field} is ${typeOf(type, field)}, not ${want}`);
  }
  const { node, nodes } = schema.getQueryType().getFields();
  const takes = ({ args }) => args.map(({ name, type }) => `${name}: ${type}`).join();
  check(takes(node) === 'id: ID!', `Query.node takes ${takes(node)}, not one id`);
  check(takes(nodes) === 'ids: [ID!]!', `Query.nodes takes ${takes(nodes)}, not a list of ids`);
}

const PAGE = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { __typename id } } nodes { id }';

/** One page; `of` is the id of the node whose connection it is, or undefined for those of Query. */
async function read({ parent, field }, of, paging) {
  const given = { ...samples[`${parent.name}.${field.name}`], ...paging };
  const args = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
  const selection = `${field.name}(${args.join(', ')}) { ${PAGE} }`;
  if (of === undefined) return (await data(`{ ${selection} }`))[field.name];
  return (await data(`query ($id: ID!) { node(id: $id) { ... on ${parent.name} { ${selection} } } }`, { id: of })).node[field.name];
}

/** Follows the cursors of a connection one way to its end; returns its edges in the order of the list. */
async function walk(connection, of, size, whole, forward) {
  const where = `${connection.parent.name}.${connection.field.name} ${forward ? 'forward' : 'backward'}`;
  const [count, from, more, edgeOfPage] = forward ? ['first', 'after', 'hasNextPage', 'endCursor'] : ['last', 'before', 'hasPreviousPage', 'startCursor'];
  let edges = [];
  for (let cursor, page; ; cursor = page.pageInfo[edgeOfPage]) {
    page = await read(connection, of, { [count]: size, ...(cursor && { [from]: JSON.stringify(cursor) }) });
    const { pageInfo } = page;
    check(page.totalCount === whole.totalCount, `${where}: totalCount differs from page to page`);
    check(pageInfo.startCursor === (page.edges[0]?.cursor ?? null), `${where}: startCursor is not the first edge's`);
    check(pageInfo.endCursor === (page.edges.at(-1)?.cursor ?? null), `${where}: endCursor is not the last edge's`);
    check(same(page.nodes.map(({ id }) => id), page.edges.map(({ node }) => node.id)), `${where}: nodes are not those of the edges`);
    edges = forward ? [...edges, ...page.edges] : [...page.edges, ...edges];
    check(pageInfo[more] === edges.length < whole.totalCount, `${where}: ${more} is ${pageInfo[more]} after ${edges.length} of ${whole.totalCount}`);
    check(!pageInfo[more] || page.edges.length === size, `${where}: a page of ${page.edges.length} instead of ${size}, although there are more`);
    if (!pageInfo[more] || page.edges.length === 0 || edges.length > whole.totalCount) return edges;
  }
}

/** Pages both ways give the one list, under cursors that stay the same and say nothing. */
async function checkPaging(connection, of) {
  const where = `${connection.parent.name}.${connection.field.name}`;
  const whole = await read(connection, of, { first: 1000 });
  check(whole.edges.length === whole.totalCount, `${where}: ${whole.edges.length} edges of ${whole.totalCount}`);
  const size = Math.max(1, Math.ceil(whole.totalCount / PAGES));
  check(same(await walk(connection, of, size, whole, true), whole.edges), `${where}: pages forward do not join to the list`);
  check(same(await walk(connection, of, size, whole, false), whole.edges), `${where}: pages backward do not join to the list`);
  const cursors = whole.edges.map(({ cursor }) => cursor);
  check(new Set(cursors).size === cursors.length, `${where}: two edges have the same cursor`);
  for (const { cursor, node } of whole.edges) check(!/^\d*$/.test(cursor) && !cursor.includes(node.id), `${where}: the cursor ${cursor} is not opaque`);
  return whole;
}

/** A page of less than nothing, and one after a cursor that never was, are errors. */
async function checkRefusals({ parent, field }) {
  for (const paging of [{ first: -1 }, { last: -1 }, { first: 1, after: '"nothing"' }]) {
    const args = Object.entries({ ...samples[`${parent.name}.${field.name}`], ...paging }).map(([name, value]) => `${name}: ${value}`);
    const { errors } = await ask(`{ ${field.name}(${args.join(', ')}) { totalCount } }`);
    check(errors, `${parent.name}.${field.name}(${args.join(', ')}) is no error`);
  }
}

/** The node of a kind that has most edges of a field, by its id. */
async function richest({ parent, field }, ids) {
  let best = { id: ids[0], count: -1 };
  const found = await data(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${parent.name} { id ${field.name}(first: 1) { totalCount } } } }`, { ids });
  for (const node of found.nodes) if (node[field.name].totalCount > best.count) best = { id: node.id, count: node[field.name].totalCount };
  return best;
}

/** node(id) is the node that a list showed; nodes(ids) keeps the order, the doubles and the gaps. */
async function checkIdentity(nodes) {
  const all = [...nodes.values()];
  for (const expected of all) {
    const { node } = await data('query ($id: ID!) { node(id: $id) { __typename id } }', { id: expected.id });
    check(same(node, expected), `node(id: "${expected.id}") is ${JSON.stringify(node)}`);
  }
  check(same((await data('{ node(id: "nobody-at-all") { id } }')).node, null), 'node is not null for an id that is not there');
  const wanted = all.reverse().slice(0, 300).flatMap((node) => [node, null, node]);
  const ids = wanted.map((node) => node?.id ?? 'nobody-at-all');
  const found = await data('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids });
  check(same(found.nodes, wanted), 'nodes does not keep the order, the doubles and the gaps of its ids');
}

const schema = buildClientSchema((await ask(getIntrospectionQuery())).data);
checkRoots(schema);
const every = connections(schema);
for (const connection of every) checkShape(schema, connection);

const ofQuery = every.filter(({ parent }) => parent === schema.getQueryType());
const ofKinds = every.filter(({ parent }) => isObjectType(parent) && parent !== schema.getQueryType());
const nodes = new Map();
for (const connection of ofQuery) {
  const coordinate = `Query.${connection.field.name}`;
  const missing = connection.field.args.filter((arg) => isRequiredArgument(arg) && !(arg.name in (samples[coordinate] ?? {})));
  if (missing.length > 0) throw new Error(`${coordinate} needs ${missing.map(({ name }) => name)}: give them in samples`);
  const whole = await checkPaging(connection);
  check(whole.totalCount > 1, `${coordinate}: too little data to page over`);
  await checkRefusals(connection);
  for (const { node } of whole.edges) nodes.set(node.id, node);
}
let paged = 0;
for (const connection of ofKinds) {
  const ids = [...nodes.values()].filter(({ __typename }) => __typename === connection.parent.name).map(({ id }) => id);
  const { id, count } = await richest(connection, ids);
  await checkPaging(connection, id);
  if (count > 1) paged++;
}
await checkIdentity(nodes);

console.log(`${every.length} connection fields: ${ofQuery.length} of Query, ${ofKinds.length} of kinds, ${paged} of these with pages to turn; ${nodes.size} nodes`);
if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'));
  process.exitCode = 1;
}
