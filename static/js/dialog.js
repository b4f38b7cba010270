// Modal dialogs: https://www.w3.org/WAI/ARIA/apg/patterns/dialog-modal/

import { alertWith } from "./announce.js";
import { all, copyOf, find, hit, maybe } from "./dom.js";
import { spriteIcon } from "./elements.js";

const TEXT_FIELDS = "input[type=text], textarea";

/**
 * Show `content` in a dialog that its heading names. The focus goes to what has `autofocus`, else to the first control.
 *
 * Escape and a click beside the dialog cancel it, unless something typed would be lost: then the focus goes to Cancel.
 * While it is open the page's alert stands in it, since nobody perceives what lies behind.
 * @param {HTMLElement} content with one `.part-title`
 * @param {object} [options]
 * @param {HTMLElement} [options.opener] gets the focus back
 * @param {boolean} [options.wide]
 * @param {() => void} [options.onClose] called when it has closed, for whatever reason
 * @returns {{ element: HTMLDialogElement, show: (content: HTMLElement) => void, close: (back?: boolean) => void }}
 */
export function openDialog(content, { opener, wide = false, onClose } = {}) {
  const element = document.createElement("dialog");
  element.className = wide ? "dialog dialog-wide" : "dialog";
  const head = document.createElement("div");
  head.className = "dialog-head";
  const title = document.createElement("h2");
  title.id = "dialog-title";
  const cross = document.createElement("button");
  cross.type = "button";
  cross.className = "button dialog-cross";
  cross.setAttribute("aria-label", "Close");
  cross.append(spriteIcon("close"));
  head.append(title, cross);
  const body = document.createElement("div");
  body.className = "dialog-body";
  element.setAttribute("aria-labelledby", title.id);
  element.append(head, body);

  const alert = maybe(document, "#alert", HTMLElement);
  const place = document.createComment("");
  let back = true;
  // A form that came back with a message holds what was typed as if it had been there at first.
  let refused = false;

  /** @param {HTMLElement} next */
  function show(next) {
    const heading = find(next, ".part-title", HTMLElement);
    title.textContent = heading.textContent;
    heading.remove();
    // What leads back on a page of its own only closes here.
    for (const link of all(next, "a[data-dismiss]", HTMLAnchorElement)) {
      link.replaceWith(dismissButton(link));
    }
    body.replaceChildren(...(alert ? [alert] : []), next);
    if (element.open) {
      refused = true;
      (maybe(next, "[aria-invalid=true]", HTMLElement) ?? maybe(next, "[autofocus]", HTMLElement) ?? cross).focus();
      maybe(next, "input[type=text]:focus", HTMLInputElement)?.select();
    }
  }

  /** What the page says from now on is not lost with the dialog. */
  function giveAlertBack() {
    if (alert && place.isConnected) {
      alertWith("");
      place.replaceWith(alert);
    }
  }

  function cancel() {
    const isWritten = refused ? element.querySelector(TEXT_FIELDS) : hasTyped(element);
    if (isWritten) {
      maybe(element, "[data-dismiss]", HTMLElement)?.focus();
    } else {
      element.close();
    }
  }

  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    cancel();
  });
  element.addEventListener("click", (event) => {
    if (event.target === element) {
      cancel();
    } else if (hit(event, "[data-dismiss], .dialog-cross", HTMLElement)) {
      event.preventDefault();
      element.close();
    }
  });
  element.addEventListener("close", () => {
    giveAlertBack();
    element.remove();
    // The browser itself has given the focus back, unless what had it is gone.
    if (back && document.activeElement === document.body) {
      opener?.focus();
    }
    onClose?.();
  });

  if (alert) {
    alertWith("");
    alert.replaceWith(place);
  }
  show(content);
  document.body.append(element);
  element.showModal();
  maybe(element, "input[type=text]:focus", HTMLInputElement)?.select();
  return {
    element,
    show,
    close(toOpener = true) {
      back = toOpener;
      giveAlertBack();
      element.close();
    },
  };
}

/**
 * A dialog's content that the page keeps in a template.
 * @param {string} id of the `<template>`
 * @returns {HTMLElement}
 */
export function contentOf(id) {
  return copyOf(document, `template#${id}`);
}

/** @param {HTMLAnchorElement} link */
function dismissButton(link) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = link.className;
  element.textContent = link.textContent;
  element.dataset.dismiss = "";
  element.autofocus = link.autofocus;
  return element;
}

/** Whether a text field in `element` holds something else than at first. @param {HTMLElement} element */
function hasTyped(element) {
  const fields = [...all(element, TEXT_FIELDS, HTMLInputElement), ...all(element, TEXT_FIELDS, HTMLTextAreaElement)];
  return fields.some((field) => !field.readOnly && field.value !== field.defaultValue);
}
