// Opens the playground as a visitor would, runs its first example, and reads
// the answer. Any request to another origin, any complaint on the console and
// any violation of the page's content security policy fails it.
//
//   node e2e/playground.mjs --url http://127.0.0.1:8080/ --expect "Christchurch Call" [--screenshot FILE]
//
// Prints what it saw as JSON. CHROMIUM names the browser; without it, chromium
// or chromium-browser is looked for on the PATH.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

const patience = 30_000; // milliseconds for one step, on a busy machine
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What is wrong with the page, as opposed to with this script. */
class Failure extends Error {}

function require(condition, message) {
  if (!condition) {
    throw new Failure(message);
  }
}

function browserPath() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = ['chromium', 'chromium-browser'].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  require(found, 'no browser: install Chromium, or set CHROMIUM to its path');
  return found;
}

/** Opens a fresh visitor's page, and notes whatever it should not do. */
async function visit(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const seen = { requests: 0, outside: [], complaints: [] };
  const own = new URL(url).origin;
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    seen.requests++;
    if (protocol !== 'data:' && origin !== own) {
      seen.outside.push(request.url());
    }
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      const text = message.text().slice(0, 500); // a font in a data: address would fill the screen
      seen.complaints.push(`${message.type()}: ${text} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => seen.complaints.push(`uncaught: ${error.message}`));
  await page.exposeFunction('noteViolation', (text) => seen.complaints.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.noteViolation(`${event.violatedDirective} forbids ${event.blockedURI.slice(0, 200)}`);
    });
  });
  return { context, page, seen };
}

/** Refuses a page that is not under a policy: there, nothing could violate it. */
async function open(page, url) {
  const response = await page.goto(url);
  require(response?.ok(), `${url} answered ${response?.status()}`);
  const policy = response.headers()['content-security-policy'] ?? '';
  require(policy.includes("default-src 'none'"), `${url} has no strict Content-Security-Policy, but "${policy}"`);
  return policy;
}

/** The text of one of the page's editors, the lines that are scrolled away included. */
function editorText(page, name) {
  return page.evaluate((suffix) => {
    const models = globalThis.__MONACO?.editor.getModels() ?? [];
    return models.find((model) => model.uri.path.endsWith(suffix))?.getValue() ?? '';
  }, name);
}

/** The first example is open, in the first tab of as many as there are examples. */
async function checkTabs(page, url) {
  const examples = await (await page.request.get(new URL('/examples.json', url).href)).json();
  require(examples.length > 0, '/examples.json lists no example');
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  const tabs = await page.locator('[id^=graphiql-session-tab-]').allInnerTexts();
  require(tabs.length === examples.length, `${examples.length} examples, but ${tabs.length} tabs: ${tabs.join(', ')}`);
  const active = await page.locator('[role=tab][aria-selected=true]').innerText();
  require(active === tabs[0], `the open tab is "${active}", not the first, "${tabs[0]}"`);
  const query = await editorText(page, 'operation.graphql');
  require(query === examples[0].query, `the first example is not open; the editor holds:\n${query}`);
  return { examples, tabs };
}

/** Runs the open tab with the keyboard, and waits for the expected words in the answer. */
async function run(page, expected) {
  await page.locator('.graphiql-query-editor .view-line').first().click();
  const answered = page.waitForResponse((response) => {
    const request = response.request();
    return request.method() === 'POST' && !(request.postData() ?? '').includes('IntrospectionQuery');
  });
  await page.keyboard.press('Control+Enter');
  const { status, body } = await answered.then(async (r) => ({ status: r.status(), body: await r.text() }));
  require(body.includes(expected), `"${expected}" is not in the answer (status ${status}):\n${body.slice(0, 2000)}`);
  // The pane draws only the lines in sight, its model holds them all: look for something drawn, and for the words anywhere.
  await page.locator('.result-window .view-line', { hasText: /\S/ }).first().waitFor();
  await page.waitForFunction((words) => {
    const models = globalThis.__MONACO.editor.getModels();
    return models.some((model) => model.uri.path.endsWith('response.json') && model.getValue().includes(words));
  }, expected);
  return editorText(page, 'response.json');
}

/** The documentation knows the schema, so introspection was answered. */
async function checkDocs(page) {
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const docs = page.locator('.graphiql-doc-explorer-content');
  const root = docs.getByText('Query', { exact: true });
  const error = page.locator('.graphiql-doc-explorer-error');
  await root.or(error).first().waitFor();
  require(!(await error.isVisible()), 'the documentation cannot read the schema: introspection failed');
  await root.click();
  const fields = docs.locator('.graphiql-doc-explorer-field-name');
  await fields.first().waitFor();
  return fields.count();
}

/** An example whose tab was closed comes back from the list in the sidebar. */
async function checkReopening(page, { examples, tabs }) {
  const last = examples.length - 1;
  const tab = page.locator(`#graphiql-session-tab-${last}`);
  if (last > 0) {
    await tab.click(); // only the open tab shows its closing button
    await page.locator('.graphiql-tab-close').nth(last).click();
    await tab.waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: 'Show Examples' }).click();
  await page.getByRole('button', { name: examples[last].title, exact: true }).click();
  await tab.waitFor();
  require((await tab.innerText()) === tabs[last], `the reopened tab is called "${await tab.innerText()}", not "${tabs[last]}"`);
  require((await editorText(page, 'operation.graphql')) === examples[last].query, 'the reopened tab does not hold its example');
}

/** Without the list of examples, the playground opens all the same and says so. */
async function checkWithoutExamples(browser, url) {
  const { context, page } = await visit(browser, url);
  await page.route('**/examples.json', (route) => route.fulfill({ status: 503, body: 'gone' }));
  await open(page, url);
  const notice = await page.getByRole('status').innerText();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  require(notice.includes('503'), `the notice does not say what failed: "${notice}"`);
  require((await editorText(page, 'operation.graphql')).includes('query'), 'no query opens when the examples are missing');
  await context.close();
  return notice;
}

async function photograph(page, path) {
  if (path) {
    await page.screenshot({ path });
  }
}

async function check(browser, { url, expect, screenshot }) {
  const { context, page, seen } = await visit(browser, url);
  try {
    const policy = await open(page, url);
    const opened = await checkTabs(page, url);
    const answer = await run(page, expect);
    await photograph(page, screenshot);
    const fields = await checkDocs(page);
    await checkReopening(page, opened);
    require(seen.outside.length === 0, `requests to other origins:\n  ${seen.outside.join('\n  ')}`);
    require(seen.complaints.length === 0, 'the console complains:'); // the list is added below
    const notice = await checkWithoutExamples(browser, url);
    return { url, title: await page.title(), policy, tabs: opened.tabs, queryFields: fields, requests: seen.requests, answer, notice };
  } catch (error) {
    error.message += seen.complaints.map((complaint) => `\n  ${complaint}`).join('');
    await photograph(page, screenshot); // what went wrong is worth more than the answer
    throw error;
  } finally {
    await context.close();
  }
}

async function main() {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, expect: { type: 'string' }, screenshot: { type: 'string' } },
  });
  require(values.url && values.expect, 'usage: playground.mjs --url URL --expect TEXT [--screenshot FILE]');
  const browser = await chromium.launch({ executablePath: browserPath(), args: flags });
  try {
    console.log(JSON.stringify(await check(browser, values), null, 2));
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (error) {
  const where = error instanceof Failure ? [] : error.stack.split('\n').filter((line) => line.startsWith('    at '));
  console.error([`playground: ${error.message}`, ...where].join('\n'));
  process.exitCode = 1;
}
