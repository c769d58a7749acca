// Builds the pages (wallet, till, console) into the Python package:
//
//     .venv/bin/node dapp/build.mjs
//
// What browsers load first stays under a budget, or the build fails. `--types` stops after writing
// what `tsc` needs to read.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { COMMON, ISSUING, REFUSALS } from "./abis.mjs";
import { icon } from "./icon.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const ARTIFACTS = join(ROOT, "src/zegel/chain/artifacts");
const STATIC = join(ROOT, "src/zegel/pages/static");
const GENERATED = join(ROOT, "build/dapp");
const [ABI, ISSUING_ABI] = ["abi.ts", "issuing.ts"].map((name) => join(GENERATED, name));

// Bytes of script, compressed, that a page loads before it shows anything.
const BUDGETS = { wallet: 80_000, till: 60_000, console: 90_000 };

const DOORS = {
  wallet: { file: "index.html", title: "Zegel" },
  till: { file: "till.html", title: "Zegel · till" },
  console: { file: "console.html", title: "Zegel · console" },
};

const ICONS = [
  { file: "icon-192.png", size: 192, inset: 0 },
  { file: "icon-512.png", size: 512, inset: 0 },
  { file: "icon-maskable-512.png", size: 512, inset: 0.12 },
  { file: "apple-touch-icon.png", size: 180, inset: 0.06 },
];

// viem follows contracts that send it to web addresses (ERC-3668). Ours never do, and pages that ask
// nobody else shall not either; without it, viem is a third smaller.
const NO_LOOKUPS = {
  name: "no-lookups",
  setup(part) {
    part.onLoad({ filter: /viem\/_esm\/utils\/ccip\.js$/ }, () => ({
      contents: [
        'export const offchainLookupSignature = "0x556f1830";',
        "export const offchainLookupAbiItem = null;",
        "export const offchainLookup = null;",
        "export const ccipRequest = null;",
      ].join("\n"),
    }));
  },
};

const SHARED = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: "es2022",
  alias: { "@abi": ABI, "@issuing": ISSUING_ABI },
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [NO_LOOKUPS],
  nodePaths: [join(ROOT, "node_modules")],
  logLevel: "warning",
};

await writeAbis();
if (!process.argv.includes("--types")) await buildPages();

// The fragments that the pages use, and no more, as constants that have types.
async function writeAbis() {
  await mkdir(GENERATED, { recursive: true });
  await writeFile(ABI, (await fragments(COMMON)).join("\n"));
  const why = constant("REFUSALS", await refusals());
  await writeFile(ISSUING_ABI, [...(await fragments(ISSUING)), why].join("\n"));
}

async function fragments(wanted) {
  const parts = [];
  for (const [name, { artifact, names }] of Object.entries(wanted)) {
    const abi = await abiOf(artifact);
    const found = abi.filter(({ name }) => names.includes(name));
    const missing = names.filter((name) => !found.some((part) => part.name === name));
    if (missing.length > 0) throw new Error(`${artifact} has no ${missing.join(", ")}`);
    parts.push(constant(name, found.map(lean)));
  }
  return parts;
}

function constant(name, value) {
  return `export const ${name} = ${JSON.stringify(value)} as const;\n`;
}

async function abiOf(artifact) {
  const { abi } = JSON.parse(await readFile(join(ARTIFACTS, `${artifact}.json`), "utf8"));
  return abi;
}

async function refusals() {
  const abis = await Promise.all(REFUSALS.map(abiOf));
  const errors = abis.flat().filter(({ type }) => type === "error");
  return [...new Map(errors.map((error) => [error.name, lean(error)])).values()];
}

// Without what only compilers read.
function lean(part) {
  if (Array.isArray(part)) return part.map(lean);
  if (part === null || typeof part !== "object") return part;
  const kept = Object.entries(part).filter(([name]) => name !== "internalType");
  return Object.fromEntries(kept.map(([name, value]) => [name, lean(value)]));
}

async function buildPages() {
  await rm(STATIC, { recursive: true, force: true });
  const { metafile } = await build({
    ...SHARED,
    entryPoints: {
      ...Object.fromEntries(Object.keys(DOORS).map((door) => [door, entryOf(door)])),
      style: join(HERE, "src/design/style.css"),
    },
    outdir: join(STATIC, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    format: "esm",
    splitting: true,
    metafile: true,
  });
  const files = fileTable(metafile);
  const assets = Object.keys(metafile.outputs).map(nameOf);
  for (const [door, { file, title }] of Object.entries(DOORS)) {
    await writeFile(join(STATIC, file), page(door, title, files));
  }
  await writeFile(join(STATIC, "manifest.webmanifest"), JSON.stringify(manifest(), null, 2));
  for (const { file, size, inset } of ICONS) {
    await writeFile(join(STATIC, file), icon(size, inset));
  }
  await writeFile(join(STATIC, "icon.svg"), await readFile(join(HERE, "icon.svg")));
  await buildWorker(assets);
  await report(metafile, files);
}

function entryOf(door) {
  return join(HERE, `src/${door}/main.tsx`);
}

function nameOf(path) {
  return path.slice(path.indexOf("assets/"));
}

// Which file each entry became.
function fileTable(metafile) {
  const table = {};
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    for (const door of Object.keys(DOORS)) {
      if (entryPoint?.endsWith(`${door}/main.tsx`)) table[door] = path;
    }
    if (entryPoint?.endsWith("style.css")) table.style = path;
  }
  return table;
}

// What a page needs at once: the entry, and all that it imports without waiting.
function closure(metafile, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { kind, path: next } of metafile.outputs[path].imports) {
    if (kind === "import-statement") closure(metafile, next, found);
  }
  return found;
}

function page(door, title, files) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f6f3ec" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#121411" media="(prefers-color-scheme: dark)">
<meta name="description" content="Loyalty points of every program, in one place.">
<title>${title}</title>
<link rel="stylesheet" href="/${nameOf(files.style)}">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/apple-touch-icon.png">
<link rel="manifest" href="/manifest.webmanifest">
<script type="module" src="/${nameOf(files[door])}"></script>
</head>
<body>
<div id="app"></div>
<noscript>Zegel needs JavaScript: your keys never leave this device, so it has to sign here.</noscript>
</body>
</html>
`;
}

function manifest() {
  return {
    id: "/",
    name: "Zegel",
    short_name: "Zegel",
    description: "Loyalty points of every program, in one place.",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#f6f3ec",
    theme_color: "#14503f",
    icons: [
      { src: "/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
    ],
    shortcuts: [
      { name: "Pay", url: "/#/pay" },
      { name: "Receive", url: "/#/receive" },
    ],
  };
}

// The service worker stands at the root, for a worker rules over the folder that it comes from.
async function buildWorker(assets) {
  const doors = Object.values(DOORS).map(({ file }) => file);
  const kept = [...doors, ...assets, "manifest.webmanifest", "icon.svg", "icon-192.png"];
  const digest = createHash("sha256");
  for (const name of kept) digest.update(await readFile(join(STATIC, name)));
  await build({
    ...SHARED,
    entryPoints: [join(HERE, "src/worker/sw.ts")],
    outfile: join(STATIC, "sw.js"),
    format: "iife",
    define: {
      KEPT: JSON.stringify(kept),
      VERSION: JSON.stringify(digest.digest("hex").slice(0, 12)),
    },
  });
}

async function report(metafile, files) {
  let failed = false;
  for (const [door, budget] of Object.entries(BUDGETS)) {
    const scripts = [...closure(metafile, files[door])];
    const size = await compressed(scripts);
    failed ||= size > budget;
    const words = size > budget ? "ABOVE ITS BUDGET OF" : "of at most";
    console.log(`${door.padEnd(8)} ${kilo(size)} kB of script ${words} ${kilo(budget)}`);
  }
  const lazy = Object.keys(metafile.outputs).filter((path) => path.endsWith(".js"));
  console.log(`${"all".padEnd(8)} ${kilo(await compressed(lazy))} kB of script`);
  console.log(`${"style".padEnd(8)} ${kilo(await compressed([files.style]))} kB`);
  if (failed) {
    console.error("error: a page loads too much at once: import what it needs later with import()");
    process.exitCode = 1;
  }
}

async function compressed(paths) {
  let size = 0;
  for (const path of paths) {
    size += gzipSync(await readFile(join(STATIC, nameOf(path))), { level: 9 }).length;
  }
  return size;
}

function kilo(bytes) {
  return (bytes / 1000).toFixed(1).padStart(6);
}
