// The schemas in an editor: what is shown, offered and underlined. Usage: check.js POOLKEEPER ROOT
"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { HEAD, keyPosition, steps, withCursor, withCursorInObject, write } = require("./documents.js");
const { LanguageServer } = require("./language_server.js");

const [program, root] = process.argv.slice(2);
const schemaOf = (name) => pathToFileURL(path.join(root, "schemas", `${name}.schema.json`));
const headOf = (schema) => `# yaml-language-server: $schema=${schemaOf(schema)}\n`;

const problems = [];
const counts = { hovers: 0, completions: 0, mistakes: 0, files: 0 };

function check(what, holds, found) {
  if (!holds) problems.push(`${what}\n    found: ${JSON.stringify(found)}`);
}

function table(kind) {
  const json = execFileSync(program, ["explain", "--kind", kind, "--recursive", "--format", "json"]);
  return JSON.parse(json).properties.filter((row) => row.path !== "" && row.path !== "spec");
}

let opened = 0;
function nextUri() {
  opened += 1;
  return `file:///editor/${opened}.yaml`;
}

function open(server, text) {
  const uri = nextUri();
  server.open(uri, text);
  return uri;
}

/// Markdown without its escapes.
const plain = (markdown) => markdown.replace(/\\(.)/g, "$1");

/// What a hover has to say of a row beside its description.
function facts(row) {
  const said = [];
  const newest = row.defaults.at(-1);
  if (row.required !== "yes" && row.secret !== "always" && newest !== undefined) said.push("- Default: ");
  for (const cost of row.costs) said.push(`${cost.cost}: ${cost.meaning}`);
  return said;
}

async function checkHover(server, kind, schema, row) {
  const document = { ...HEAD[kind], ...row.example };
  const text = write(headOf(schema), document);
  const uri = open(server, text);
  const shown = plain(await server.hover(uri, keyPosition(text, steps(row.path, document))));
  for (const fact of [row.description, ...facts(row)]) {
    check(`hover over ${row.path} (${kind}): '${fact}'`, shown.includes(fact), shown);
  }
  counts.hovers += 1;
}

async function checkValues(server, row) {
  const document = { ...HEAD.Pool, ...row.example };
  const value = row.type.startsWith("list") ? [...steps(row.path, document), 0] : steps(row.path, document);
  const { text, position } = withCursor(headOf("pool"), document, value);
  const uri = open(server, text);
  const offered = await server.complete(uri, position);
  for (const { value } of row.values) {
    check(`value of ${row.path}: ${value} is offered`, offered.includes(String(value)), offered);
  }
  counts.completions += 1;
}

async function checkMembers(server, object, rows) {
  const document = { ...HEAD.Pool, ...(object.example ?? { spec: {} }) };
  const { text, position } = withCursorInObject(headOf("pool"), document, steps(object.path, document));
  const uri = open(server, text);
  const offered = await server.complete(uri, position);
  for (const row of rows) {
    const name = row.path.split(".").at(-1);
    check(`members of ${object.path}: ${name} is offered`, offered.includes(name), offered);
  }
  counts.completions += 1;
}

const POOL = `apiVersion: poolkeeper/v1
kind: Pool
metadata: {name: render}
spec:
  vmSize: standard_d2s_v3
  virtualMachineConfiguration:
    imageReference: {publisher: canonical, offer: ubuntu-24_04-lts, sku: server}
`;
const MISTAKES = [
  // [what is wrong, text, line from 1, what the editor says]
  ["a member that does not exist", `${POOL}  targetDedicatedNode: 2\n`, 8, /targetDedicatedNode is not allowed/],
  ["a value of another type", `${POOL}  targetDedicatedNodes: many\n`, 8, /Expected one of integer, null/],
  ["a value out of bounds", `${POOL}  taskSlotsPerNode: 257\n`, 8, /maximum of 256/],
  ["a value that is none of the list", `${POOL}  taskSchedulingPolicy: {nodeFillType: full}\n`, 8, /"?spread"?.*"?pack"?/],
  ["a member that is missing", `${POOL}  startTask: {waitForSuccess: true}\n`, 8, /Missing property "commandLine"/],
  ["a text that does not fit its pattern", POOL.replace("render", "my pool"), 3, /does not match the pattern/],
  ["a secret that is written", `${POOL}  userAccounts: [{name: render, password: hunter2}]\n`, 8, /Expected "secretRef"/],
  ["two styles of image", POOL.replace("{publisher: canonical", '{virtualMachineImageId: "/x", publisher: canonical'), 7, /./],
  ["another version of the format", POOL.replace("poolkeeper/v1", "poolkeeper/v0"), 1, /"poolkeeper\/v1"/],
];

async function checkMistake(server, [what, text, line, says]) {
  const diagnostics = await server.diagnostics(nextUri(), headOf("pool") + text);
  const there = diagnostics.filter(({ range, message }) => range.start.line === line && says.test(message));
  check(`${what} is underlined in line ${line}`, there.length > 0, diagnostics);
  counts.mistakes += 1;
}

async function checkFile(server, file) {
  const diagnostics = await server.diagnostics(pathToFileURL(file).href, fs.readFileSync(file, "utf8"));
  check(`${path.relative(root, file)} is without mistakes`, diagnostics.length === 0, diagnostics);
  counts.files += 1;
}

async function main() {
  const server = new LanguageServer();
  await server.start();
  const rows = table("Pool");
  for (const row of rows) await checkHover(server, "Pool", "pool", row);
  for (const row of table("Config")) await checkHover(server, "Config", "config", row);
  for (const row of rows.filter(({ values }) => values.length > 0)) await checkValues(server, row);
  for (const object of [{ path: "spec" }, ...rows.filter(({ type }) => type === "object")]) {
    const below = rows.filter((row) => row.path.startsWith(`${object.path}.`) && !row.path.slice(object.path.length + 1).includes("."));
    if (below.length > 0) await checkMembers(server, object, below);
  }
  for (const mistake of MISTAKES) await checkMistake(server, mistake);
  const specs = fs.readdirSync(path.join(root, "specs"), { recursive: true }).filter((name) => /\.ya?ml$/.test(name));
  for (const name of specs) await checkFile(server, path.join(root, "specs", name));
  server.stop();
  for (const problem of problems) console.error(problem);
  console.log(`${counts.hovers} hovers, ${counts.completions} completions, ${counts.mistakes} mistakes, ${counts.files} files: ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
