// The Solidity compiler of npm behind the command line of the native one.
//
// Where the compiler's own download site is out of reach, tools/setup.py puts a launcher for this
// file in place of the native binary. py-solc-x, Brownie and Slither ask for two things only:
// `--version`, which the launcher answers itself, and `--standard-json`, answered here. Source
// files that the input leaves out are read from disk, as the native compiler does.

"use strict";

const fs = require("fs");
const path = require("path");
const solc = require("../node_modules/solc");

// Options with a value: all that matters of them is where imports may be found.
const FOLDER_OPTIONS = new Set(["--base-path", "--include-path"]);
const IGNORED_OPTIONS = new Set(["--allow-paths"]);

function parse(words) {
  const parsed = { standardJson: false, file: null, folders: [process.cwd()] };
  for (let i = 0; i < words.length; i++) {
    const [option, inline] = words[i].split(/=(.*)/s);
    const value = () => inline ?? words[++i];
    if (option === "--standard-json") parsed.standardJson = true;
    else if (FOLDER_OPTIONS.has(option)) parsed.folders.push(path.resolve(value()));
    else if (IGNORED_OPTIONS.has(option)) value();
    else if (option.startsWith("-") && option !== "-") fail(`unrecognised option '${option}'`);
    else parsed.file = option === "-" ? null : option;
  }
  if (!parsed.standardJson) fail("this stand-in for solc answers --version and --standard-json");
  return parsed;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function reader(folders) {
  return (name) => {
    for (const folder of folders) {
      const file = path.resolve(folder, name);
      if (fs.existsSync(file)) return { contents: fs.readFileSync(file, "utf8") };
    }
    return { error: `File not found: ${name}` };
  };
}

const options = parse(process.argv.slice(2));
const input = fs.readFileSync(options.file ?? 0, "utf8");
// No process.exit() afterwards: it would cut the answer at the size of the pipe.
process.stdout.write(solc.compile(input, { import: reader(options.folders) }));
