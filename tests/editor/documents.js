// Specs that show one member, and the places in them.
"use strict";
const YAML = require("yaml");

const HEAD = { Pool: { apiVersion: "poolkeeper/v1", kind: "Pool" }, Config: { apiVersion: "poolkeeper/v1", kind: "Config" } };

/// "spec.startTask.resourceFiles[].httpUrl" as keys and indexes; `*` is the first name there is.
function steps(path, document) {
  const found = [];
  let at = document;
  for (const word of path.split(".")) {
    const lists = word.split("[]").length - 1;
    const name = word.replaceAll("[]", "");
    for (const step of [name === "*" ? Object.keys(at)[0] : name, ...Array(lists).fill(0)]) {
      found.push(step);
      at = at?.[step];
    }
  }
  return found;
}

function put(document, path, value) {
  const copy = structuredClone(document);
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step];
  at[path.at(-1)] = value;
  return copy;
}

function position(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1).length };
}

/// Where the key of the last step stands.
function keyPosition(text, path) {
  let at = YAML.parseDocument(text).contents;
  let key = null;
  for (const step of path) {
    const pair = typeof step === "number" ? null : at.items.find((item) => item.key.value === step);
    if (pair !== null) key = pair.key;
    at = pair === null ? at.items[step] : pair.value;
  }
  return position(text, key.range[0] + 1);
}

const MARK = "here-is-the-cursor";

/// The document with nothing in place of the value at `path`, and where one would write it.
function withCursor(head, document, path) {
  const text = head + YAML.stringify(put(document, path, MARK), { lineWidth: 0 });
  return { text: text.replace(MARK, ""), position: position(text, text.indexOf(MARK)) };
}

/// The same for a first member in place of an object.
function withCursorInObject(head, document, path) {
  const text = head + YAML.stringify(put(document, path, { [MARK]: null }), { lineWidth: 0 });
  return { text: text.replace(`${MARK}: null`, ""), position: position(text, text.indexOf(MARK)) };
}

const write = (head, document) => head + YAML.stringify(document, { lineWidth: 0 });

module.exports = { HEAD, keyPosition, steps, withCursor, withCursorInObject, write };
