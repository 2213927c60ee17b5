// tests/scenario/tap.mjs: checks of a program in JavaScript, as TAP for harness.py's node(): what failed is followed by why.
let count = 0;

export function check(condition, name, detail = "") {
  console.log(`${condition ? "ok" : "not ok"} ${++count} - ${name}`);
  if (!condition) console.log(`# ${JSON.stringify(detail)}`);
}

export function equal(got, want, name) {
  check(JSON.stringify(got) === JSON.stringify(want), name, { got, want });
}

// The call must fail with AWS's `code`, with this message where one is given, and with this status; gives the error.
export async function refused(name, code, promise, { message, status } = {}) {
  try {
    check(false, name, await promise);
  } catch (error) {
    const http = error.$metadata?.httpStatusCode;
    check(error.name === code && [undefined, error.message].includes(message) && [undefined, http].includes(status), name,
      { name: error.name, message: error.message, http });
    return error;
  }
}

export function end() {
  console.log(`1..${count}`);
}
