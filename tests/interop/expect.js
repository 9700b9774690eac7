// How the scenarios say that a client parsed something else than it should have, and move the emulator's clock.
"use strict";
const { isDeepStrictEqual, inspect } = require("node:util");
const https = require("node:https");

let count = 0;

function expect(what, found, expected) {
  count += 1;
  if (isDeepStrictEqual(found, expected)) return;
  console.error(`${what}: expected ${inspect(expected)}, found ${inspect(found)}`);
  process.exit(1);
}

/// `call` has to fail with an error of which `codeOf` makes what is compared.
async function expectFailure(what, codeOf, expected, call) {
  const [error, answer] = await call().then((value) => [null, value], (reason) => [reason, null]);
  expect(`${what}: refused, with the answer ${inspect(answer)}`, error !== null, true);
  expect(what, codeOf(error), expected);
}

/// The one item that fits.
function only(what, items, fits) {
  const found = items.filter(fits);
  expect(`${what}: how many fit`, found.length, 1);
  return found[0];
}

/// Moves the clock of the client's emulator, for example by "30s".
function advance(duration) {
  return new Promise((resolve, reject) => {
    const call = https.request(`${process.env.BATCH_ENDPOINT}/_emulator/clock`, { method: "POST" }, (answer) => {
      answer.resume().on("end", () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`the emulator's clock: expected 200, found ${answer.statusCode}`));
      });
    });
    call.on("error", reject).end(JSON.stringify({ advance: duration }));
  });
}

module.exports = { advance, expect, expectFailure, only, summary: () => `${count} expectations met` };
