// What lies over the chat: questions, menus, toasts.
import { byId, el, icon } from './dom.js';
import { words } from './words.js';

/**
 * Shows a modal sheet until it is closed; the promise has what it was closed
 * with, '' when it was left.
 * @param {string} title @param {Node[]} content @param {{menu?: boolean}} [how]
 * @returns {{done: Promise<string>, close: (value?: string) => void}}
 */
export function sheet(title, content, how = {}) {
  const dialog = el('dialog', { class: how.menu ? 'sheet menu' : 'sheet', 'aria-label': title },
    el('form', { method: 'dialog' }, el('h2', {}, title), ...content));
  document.body.append(dialog);
  dialog.addEventListener('click', (/** @type {Event} */ e) => e.target === dialog && dialog.close(''));
  const done = new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
  dialog.showModal();
  return { done, close: (value = '') => dialog.close(value) };
}

/** @param {string} yes */
const choice = (yes) => el('div', { class: 'choice' },
  el('button', { type: 'submit', value: '', formnovalidate: true }, words.cancel),
  el('button', { type: 'submit', value: 'yes', class: 'main' }, yes));

/** @param {string} title @param {(string|Node)[]} lines @param {string} yes */
export async function confirm(title, lines, yes) {
  const paragraphs = lines.map((l) => (typeof l === 'string' ? el('p', {}, l) : l));
  // Enter means the last button, not the first.
  const ask = sheet(title, [...paragraphs, choice(yes)]);
  /** @type {HTMLElement|null} */ (document.querySelector('dialog[open]:last-of-type .main'))?.focus();
  return (await ask.done) === 'yes';
}

/** @param {string} text */
export const alert = (text) => sheet('', [el('p', { class: 'alert' }, text),
  el('div', { class: 'choice' }, el('button', { type: 'submit', class: 'main', autofocus: true }, words.ok))]).done;

/**
 * @param {string} title @param {{id: string, text: string, icon?: string, note?: string, current?: boolean}[]} items
 * @returns {Promise<string>} the id of what was chosen, or ''
 */
export const choose = (title, items) => sheet(title, [el('div', { class: 'items' }, ...items.map((item) =>
  el('button', { type: 'submit', value: item.id, 'aria-current': item.current && 'true' }, item.icon && icon(item.icon),
    el('span', {}, item.text, item.note && el('small', {}, item.note)))))], { menu: true }).done;

/**
 * @param {string} title @param {{name: string, label: string, value: string, pattern?: string, hint?: string, type?: string, optional?: boolean}[]} fields
 * @param {string} yes @param {Node[]} [before]
 * @returns {Promise<Record<string, string>|null>} null when it was left
 */
export async function form(title, fields, yes, before = []) {
  const inputs = fields.map((f) => el('input', {
    name: f.name, value: f.value, pattern: f.pattern, title: f.hint, type: f.type ?? 'text', required: !f.optional, maxlength: f.name === 'caption' ? 1024 : 64, autocomplete: 'off',
  }));
  const rows = fields.map((f, i) => el('label', {}, el('span', {}, f.label), inputs[i]));
  const done = sheet(title, [...before, ...rows, choice(yes)]).done;
  inputs[0]?.focus();
  for (const input of inputs) {
    input.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => {
      if (e.key !== 'Enter') return;
      e.preventDefault(); // the first button of the form would be «cancel»
      input.form.querySelector('.main').click();
    });
  }
  if ((await done) !== 'yes') return null;
  return Object.fromEntries(inputs.map((i) => [i.name, i.value.trim()]));
}

const TOAST = 4000;

/** @param {string} text */
export function toast(text) {
  const note = el('div', { class: 'toast' }, text);
  byId('toasts').replaceChildren(note);
  setTimeout(() => note.remove(), TOAST);
}
