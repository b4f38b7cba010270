// Finding things on a page, with their types: what must be there is there, or an error names it.

/**
 * @template {Element} T
 * @typedef {{ new (): T, prototype: T }} Type a class of elements, such as HTMLInputElement
 */

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {Type<T>} Type
 * @returns {T}
 * @throws {Error} where there is none in `root`, or one of another type
 */
export function find(root, selector, Type) {
  const found = root.querySelector(selector);
  if (found instanceof Type) {
    return found;
  }
  throw new Error(`${selector} is ${found ? "no" : "missing, a"} ${Type.name}`);
}

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {Type<T>} Type
 * @returns {T | null} null where there is none; one of another type is an error all the same
 */
export function maybe(root, selector, Type) {
  return root.querySelector(selector) ? find(root, selector, Type) : null;
}

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {Type<T>} Type
 * @returns {T[]} those of this type
 */
export function all(root, selector, Type) {
  return /** @type {T[]} */ ([...root.querySelectorAll(selector)].filter((found) => found instanceof Type));
}

/**
 * @template {Element} T
 * @param {HTMLFormElement} form
 * @param {string} name of a field in it
 * @param {Type<T>} Type
 * @returns {T}
 * @throws {Error} where the form has none, or one of another type
 */
export function field(form, name, Type) {
  const found = form.elements.namedItem(name);
  if (found instanceof Type) {
    return found;
  }
  throw new Error(`The form has no ${Type.name} called ${name}`);
}

/**
 * What an event happened to: the element itself, or the nearest around it.
 * @template {Element} T
 * @param {Event} event
 * @param {string} selector
 * @param {Type<T>} Type
 * @returns {T | null}
 */
export function hit(event, selector, Type) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof Type ? found : null;
}

/**
 * What a template on the page holds, to be shown.
 * @param {ParentNode} root
 * @param {string} selector of the `<template>`
 * @returns {HTMLElement} a copy of its one element
 */
export function copyOf(root, selector) {
  const copy = document.importNode(find(root, selector, HTMLTemplateElement).content, true).firstElementChild;
  if (copy instanceof HTMLElement) {
    return copy;
  }
  throw new Error(`${selector} is empty`);
}

/** The text of what a selector finds, "" where it finds nothing. @param {ParentNode} root @param {string} selector */
export function textOf(root, selector) {
  return root.querySelector(selector)?.textContent?.trim() ?? "";
}
