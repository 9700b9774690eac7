// yaml-language-server over its standard input and output, as an editor drives it.
"use strict";
const { spawn } = require("node:child_process");

const PROGRAM = require.resolve("yaml-language-server/bin/yaml-language-server");
const CLIENT = {
  textDocument: { hover: { contentFormat: ["markdown"] }, completion: { completionItem: { documentationFormat: ["markdown"] } } },
};
const SETTINGS = { yaml: { hover: true, completion: true, validate: true, schemas: {}, schemaStore: { enable: false } } };

class LanguageServer {
  #process = spawn(process.execPath, [PROGRAM, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  #received = Buffer.alloc(0);
  #calls = new Map(); // by id: takes the result
  #diagnosed = new Map(); // by URI: takes the diagnostics
  #last = 0;

  constructor() {
    this.#process.stdout.on("data", (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      for (let message = this.#next(); message !== null; message = this.#next()) this.#take(message);
    });
  }

  async start() {
    await this.#call("initialize", { processId: process.pid, rootUri: null, capabilities: CLIENT });
    this.#send({ method: "initialized", params: {} });
    this.#send({ method: "workspace/didChangeConfiguration", params: { settings: SETTINGS } });
  }

  open(uri, text) {
    this.#send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
  }

  /// Opens the text, and resolves to what is wrong with it.
  diagnostics(uri, text) {
    return new Promise((resolve) => {
      this.#diagnosed.set(uri, resolve);
      this.open(uri, text);
    });
  }

  /// Markdown, or "" where nothing is shown. Places are {line, character}, from 0.
  async hover(uri, position) {
    const answer = await this.#call("textDocument/hover", { textDocument: { uri }, position });
    return answer === null ? "" : answer.contents.value;
  }

  /// The labels that are offered.
  async complete(uri, position) {
    const answer = await this.#call("textDocument/completion", { textDocument: { uri }, position });
    return (answer.items ?? answer).map((item) => item.label);
  }

  stop() {
    this.#process.kill();
  }

  #call(method, params) {
    this.#last += 1;
    return new Promise((resolve, reject) => {
      this.#calls.set(this.#last, (answer) => {
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result);
      });
      this.#send({ id: this.#last, method, params });
    });
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /// One message out of what was received, or null.
  #next() {
    const head = this.#received.indexOf("\r\n\r\n");
    if (head < 0) return null;
    const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, head))[1]);
    const end = head + 4 + length;
    if (this.#received.length < end) return null;
    const message = JSON.parse(this.#received.subarray(head + 4, end));
    this.#received = this.#received.subarray(end);
    return message;
  }

  #take(message) {
    if (message.method === "textDocument/publishDiagnostics") {
      this.#diagnosed.get(message.params.uri)?.(message.params.diagnostics);
    } else if (message.method !== undefined && message.id !== undefined) {
      const asked = message.params?.items ?? [];
      this.#send({ id: message.id, result: asked.map(({ section }) => SETTINGS[section] ?? null) });
    } else if (message.id !== undefined) {
      this.#calls.get(message.id)(message);
      this.#calls.delete(message.id);
    }
  }
}

module.exports = { LanguageServer };
