// The list of messages: days, groups, scrolling, what has not been seen.
import { bubble, dayName } from './bubble.js';
import { byId, el } from './dom.js';

const GROUP_SECONDS = 300;
const NEAR = 80; // px from the end at which new messages are followed

export class Log {
  /** @param {import('./bubble.js').Hands} hands */
  constructor(hands) {
    this.hands = hands;
    this.list = byId('log');
    /** @type {Map<number, {json: string, node: HTMLElement}>} */
    this.shown = new Map();
    this.unread = 0;
    this.lastOwn = 0;
    // The keyboard of the phone or of the bot takes room: stay at the end. Only
    // scrolling by hand leaves it, not what a new size of the list does.
    let near = true;
    let size = '';
    const measure = () => `${this.list.clientWidth} ${this.list.clientHeight}`;
    this.list.addEventListener('scroll', () => {
      if (size === measure()) near = this.#near();
      this.#scrolled();
    }, { passive: true });
    new ResizeObserver(() => {
      size = measure();
      if (near) this.toEnd();
    }).observe(this.list);
    this.list.addEventListener('load', () => near && this.toEnd(), true);
    byId('down').addEventListener('click', () => this.toEnd(true));
  }

  clear() {
    this.shown.clear();
    this.list.replaceChildren();
    this.unread = 0;
    this.#scrolled();
  }

  /** The node of a message. @param {number} id */
  node(id) {
    return this.shown.get(id)?.node;
  }

  /**
   * @param {any[]} messages sorted by ID @param {{now: number, pressed: Map<string, string>, epoch: number}} state
   */
  show(messages, state) {
    const follow = this.#near() || this.shown.size === 0;
    const focused = focusIn(this.list);
    const first = this.shown.size === 0;
    const nodes = [];
    let day = '';
    /** @type {any} */
    let before = null;
    const shown = new Map();
    for (let i = 0; i < messages.length; i++) {
      const m = messages[i];
      const today = dayName(m.date, state.now);
      if (today !== day) nodes.push(this.#day(today));
      const next = messages[i + 1];
      const head = today !== day || !joins(before, m);
      const tail = !next || !joins(m, next) || dayName(next.date, state.now) !== today;
      const waiting = [...state.pressed.values()].filter((v) => v.startsWith(m.id + ' '));
      const lost = m.epoch !== state.epoch;
      const json = JSON.stringify([m, lost, waiting]);
      const old = this.shown.get(m.id);
      const node = old?.json === json ? old.node : bubble(m, { pressed: state.pressed, lost }, this.hands);
      node.classList.toggle('head', head);
      node.classList.toggle('tail', tail);
      if (!old && !first) {
        node.classList.add('new');
        if (!m.own && !follow) this.unread++;
      }
      shown.set(m.id, { json, node });
      nodes.push(node);
      day = today;
      before = m;
    }
    this.shown = shown;
    reconcile(this.list, nodes);
    focused?.(this.list);
    if (follow || (messages.at(-1)?.own && messages.at(-1).id > this.lastOwn)) this.toEnd();
    this.lastOwn = messages.findLast((m) => m.own)?.id ?? 0;
    this.#scrolled();
  }

  /** @param {string} name */
  #day(name) {
    const old = [...this.list.querySelectorAll('.day')].find((d) => d.textContent === name);
    return old ?? el('li', { class: 'day' }, el('span', {}, name));
  }

  /** @param {boolean} [smooth] */
  toEnd(smooth) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth && !calm ? 'smooth' : 'instant' });
  }

  #near() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  #scrolled() {
    const near = this.#near();
    if (near) this.unread = 0;
    byId('down').hidden = near;
    byId('unread').hidden = this.unread === 0;
    byId('unread').textContent = String(this.unread);
  }
}

/** Whether two messages stand together. @param {any} a @param {any} b */
const joins = (a, b) => a && a.own === b.own && b.date - a.date < GROUP_SECONDS;

/** Puts the nodes into the list, moving as few as possible: the live region reads what is new. @param {HTMLElement} list @param {Node[]} nodes */
function reconcile(list, nodes) {
  const keep = new Set(nodes);
  for (const child of [...list.childNodes]) if (!keep.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (list.childNodes[i] !== node) list.insertBefore(node, list.childNodes[i] ?? null);
  });
}

/** Remembers which button has the focus, so that a redrawn message gets it back. @param {HTMLElement} list */
function focusIn(list) {
  const active = document.activeElement;
  const message = list.contains(active) && active?.closest('.message');
  if (!message) return null;
  const id = message.getAttribute('data-id');
  const place = [...message.querySelectorAll('button, a')].indexOf(/** @type {any} */ (active));
  return (/** @type {HTMLElement} */ now) => {
    if (document.contains(active)) return;
    const same = now.querySelector(`[data-id="${id}"]`)?.querySelectorAll('button, a')[place];
    (/** @type {HTMLElement} */ (same ?? byId('input'))).focus();
  };
}
