// Where the person writes: text, attachments, commands, the bot's keyboard.
import { byId, el } from './dom.js';
import { choose, confirm, form, toast } from './sheets.js';
import { phone } from './text.js';
import { language, words } from './words.js';

const PHOTO_SIDE = 1280; // as phones send photos
const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const TYUMEN = { lat: 57.1522, lon: 65.5272 };
export const PHONE = '\\+?[0-9]{7,15}';

/**
 * @typedef {object} Post what the composer asks for
 * @property {(action: string, body?: object) => Promise<any>} act
 * @property {(kind: 'photo'|'document', blob: Blob, name: string, caption: string) => Promise<any>} upload
 * @property {() => import('./store.js').Person} person
 */

export class Composer {
  /** @param {Post} post */
  constructor(post) {
    this.post = post;
    this.input = byId('input');
    /** @type {any} */
    this.editing = null;
    /** @type {{command: string, description: string}[]} */
    this.commands = [];
    this.keysOpen = true;
    this.shift = false; // held at the last key
    /** The own message that the arrow up edits. @type {() => any} */
    this.lastOwn = () => null;
    this.keyboardJSON = '';
    this.#listen();
    this.#grow();
  }

  #listen() {
    const { input } = this;
    byId('composer').addEventListener('submit', (/** @type {Event} */ e) => {
      e.preventDefault();
      this.#submit();
    });
    input.addEventListener('input', () => {
      this.#grow();
      this.#suggest(input.value.startsWith('/') ? input.value.slice(1) : null);
    });
    input.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => this.#key(e));
    // The keyboards of phones often tell of Enter only by what it would insert.
    input.addEventListener('beforeinput', (/** @type {InputEvent} */ e) => {
      if (this.shift || !['insertLineBreak', 'insertParagraph'].includes(e.inputType)) return;
      e.preventDefault();
      this.#submit();
    });
    input.addEventListener('paste', (/** @type {ClipboardEvent} */ e) => {
      const file = e.clipboardData?.files[0];
      if (!file) return;
      e.preventDefault();
      this.#offer(file, true);
    });
    byId('editing-stop').addEventListener('click', () => this.stopEditing());
    byId('attach').addEventListener('click', () => this.#attach());
    byId('menu').addEventListener('click', () => this.#suggest(byId('commands').hidden ? '' : null));
    byId('keys').addEventListener('click', () => {
      this.keysOpen = !this.keysOpen;
      this.#showKeys();
    });
    byId('pick-photo').addEventListener('change', (/** @type {any} */ e) => this.#picked(e.target, true));
    byId('pick-file').addEventListener('change', (/** @type {any} */ e) => this.#picked(e.target, false));
    const drop = byId('drop');
    const whole = document.querySelector('.phone');
    whole?.addEventListener('dragover', (e) => {
      e.preventDefault();
      drop.hidden = false;
    });
    whole?.addEventListener('dragleave', (/** @type {any} */ e) => (drop.hidden = !whole.contains(e.relatedTarget) || e.target === drop));
    whole?.addEventListener('drop', (/** @type {any} */ e) => {
      e.preventDefault();
      drop.hidden = true;
      if (e.dataTransfer.files[0]) this.#offer(e.dataTransfer.files[0], true);
    });
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const box = byId('commands');
    this.shift = e.shiftKey;
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      this.#submit();
    } else if (e.key === 'Escape') {
      if (!box.hidden) this.#suggest(null);
      else this.stopEditing();
    } else if (e.key === 'ArrowDown' && !box.hidden) {
      e.preventDefault();
      box.querySelector('button')?.focus();
    } else if (e.key === 'ArrowUp' && this.input.value === '') {
      e.preventDefault();
      this.edit(this.lastOwn());
    }
  }

  async #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const { editing } = this;
    this.input.value = '';
    this.#suggest(null);
    this.stopEditing();
    const sent = editing ? await this.post.act('edit', { message: editing.id, text }) : await this.post.act('say', { text });
    if (sent === null && this.input.value === '') {
      this.input.value = text; // nothing that was typed gets lost
      this.#grow();
    }
  }

  #grow() {
    this.input.style.height = 'auto';
    this.input.style.height = Math.min(this.input.scrollHeight, 140) + 'px';
    document.body.classList.toggle('can-send', this.input.value.trim() !== '');
  }

  /** @param {any} message undefined when there is none */
  edit(message) {
    if (!message?.text) return;
    this.editing = message;
    byId('editing').hidden = false;
    byId('editing-text').textContent = message.text;
    this.input.value = message.text;
    this.#grow();
    this.input.focus();
  }

  stopEditing() {
    if (this.editing) this.input.value = '';
    this.editing = null;
    byId('editing').hidden = true;
    this.#grow();
  }

  async #attach() {
    const items = /** @type {const} */ (['photo', 'file', 'contact', 'location', 'sticker', 'voice']);
    const icons = { photo: 'photo', file: 'file', contact: 'contact', location: 'place', sticker: 'sticker', voice: 'voice' };
    switch (await choose(words.attach, items.map((id) => ({ id, text: words[id], icon: icons[id] })))) {
      case 'photo': return byId('pick-photo').click();
      case 'file': return byId('pick-file').click();
      case 'contact': return this.#contact();
      case 'location': return this.#location();
      case 'sticker': return this.post.act('sticker');
      case 'voice': return this.post.act('voice');
    }
  }

  async #contact() {
    const person = this.post.person();
    const whose = await choose(words.contactTitle, [
      { id: 'own', text: words.shareSelf, icon: 'contact', note: phone(person.phone) },
      { id: 'other', text: words.other, icon: 'people' }]);
    if (whose === 'own') return this.share();
    if (whose !== 'other') return;
    const card = await form(words.contactTitle, [
      { name: 'first', label: words.name, value: '' },
      { name: 'surname', label: words.surname, value: '', optional: true },
      { name: 'phone', label: words.phone, value: '', pattern: PHONE, hint: words.badPhone, type: 'tel' }], words.sendContact);
    if (card) await this.post.act('contact', card);
  }

  /** Asks before the number goes out, as clients do. */
  async share() {
    const text = `${words.shareText} ${phone(this.post.person().phone)}`;
    if (await confirm(words.shareTitle, [text], words.share)) await this.post.act('contact', { own: true });
  }

  async #location() {
    const at = await form(words.placeTitle, [
      { name: 'lat', label: words.lat, value: String(TYUMEN.lat), pattern: '-?[0-9]{1,2}([.][0-9]+)?' },
      { name: 'lon', label: words.lon, value: String(TYUMEN.lon), pattern: '-?[0-9]{1,3}([.][0-9]+)?' }], words.send, [el('p', {}, words.placeText, ' ', words.place)]);
    if (at) await this.post.act('location', { lat: Number(at.lat), lon: Number(at.lon) });
  }

  /** @param {HTMLInputElement} input @param {boolean} photo */
  #picked(input, photo) {
    const file = input.files?.[0];
    if (file) this.#offer(file, photo);
    input.value = '';
  }

  /** Shows the file and asks for a caption. @param {File} file @param {boolean} photo */
  async #offer(file, photo) {
    if (!photo || !PHOTO_TYPES.includes(file.type)) {
      const sure = await form(words.sendFile, [{ name: 'caption', label: words.caption, value: '', optional: true }], words.send, [el('p', { class: 'filename' }, file.name)]);
      if (sure) await this.post.upload('document', file, file.name, sure.caption);
      return;
    }
    const url = URL.createObjectURL(file);
    const whole = el('input', { type: 'checkbox', name: 'whole' });
    const sure = await form(words.sendPhoto, [{ name: 'caption', label: words.caption, value: '', optional: true }], words.send,
      [el('img', { class: 'preview', src: url, alt: file.name }), el('label', { class: 'check' }, whole, el('span', {}, words.asFile))]);
    URL.revokeObjectURL(url);
    if (!sure) return;
    if (whole.checked) return this.post.upload('document', file, file.name, sure.caption);
    const small = await shrink(file).catch(() => null);
    if (!small) return toast(words.badPhoto);
    await this.post.upload('photo', small, file.name, sure.caption);
  }

  /** @param {{command: string, description: string}[]|null} commands */
  setCommands(commands) {
    this.commands = commands ?? [];
    byId('menu').hidden = this.commands.length === 0;
    if (this.commands.length === 0) this.#suggest(null);
  }

  /** Opens the commands that begin so, null closes. @param {string|null} prefix */
  #suggest(prefix) {
    const fits = prefix === null ? [] : this.commands.filter((c) => c.command.startsWith(prefix));
    const box = byId('commands');
    box.hidden = fits.length === 0;
    byId('menu').setAttribute('aria-expanded', String(!box.hidden));
    box.replaceChildren(...fits.map((c) => el('button', { type: 'button', role: 'option', 'aria-selected': 'false', onclick: () => {
      this.input.value = '';
      this.#grow();
      this.#suggest(null);
      this.post.act('say', { text: '/' + c.command });
    } }, el('b', {}, '/' + c.command), el('span', {}, c.description))));
    box.onkeydown = (/** @type {KeyboardEvent} */ e) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      const at = /** @type {any} */ (document.activeElement);
      if (e.key === 'Escape') {
        this.#suggest(null);
        this.input.focus();
      } else if (step) {
        e.preventDefault();
        (step > 0 ? at.nextElementSibling : at.previousElementSibling ?? this.input)?.focus();
      }
    };
  }

  /** @param {{rows: any[][]|null, placeholder: string}|null} keyboard */
  setKeyboard(keyboard) {
    const json = JSON.stringify(keyboard) + language;
    if (json === this.keyboardJSON) return;
    this.keyboardJSON = json;
    this.keysOpen = true;
    this.input.placeholder = keyboard?.placeholder || words.message;
    byId('keyboard').replaceChildren(...(keyboard?.rows ?? []).map((row) => el('div', { class: 'row' }, ...row.map((key) =>
      el('button', { type: 'button', onclick: () => this.#pressKey(key) }, key.text)))));
    this.#showKeys();
  }

  #showKeys() {
    const any = byId('keyboard').childElementCount > 0;
    byId('keys').hidden = !any;
    byId('keys').setAttribute('aria-expanded', String(this.keysOpen));
    byId('keyboard').hidden = !any || !this.keysOpen;
  }

  /** @param {{text: string, contact: boolean, location: boolean}} key */
  #pressKey(key) {
    if (key.contact) return this.share();
    if (key.location) return this.#location();
    return this.post.act('say', { text: key.text });
  }
}

/** Makes a photo as small as phones send it. @param {File} file @returns {Promise<Blob>} */
async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.type !== 'image/webp' && file.size < 1 << 20) return file;
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('no image'))), 'image/jpeg', 0.87));
}
