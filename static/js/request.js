// Asking the dashboard from a page: for another page, which is taken apart here, or for an answer in JSON.
import { during } from "./progress.js";

/**
 * Why there is no usable answer, in a sentence for people; `kind` is the word that callers act on.
 * @typedef {object} Failure
 * @property {string} kind
 * @property {string} message
 * @property {Record<string, string>} [errors] by field, where the answer has them
 * @property {any} [theirs] the tenant's version of a hook, where that is why
 */

/** What was thrown while something was asked for. @param {unknown} error @returns {Failure} */
export function failureFrom(error) {
  return /** @type {Failure} */ (error);
}

/**
 * @typedef {object} Page
 * @property {Document} document the page, parsed, whatever its status
 * @property {number} status
 */

/**
 * Fetch a page, or send a form and fetch the page that answers, redirects followed. What it holds is ours and may be
 * moved into the present page: this is the one way to markup that needs no policy for trusted types.
 * @param {string} address
 * @param {object} options
 * @param {string} options.label what is being done, for the progress bar
 * @param {FormData} [options.form] sent as a form by POST
 * @returns {Promise<Page>} rejects with a Failure
 */
export function requestPage(address, { label, form }) {
  const answered = new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(form ? "POST" : "GET", address);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    request.onload = () =>
      request.response
        ? resolve({ document: request.response, status: request.status })
        : reject({ kind: "odd", message: odd(request.status) });
    request.onerror = () => reject(unreachable());
    request.send(form ? parametersOf(form) : null);
  });
  return during(label, answered);
}

/**
 * Send a form and get the answer's JSON.
 * @param {string} address
 * @param {object} options
 * @param {string} options.label what is being done, for the progress bar
 * @param {FormData} options.form sent by POST
 * @returns {Promise<any>} rejects with a Failure, or with what else the answer says of its error
 */
export async function requestJson(address, { label, form }) {
  let response;
  try {
    const sent = fetch(address, { method: "POST", body: form, headers: { Accept: "application/json" } });
    response = await during(label, sent);
  } catch {
    throw unreachable();
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) {
    return answer;
  }
  throw { kind: "odd", message: odd(response.status), ...answer, ...answer?.error };
}

/**
 * Send a form and get the lines of JSON that the answer has, as they come. A line that is an error is thrown.
 * @param {string} address
 * @param {object} options
 * @param {string} options.label what is being done, for the progress bar
 * @param {FormData} options.form sent by POST
 * @param {(line: any) => void} options.onLine
 * @returns {Promise<void>} resolves at the end; rejects with a Failure
 */
export function requestLines(address, { label, form, onLine }) {
  return during(label, takeLines(address, form, onLine));
}

/** The fields of a form without files. @param {FormData} form */
export function parametersOf(form) {
  return new URLSearchParams([...form].map(([name, value]) => [name, String(value)]));
}

/** @param {string} address @param {FormData} form @param {(line: any) => void} onLine */
async function takeLines(address, form, onLine) {
  const headers = { Accept: "application/json" };
  const response = await fetch(address, { method: "POST", body: form, headers }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) {
    const answer = await response.json().catch(() => null);
    throw { kind: "odd", message: odd(response.status), ...answer?.error };
  }
  if (!response.body) {
    throw cut();
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw cut();
    });
    if (done) {
      return;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.map((text) => JSON.parse(text))) {
      if (line.error) {
        throw line.error;
      }
      onLine(line);
    }
  }
}

/** The answer ended before it was complete. @returns {Failure} */
export function cut() {
  return { kind: "cut", message: "The connection was lost during the run. What you typed is still here." };
}

/** @returns {Failure} */
function unreachable() {
  return {
    kind: "offline",
    message: navigator.onLine
      ? "The dashboard cannot be reached. What you typed is still here. Try again in a moment."
      : "This browser is offline. What you type is kept here. Save when you are connected again.",
  };
}

/** @param {number} status */
function odd(status) {
  return `The dashboard gave an answer we cannot use (${status}). What you typed is still here. Try again.`;
}
