// A text with Telegram's entities as nodes.
import { el } from './dom.js';
import { words } from './words.js';

/** @typedef {{type: string, offset: number, length: number, url?: string}} Entity */

const tags = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre', blockquote: 'blockquote' };
const schemes = ['http:', 'https:', 'tg:', 'mailto:', 'tel:'];

/** A link that may be followed, or null. @param {string} text */
export function safeURL(text) {
  try {
    const url = new URL(text);
    return schemes.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A number as people write it. @param {string} digits with or without a plus */
export function phone(digits) {
  const bare = digits.replace(/^\+/, '');
  return '+' + bare.replace(/^7(\d{3})(\d{3})(\d{2})(\d{2})$/, '7\u00a0$1\u00a0$2\u2011$3\u2011$4');
}

/**
 * Offsets count UTF-16 units, as JavaScript's strings do.
 * @param {string} text @param {Entity[]} entities @param {(command: string) => void} onCommand
 * @returns {Node[]}
 */
export function format(text, entities, onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, sorted, 0, text.length, onCommand);
}

/**
 * @param {string} text @param {Entity[]} entities @param {number} from @param {number} to
 * @param {(command: string) => void} onCommand
 * @returns {Node[]}
 */
function span(text, entities, from, to, onCommand) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const e = entities[i];
    const end = Math.min(e.offset + e.length, to);
    if (e.offset < at || end <= e.offset) continue;
    let last = i;
    while (last + 1 < entities.length && entities[last + 1].offset < end) last++;
    nodes.push(...plain(text.slice(at, e.offset), onCommand));
    const inner = e.type === 'text_link' || e.type === 'code' || e.type === 'pre'
      ? [document.createTextNode(text.slice(e.offset, end))]
      : span(text, entities.slice(i + 1, last + 1), e.offset, end, onCommand);
    nodes.push(wrap(e, inner, text.slice(e.offset, end), onCommand));
    at = end;
  }
  nodes.push(...plain(text.slice(at, to), onCommand));
  return nodes;
}

/** @param {Entity} e @param {Node[]} inner @param {string} own @param {(command: string) => void} onCommand */
function wrap(e, inner, own, onCommand) {
  if (e.type === 'text_link' || e.type === 'url') {
    const url = safeURL(e.url ?? own);
    return url ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...inner) : el('span', {}, ...inner);
  }
  if (e.type === 'bot_command') return command(own, onCommand);
  if (e.type === 'spoiler') {
    const hidden = el('span', { class: 'spoiler', role: 'button', tabindex: 0, 'aria-label': words.spoiler }, ...inner);
    const show = () => {
      hidden.className = '';
      hidden.removeAttribute('role');
      hidden.removeAttribute('aria-label');
    };
    hidden.addEventListener('click', show);
    hidden.addEventListener('keydown', (/** @type {KeyboardEvent} */ k) => k.key === 'Enter' && show());
    return hidden;
  }
  return el(tags[/** @type {keyof typeof tags} */ (e.type)] ?? 'span', {}, ...inner);
}

/** @param {string} text @param {(command: string) => void} onCommand */
const command = (text, onCommand) => el('button', { type: 'button', class: 'command', onclick: () => onCommand(text) }, text);

/** Text in which addresses and commands can be pressed. @param {string} text @param {(command: string) => void} onCommand */
function plain(text, onCommand) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"«»]+[^\s<>"«».,;:!?)]|(?<![\p{L}\p{N}/<])\/[a-z][a-z0-9_]{0,31}(?![\p{L}\p{N}/_])/giu)) {
    nodes.push(document.createTextNode(text.slice(at, found.index)));
    const url = found[0].startsWith('/') ? null : safeURL(found[0]);
    nodes.push(url ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, found[0]) : command(found[0], onCommand));
    at = found.index + found[0].length;
  }
  if (at < text.length) nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}
