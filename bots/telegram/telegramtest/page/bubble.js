// One message as an element.
import { fileURL } from './api.js';
import { el, icon } from './dom.js';
import { format, phone, safeURL } from './text.js';
import { language, words } from './words.js';

/**
 * @typedef {object} Hands what a person can do with a message
 * @property {(message: any, data: string, button: HTMLElement) => void} press
 * @property {(message: any) => void} menu
 * @property {(url: string) => void} link
 * @property {(text: string) => void} command
 */

// A photo fits this box, in px; a tiny one is drawn larger, so that its time fits.
const PHOTO_WIDTH = 300;
const PHOTO_HEIGHT = 340;
const PHOTO_LEAST = 110;

/** @param {number} seconds */
export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });

/** @param {number} seconds @param {number} now Unix ms of the program's clock */
export function dayName(seconds, now) {
  const day = new Date(seconds * 1000);
  const today = new Date(now);
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  const year = day.getFullYear() === today.getFullYear() ? undefined : /** @type {const} */ ('numeric');
  return day.toLocaleDateString(language, { day: 'numeric', month: 'long', year });
}

/** @param {number} n */
export function size(n) {
  let unit = 0;
  for (; n >= 1024 && unit < 2; unit++) n /= 1024;
  return n.toLocaleString(language, { maximumFractionDigits: unit ? 1 : 0 }) + ' ' + words.bytes[unit];
}

/**
 * @param {any} m @param {{pressed: Map<string, string>, lost: boolean}} state lost: the emulator no longer has the message
 * @param {Hands} hands
 */
export function bubble(m, state, hands) {
  const photo = m.file?.kind === 'photo';
  const media = photo || m.file?.kind === 'sticker' || m.file?.kind === 'video';
  const text = m.text ? el('div', { class: 'text' }, ...format(m.text, m.entities ?? [], hands.command)) : null;
  const meta = el('span', { class: 'meta' },
    m.edited && el('i', {}, words.edited),
    el('time', { datetime: new Date(m.date * 1000).toISOString() }, clock(m.date)),
    m.own && icon(m.delivered ? 'ticks' : 'tick', m.delivered ? words.delivered : words.sent));
  // The time stands in the last line of the text when there is room.
  text?.append(el('span', { class: 'room', 'aria-hidden': 'true' }, el('span', {}, (m.edited ? words.edited + ' ' : '') + clock(m.date)), m.own && el('span', { class: 'tickroom' })));
  const body = el('div', { class: `bubble${media ? ' media' : ''}${media && !text ? ' bare' : ''}${m.file?.kind === 'sticker' ? ' sticker' : ''}`, tabindex: -1 },
    m.forwarded && el('div', { class: 'forwarded' }, words.forwarded),
    m.file && attachment(m.file, state.lost),
    m.contact && card(m.contact),
    m.location && place(m.location),
    text, meta);
  const open = (/** @type {Event} */ e) => {
    if (/** @type {Element} */ (e.target).closest('a') || String(getSelection())) return;
    e.preventDefault();
    hands.menu(m);
  };
  body.addEventListener('contextmenu', open);
  holding(body, () => hands.menu(m));
  const more = m.text && el('button', { type: 'button', class: 'more', 'aria-label': words.actions, title: words.actions, onclick: () => hands.menu(m) }, '⋯');
  return el('li', { class: `message ${m.own ? 'own' : 'theirs'}`, 'data-id': m.id },
    el('div', { class: 'line' }, body, more),
    m.inline && inline(m, state, hands));
}

/** Calls back when a finger rests on the node. @param {HTMLElement} node @param {() => void} then */
function holding(node, then) {
  let timer = 0;
  node.addEventListener('pointerdown', (e) => {
    if (e.pointerType === 'touch') timer = window.setTimeout(then, 500);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointermove']) node.addEventListener(end, () => clearTimeout(timer));
}

/** @param {any} file @param {boolean} lost */
function attachment(file, lost) {
  if (file.kind === 'photo') {
    if (lost) return el('div', { class: 'nothing' }, icon('photo'), words.gonePhoto);
    const scale = Math.min(PHOTO_WIDTH / file.width, PHOTO_HEIGHT / file.height, Math.max(1, PHOTO_LEAST / file.width));
    const picture = el('img', { src: fileURL(file.id), width: Math.round(file.width * scale), height: Math.round(file.height * scale), alt: words.photo });
    const link = el('a', { class: 'photo', href: fileURL(file.id), target: '_blank', rel: 'noopener' }, picture);
    picture.addEventListener('error', () => link.replaceWith(el('div', { class: 'nothing' }, icon('photo'), words.gonePhoto)));
    return link;
  }
  if (file.kind === 'sticker') return el('div', { class: 'face', role: 'img', 'aria-label': words.sticker }, icon('sticker'));
  if (file.kind === 'video') return el('div', { class: 'nothing' }, icon('photo'), '0:' + String(file.seconds).padStart(2, '0'));
  if (file.kind === 'voice') {
    const wave = el('span', { class: 'wave', 'aria-hidden': 'true' });
    return el('div', { class: 'file' }, el('span', { class: 'disc' }, icon('voice')),
      el('span', { class: 'about' }, wave, el('small', {}, '0:' + String(file.seconds).padStart(2, '0'))));
  }
  const about = el('span', { class: 'about' }, el('b', {}, file.name), el('small', {}, lost ? words.gone : size(file.size)));
  if (lost) return el('div', { class: 'file' }, el('span', { class: 'disc' }, icon('file')), about);
  return el('a', { class: 'file', href: fileURL(file.id), download: file.name, 'aria-label': `${words.download}: ${file.name}` },
    el('span', { class: 'disc' }, icon('file')), about);
}

/** @param {any} c */
const card = (c) => el('div', { class: 'file' }, el('span', { class: 'disc letter', 'aria-hidden': 'true' }, [...c.first][0] ?? '?'),
  el('span', { class: 'about' }, el('b', {}, [c.first, c.surname].filter(Boolean).join(' ')), el('small', {}, phone(c.phone))));

/** @param {{lat: number, lon: number}} l */
const place = (l) => el('div', { class: 'place' }, el('div', { class: 'map' }, icon('place')),
  el('small', {}, `${l.lat.toFixed(4)}, ${l.lon.toFixed(4)}`));

/** The rows of buttons: equal widths in a row. @param {any} m @param {{pressed: Map<string, string>}} state @param {Hands} hands */
function inline(m, state, hands) {
  const waiting = new Set(state.pressed.values());
  return el('div', { class: 'inline' }, ...m.inline.map((/** @type {any[]} */ row) => el('div', { class: 'row' }, ...row.map((b) => {
    if (b.url) {
      const url = safeURL(b.url);
      return el('button', { type: 'button', onclick: () => url && hands.link(url) }, b.text, icon('link'));
    }
    const button = el('button', { type: 'button' }, el('span', {}, b.text));
    if (waiting.has(m.id + ' ' + b.data)) {
      button.classList.add('waiting');
      button.setAttribute('aria-busy', 'true');
    }
    button.addEventListener('click', () => hands.press(m, b.data, button));
    return button;
  }))));
}
