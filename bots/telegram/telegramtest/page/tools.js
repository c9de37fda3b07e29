// The drawer for demonstrations: faults, the journal, the clock.
import { byId, el, icon, label } from './dom.js';
import { language, words } from './words.js';

const REFRESH = 1500;

export class Tools {
  /** @param {{api: () => import('./api.js').Api, act: (action: string, body?: object) => Promise<any>, blocked: () => boolean, speak: (language: string) => void}} page */
  constructor(page) {
    this.page = page;
    this.drawer = byId('tools');
    this.timer = 0;
    byId('tools-open').addEventListener('click', () => this.toggle(this.drawer.hidden));
    this.drawer.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && this.toggle(false));
  }

  /** @param {boolean} open */
  toggle(open) {
    this.drawer.hidden = !open;
    byId('tools-open').setAttribute('aria-expanded', String(open));
    clearInterval(this.timer);
    if (open) {
      this.#draw();
      this.refresh();
      this.timer = window.setInterval(() => this.refresh(), REFRESH);
      this.drawer.querySelector('button')?.focus();
    } else {
      byId('tools-open').focus();
    }
  }

  /** Draws anew in the other language. */
  translate() {
    if (!this.drawer.hidden) this.toggle(true);
  }

  #draw() {
    const orders = /** @type {const} */ ([['flood', 'flood'], ['down', 'down5'], ['lost', 'lost'], ['slow', 'slow']]);
    this.drawer.setAttribute('aria-label', words.tools);
    this.drawer.replaceChildren(
      el('header', {}, el('h2', {}, words.tools),
        el('button', { type: 'button', class: 'icon', 'aria-label': words.close, onclick: () => this.toggle(false) }, icon('close'))),
      el('section', {}, el('h3', {}, words.language), el('div', { class: 'tabs', role: 'group' }, ...['ru', 'en'].map((l) =>
        el('button', { type: 'button', 'aria-pressed': String(l === language), onclick: () => this.page.speak(l) }, l === 'ru' ? 'Русский' : 'English')))),
      el('section', {}, el('h3', {}, words.faults),
        el('h4', {}, words.forYou), el('div', { class: 'orders' }, ...orders.map(([kind, name]) =>
          el('button', { type: 'button', onclick: () => this.#fault(kind, true) }, words[name]))),
        this.#toggle('block', words.blockOn),
        el('h4', {}, words.forEveryone), this.#toggle('outage', words.outageOn), this.#toggle('copies', words.copiesOn),
        el('p', { class: 'facts', id: 'facts' }),
        el('button', { type: 'button', class: 'wide', onclick: () => this.#fault('none', false) }, words.reset)),
      el('section', {}, el('h3', {}, words.clock), el('p', { class: 'now', id: 'clock' }), el('p', { class: 'hint' }, words.clockHint)),
      el('section', {}, el('h3', {}, words.journal), el('ol', { class: 'calls', id: 'calls' })));
  }

  /** @param {string} kind @param {string} text */
  #toggle(kind, text) {
    const box = el('input', { type: 'checkbox', role: 'switch', id: 'fault-' + kind });
    box.addEventListener('change', () => (kind === 'block' ? this.page.act('block', { on: box.checked }) : this.#fault(kind, box.checked)));
    return el('label', { class: 'switch' }, el('span', {}, text), box);
  }

  /** @param {string} kind @param {boolean} on */
  async #fault(kind, on) {
    await this.page.act('fault', { kind, on });
    this.refresh();
  }

  async refresh() {
    const state = await this.page.api().tools().catch(() => null);
    if (!state || this.drawer.hidden) return;
    byId('fault-outage').checked = state.outage;
    byId('fault-copies').checked = state.copies;
    byId('fault-block').checked = this.page.blocked();
    byId('facts').textContent = `${words.standing}: ${state.faults} · ${words.pending}: ${state.pending} · ${words.id}: ${state.id}`;
    byId('clock').textContent = new Date(state.now).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' });
    const calls = state.calls.map(line);
    byId('calls').replaceChildren(...(calls.length ? calls : [el('li', { class: 'hint' }, words.noCalls)]));
  }
}

/** @param {any} c */
function line(c) {
  const bad = c.code !== 200 || c.lost;
  const result = c.lost ? words.answerLost : c.code === 200 ? `${c.took} ${words.ms}` : [c.code || '', c.description].join(' ');
  return el('li', { class: bad ? 'bad' : '' },
    el('time', {}, new Date(c.at).toLocaleTimeString(language)), el('b', {}, c.method), el('span', {}, result),
    c.text && el('small', {}, c.text));
}

/** Names the buttons that have no text. */
export function nameButtons() {
  label('people', words.people);
  label('tools-open', words.tools);
  label('attach', words.attach);
  label('menu', words.menu);
  label('keys', words.keys);
  label('send', words.send);
  label('down', words.down);
  label('editing-stop', words.editStop);
  byId('log').setAttribute('aria-label', words.log);
  byId('keyboard').setAttribute('aria-label', words.keys);
  byId('commands').setAttribute('aria-label', words.menu);
  byId('input').setAttribute('aria-label', words.message);
}
