// Runs the pages' own words and hashes outside of a browser: messages come in as JSON, what is shown
// and hashed goes out.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";

import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

const source = `
  export { digestOf, typedData, TYPES } from "./signing/messages";
  export { describe } from "./signing/describing";
  export { plain, parsed, amount } from "./app/text";
`;
const { outputFiles } = await build({
  stdin: { contents: source, resolveDir: join(ROOT, "dapp/src"), loader: "ts" },
  bundle: true,
  write: false,
  format: "esm",
  nodePaths: [join(ROOT, "node_modules")],
  logLevel: "error",
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const pages = await import(`data:text/javascript;base64,${code}`);

const { messages, around, names } = JSON.parse(await text(process.stdin));
const setting = { ...around, merchants: new Map(Object.entries(around.merchants)) };
console.log(
  JSON.stringify({
    messages: messages.map(told),
    names: names.map((name) => pages.plain(name)),
    kinds: Object.keys(pages.TYPES),
  }),
);

function told({ kind, domain, values }) {
  const types = Object.fromEntries(pages.TYPES[kind]);
  const read = ([name, value]) => [name, types[name] === "uint256" ? BigInt(value) : value];
  const message = { kind, domain, values: Object.fromEntries(Object.entries(values).map(read)) };
  return {
    digest: pages.digestOf(message),
    typedData: pages.typedData(message),
    ...pages.describe(message, setting),
  };
}
