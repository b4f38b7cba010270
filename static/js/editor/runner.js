// The Runner panel: runs what is in the editor, saved or not, with a payload, and shows what came of it. Loaded when it
// is first opened.

import "../shared.js";
import { createPayloadEditor } from "../../editor/src/payload.js";
import { alertWith, announceQuietly } from "../announce.js";
import { contentOf } from "../dialog.js";
import { field, find } from "../dom.js";
import { item } from "../elements.js";
import { PAYLOAD, TEST_VALUES } from "../kept.js";
import { cut, failureFrom, requestJson, requestLines } from "../request.js";
import { read, write } from "../storage.js";
import { EarlierPayloads } from "./earlier-payloads.js";
import { consoleLine, facts, outcomeParts } from "./outcome.js";
import { TestValues } from "./test-values.js";

const DRAW_DELAY = 50; // ms in which printed lines are gathered: each by itself would have the page laid out anew

/**
 * How far a run is: its name once it has one, whether it shall stop, has answered, is over, and is to be repeated.
 * @typedef {{ id: string, stopped: boolean, answered: boolean, over: boolean, again: boolean }} Running
 */

/**
 * @typedef {object} Code what is run, as the editor has it
 * @property {string} script
 * @property {Record<string, string>} modules
 * @property {boolean} modified whether it is not what the tenant has
 */

/**
 * Finds the element of the panel that is called so.
 * @typedef {{ (name: string): HTMLElement, <T extends Element>(name: string, Type: import("../dom.js").Type<T>): T }} Part
 */

/**
 * @typedef {object} Options
 * @property {HTMLFormElement} form the editor's, which has the token, the hook's name, its point and the addresses
 * @property {string} sample address of the point's sample payload
 * @property {string} [nonce]
 * @property {import("./side.js").Side} side
 * @property {() => Code} code
 * @property {(line: number, column: number) => void} goTo
 * @property {() => string[]} secretNames of the hook, and those that the script reads
 * @property {(kind: string) => HTMLElement[]} actionsFor what a person can do about a failure
 */

export class RunnerPanel {
  /** @param {Options} options */
  constructor({ form, sample, nonce, side, code, goTo, secretNames, actionsFor }) {
    this.form = form;
    this.sample = sample;
    this.nonce = nonce;
    this.side = side;
    this.code = code;
    this.goTo = goTo;
    this.actionsFor = actionsFor;
    const { tenant, hook, run = "", runs = "", payloads = "" } = form.dataset;
    this.addresses = { run, runs };
    this.token = field(form, "csrfmiddlewaretoken", HTMLInputElement).value;
    this.payloadKey = `${PAYLOAD}${tenant}:${hook}`;
    this.content = contentOf("runner-panel");
    /** The run that goes on. @type {Running | null} */
    this.running = null;
    /** Its text once there is one. @type {ReturnType<typeof createPayloadEditor> | null} */
    this.payload = null;
    /** Once there is: when it has its text. @type {Promise<void> | null} */
    this.ready = null;
    /** Lines of the console that are not on the page yet. @type {HTMLElement[]} */
    this.lines = [];
    /** @type {Part} */
    this.part = (/** @type {string} */ name, Type = HTMLElement) => find(this.content, `[data-runner="${name}"]`, Type);
    const { part, token } = this;
    this.testValues = new TestValues({
      content: this.content,
      part,
      key: `${TEST_VALUES}${tenant}:${hook}`,
      secretNames,
    });
    this.earlier = new EarlierPayloads({
      part,
      address: payloads,
      token,
      textToKeep: () => this.testValues.hideIn(this.#payloadText()),
      onChoose: (text) => this.payload?.setText(text),
      actionsFor,
    });
    this.#start();
  }

  get isOpen() {
    return this.side.name === "Runner";
  }

  /** Show the panel, with the payload of the last visit or the sample. @param {HTMLElement} opener */
  async open(opener) {
    const title = document.createElement("h2");
    title.className = "part-title";
    title.textContent = "Runner";
    this.content.prepend(title);
    this.side.open("Runner", this.content, opener);
    this.testValues.draw();
    this.earlier.load();
    this.ready ??= this.#createPayload();
    await this.ready;
  }

  async #createPayload() {
    this.payload = createPayloadEditor({
      parent: this.part("payload"),
      doc: read("sessionStorage", this.payloadKey) ?? (await this.#sampleText()),
      nonce: this.nonce,
      labelledBy: "runner-payload-label",
      describedBy: "runner-payload-error code-help",
      onChange: () => {
        write("sessionStorage", this.payloadKey, this.#payloadText());
        this.#showPayloadError("");
      },
    });
  }

  /** Run what is in the editor, once the panel is ready. One run at a time. */
  async run() {
    await this.ready;
    if (this.running) {
      // Whoever has seen its answer wants another run, even if the process of this one needs a moment to end.
      this.running.again = this.running.answered;
      return;
    }
    alertWith("");
    const form = this.#order();
    /** @type {Running} */
    const running = { id: "", stopped: false, answered: false, over: false, again: false };
    this.running = running;
    this.#clearOutput("Running …");
    this.part("stop").hidden = false;
    try {
      await requestLines(this.addresses.run, {
        label: "Running the hook",
        form,
        onLine: (event) => this.#take(event, running),
      });
      if (!running.over) {
        // A proxy between may end an answer as if it were complete when the dashboard is gone.
        throw cut();
      }
    } catch (error) {
      const failure = failureFrom(error);
      if (failure.kind === "payload") {
        this.#showPayloadError(failure.message);
        this.payload?.focus();
      }
      this.#failed(failure.message, this.actionsFor(failure.kind));
    } finally {
      this.running = null;
      this.#drawLines();
      const stop = this.part("stop");
      if (document.activeElement === stop) {
        this.part("summary").focus();
      }
      stop.hidden = true;
      this.earlier.load();
      if (running.again) {
        this.run();
      }
    }
  }

  #start() {
    this.part("stop").addEventListener("click", () => this.#stop());
    this.part("reset").addEventListener("click", async () => {
      this.payload?.setText(await this.#sampleText());
      this.payload?.focus();
    });
    // Here Escape, then Tab, leaves the field, as in the code.
    this.part("payload").addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  }

  async #sampleText() {
    const answer = await fetch(this.sample).catch(() => null);
    if (!answer?.ok) {
      alertWith("The sample payload could not be loaded. Try again in a moment.");
      return "{}";
    }
    return (await answer.text()).trimEnd();
  }

  #payloadText() {
    return this.payload?.text() ?? "";
  }

  /** What is sent to be run. */
  #order() {
    const { script, modules, modified } = this.code();
    const form = new FormData();
    for (const name of ["csrfmiddlewaretoken", "name", "trigger", "newline"]) {
      form.set(name, field(this.form, name, HTMLInputElement).value);
    }
    form.set("script", script);
    form.set("modules", JSON.stringify(modules));
    form.set("payload", this.#payloadText());
    form.set("modified", modified ? "1" : "");
    const { stored, values } = this.testValues.secrets();
    form.set("stored", stored ? "1" : "");
    form.set("secrets", JSON.stringify(values));
    return form;
  }

  /** @param {any} event a line of the answer @param {Running} running */
  #take(event, running) {
    /** @type {Record<string, () => void>} */
    const takes = {
      waiting: () => this.#summary("Other runs are in progress. Yours starts when one finishes."),
      started: () => this.#started(event.run, running),
      installing: () => this.#summary(`Installing ${event.modules.join(", ")} …`),
      running: () => {},
      console: () => this.#print(event.lines),
      answer: () => this.#answered(event.outcome, running),
      end: () => this.#ended(event.outcome, running),
      failed: () => this.#failed(event.message),
    };
    running.over = event.event === "end" || event.event === "failed";
    takes[event.event]();
  }

  /** @param {string} id @param {Running} running */
  #started(id, running) {
    running.id = id;
    this.#summary("Running …");
    if (running.stopped) {
      this.#stop();
    }
  }

  /** @param {any} outcome @param {Running} running */
  #answered(outcome, running) {
    running.answered = true;
    this.#outcome(outcome);
    this.part("warnings").append(item("The hook has answered; its process is still running."));
    announceQuietly(outcome.summary);
  }

  /** @param {any} outcome @param {Running} running */
  #ended(outcome, running) {
    this.#outcome(outcome);
    // What was said with the answer is not said again.
    if (!running.answered) {
      announceQuietly(outcome.summary);
    }
  }

  /** @param {string} text @param {HTMLElement[]} [actions] */
  #failed(text, actions = []) {
    this.#summary(text, true, actions);
    announceQuietly(text);
  }

  /** End the run, at once or as soon as it has a name. */
  #stop() {
    const { running } = this;
    if (!running) {
      return;
    }
    running.stopped = true;
    this.#summary("Stopping …");
    if (!running.id) {
      return;
    }
    const form = new FormData();
    form.set("csrfmiddlewaretoken", this.token);
    requestJson(`${this.addresses.runs}${running.id}/stop/`, { label: "Stopping the run", form }).catch((failure) =>
      alertWith(failure.message, this.actionsFor(failure.kind)),
    );
  }

  /** What comes of the run stands below the payload: bring it to where it is seen. */
  #showOutput() {
    if (!this.isOpen) {
      return;
    }
    const { element } = this.side;
    const state = this.part("state");
    if (element.scrollHeight > element.clientHeight) {
      element.scrollTop += state.getBoundingClientRect().top - element.getBoundingClientRect().top;
    } else {
      state.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {string} text */
  #clearOutput(text) {
    this.part("result").replaceChildren();
    this.lines = [];
    this.part("console").replaceChildren();
    this.part("facts").textContent = "";
    this.part("warnings").replaceChildren();
    this.#summary(text);
  }

  /** @param {string} text @param {boolean} [failed] @param {HTMLElement[]} [actions] */
  #summary(text, failed = false, actions = []) {
    const summary = this.part("summary");
    summary.replaceChildren(text, ...actions.flatMap((action) => [" ", action]));
    summary.classList.toggle("run-failed", failed);
  }

  /** @param {{ level: string, text: string }[]} lines */
  #print(lines) {
    if (this.lines.length === 0) {
      setTimeout(() => this.#drawLines(), DRAW_DELAY);
    }
    this.lines.push(...lines.map(({ level, text }) => consoleLine(level, text)));
  }

  #drawLines() {
    if (this.lines.length === 0) {
      return;
    }
    const log = this.part("console");
    const first = log.children.length === 0;
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.append(...this.lines);
    this.lines = [];
    if (first) {
      this.#showOutput();
    }
    if (atEnd) {
      log.scrollTop = log.scrollHeight;
    }
  }

  /** @param {any} outcome */
  #outcome(outcome) {
    const result = this.part("result");
    result.replaceChildren(...outcomeParts(outcome, this.goTo));
    this.#summary(outcome.summary, !outcome.ok);
    this.part("facts").textContent = facts(outcome);
    this.part("warnings").replaceChildren(...outcome.warnings.map(item));
    this.#showOutput();
  }

  /** @param {string} text */
  #showPayloadError(text) {
    const message = this.part("payload-error");
    message.textContent = text;
    message.hidden = !text;
  }
}
