// Builds the playground into a temporary folder and compares it with dist/,
// which is committed: what the program embeds is what the sources say.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const megabyte = 1e6;
const limit = { raw: 12 * megabyte, gzipped: 2.5 * megabyte };

/** Reads a folder as a map from relative path to bytes. */
async function read(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.sort().map(async (file) => [relative(folder, file), await readFile(file)])));
}

/** Says how two folders differ, one line per file. */
function differences(committed, built) {
  const missing = [...built.keys()].filter((name) => !committed.has(name)).map((name) => `missing:   ${name}`);
  const extra = [...committed.keys()].filter((name) => !built.has(name)).map((name) => `left over: ${name}`);
  const changed = [...built].filter(([name, bytes]) => committed.has(name) && !bytes.equals(committed.get(name)));
  return [...missing, ...extra, ...changed.map(([name]) => `different: ${name}`)];
}

function sizes(files) {
  const all = [...files.values()];
  return {
    raw: all.reduce((sum, bytes) => sum + bytes.length, 0),
    gzipped: all.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0),
  };
}

async function check() {
  const outDir = await mkdtemp(join(tmpdir(), 'entente-web-'));
  try {
    await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
    const [committed, built] = await Promise.all([read(join(root, 'dist')), read(outDir)]);
    const size = sizes(built);
    const problems = differences(committed, built);
    for (const [kind, most] of Object.entries(limit)) {
      if (size[kind] > most) {
        problems.push(`too large: ${size[kind]} bytes ${kind}, the limit is ${most}`);
      }
    }
    return { files: built.size, size, problems };
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

const { files, size, problems } = await check();
if (problems.length > 0) {
  console.error(`web/dist is not what web/src builds:\n  ${problems.join('\n  ')}\nRun "npm run build" in web/ and commit dist.`);
  process.exitCode = 1;
} else {
  console.log(`web/dist is up to date: ${files} files, ${size.raw} bytes, ${size.gzipped} gzipped`);
}
