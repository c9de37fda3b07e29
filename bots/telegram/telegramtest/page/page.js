// The phone: one person's chat with the bot.
import { Api, Problem } from './api.js';
import { Composer, PHONE } from './composer.js';
import { byId } from './dom.js';
import { Log } from './log.js';
import { alert, choose, confirm, form, toast } from './sheets.js';
import * as store from './store.js';
import { Tools, nameButtons } from './tools.js';
import { phone } from './text.js';
import { speak, words } from './words.js';

const SPINNER = 15000; // how long a press may go unanswered
const SILENCE = 8000; // after which an undelivered message says so
const RETRY = 1500;

let person = store.currentPerson();
let api = new Api(person.key);
/** @type {any} */
let state = { epoch: 0, version: 0, revision: 0, now: Date.now(), bot: '' };
/** @type {Map<number, any>} */
let messages = new Map();
/** Presses without an answer: query → "message data". @type {Map<string, string>} */
let pressed = new Map();
/** Answers that came before their press knew its query. @type {Map<string, any>} */
let early = new Map();
let online = true;
/** What a deep link brings, as in t.me/bot?start=…; '' when it has been sent. */
let payload = new URLSearchParams(location.search).get('start')?.match(/^[\w-]{1,64}$/)?.[0] ?? '';
let typingTimer = 0;
let silenceTimer = 0;

const log = new Log({ press, menu: messageMenu, link: openLink, command: (text) => act('say', { text }) });
const composer = new Composer({ act, upload, person: () => person });
composer.lastOwn = () => sorted().findLast((m) => m.own && editable(m));
const tools = new Tools({ api: () => api, act, blocked: () => Boolean(state.blocked), speak: changeLanguage });

const sorted = () => [...messages.values()].sort((a, b) => a.id - b.id);

/** @param {any} m */
const editable = (m) => m.own && m.text && m.epoch === state.epoch && !m.contact && !m.location;

/** Does something and shows when it fails; null then. @param {string} action @param {object} [body] @returns {Promise<any>} */
async function act(action, body) {
  return attempt(() => api.post(action, body));
}

/** @param {'photo'|'document'} kind @param {Blob} blob @param {string} name @param {string} caption */
async function upload(kind, blob, name, caption) {
  return attempt(() => api.upload(kind, blob, name, caption), kind === 'photo' ? words.badPhoto : words.failed);
}

/** @param {() => Promise<any>} call @param {string} [refused] */
async function attempt(call, refused = words.failed) {
  try {
    return await call().catch(async (e) => {
      if (e.status !== 404) throw e;
      await hello(); // the emulator is another one: nothing has been done yet
      return call();
    });
  } catch (e) {
    const status = e instanceof Problem ? e.status : 0;
    toast({ 400: refused, 413: words.tooBig }[status] ?? words.failed);
    return null;
  }
}

/** @param {any} message @param {string} data */
async function press(message, data) {
  const mark = message.id + ' ' + data;
  if ([...pressed.values()].includes(mark)) return;
  const until = 'pending ' + mark;
  pressed.set(until, mark);
  draw();
  const sent = await act('press', { message: message.id, data });
  pressed.delete(until);
  if (sent) {
    pressed.set(sent.query, mark);
    setTimeout(() => pressed.delete(sent.query) && draw(), SPINNER);
    const answer = early.get(sent.query);
    if (answer) settle(answer);
  }
  draw();
}

/** @param {any} answer */
function settle(answer) {
  if (!pressed.delete(answer.query)) {
    early.set(answer.query, answer);
    return;
  }
  early.delete(answer.query);
  if (answer.alert && answer.text) alert(answer.text);
  else if (answer.text) toast(answer.text);
  if (answer.url) openLink(answer.url);
}

/** @param {string} url */
async function openLink(url) {
  if (await confirm(words.openLink, [url], words.open)) window.open(url, '_blank', 'noopener');
}

/** @param {any} m */
async function messageMenu(m) {
  const items = [];
  if (editable(m)) items.push({ id: 'edit', text: words.edit, icon: 'edit' });
  if (m.text) items.push({ id: 'copy', text: words.copy, icon: 'copy' });
  if (!items.length) return;
  const chosen = await choose(words.actions, items);
  if (chosen === 'edit') composer.edit(messages.get(m.id));
  if (chosen === 'copy') {
    await navigator.clipboard?.writeText(m.text).then(() => toast(words.copied), () => toast(words.failed));
  }
}

/** Takes in what the emulator says. @param {any} news */
function take(news) {
  if (news.epoch !== state.epoch) {
    pressed.clear();
    early.clear();
  }
  state = news;
  for (const m of news.messages ?? []) {
    if (m.deleted) messages.delete(m.id);
    else messages.set(m.id, { ...m, epoch: news.epoch });
  }
  for (const answer of news.answers ?? []) settle(answer);
  if (news.messages?.length || news.started !== person.started || news.blocked !== person.blocked) {
    person.started = news.started;
    person.blocked = news.blocked;
    store.savePerson(person);
    store.saveChat(person, sorted());
  }
  online = true;
  draw();
}

function draw() {
  const list = sorted();
  log.show(list, { now: state.now, pressed, epoch: state.epoch });
  byId('bot').textContent = state.bot;
  byId('fresh-title').textContent = words.freshTitle;
  byId('fresh-text').textContent = words.freshText;
  for (const id of ['avatar', 'fresh-avatar']) byId(id).textContent = [...(state.bot || ' ')][0].toUpperCase();
  document.title = state.bot || 'Telegram';
  const fresh = !state.started && list.length === 0;
  byId('fresh').hidden = !fresh || !state.bot;
  const start = fresh || state.blocked || payload;
  byId('start').hidden = !start || !state.bot;
  byId('start').textContent = state.blocked && !fresh ? words.restart : words.start;
  byId('composer').hidden = Boolean(start);
  composer.setCommands(state.commands);
  composer.setKeyboard(start ? null : state.keyboard);
  header();
  silence(list);
}

function header() {
  clearTimeout(typingTimer);
  const typing = state.typing > 0 && online;
  if (typing) {
    typingTimer = window.setTimeout(() => {
      state.typing = 0;
      header();
    }, state.typing);
  }
  byId('status').textContent = !online || !state.bot ? words.connecting : typing ? words.typing : words.bot;
  byId('status').className = typing ? 'typing' : '';
}

/** Says when the bot is out of reach, and why. @param {any[]} list */
function silence(list) {
  clearTimeout(silenceTimer);
  const waiting = list.findLast((m) => m.own && !m.delivered && m.epoch === state.epoch);
  const since = waiting ? (waiting.seen ??= Date.now()) : 0;
  const left = since + SILENCE - Date.now();
  let text = '';
  if (!online) text = words.offline;
  else if (state.outage) text = words.outage;
  else if (state.blocked) text = words.blocked;
  else if (waiting && left <= 0) text = words.silent;
  else if (waiting) silenceTimer = window.setTimeout(() => silence(sorted()), left);
  const banner = byId('banner');
  banner.hidden = !text;
  if (banner.textContent !== text) banner.textContent = text;
}

/** Becomes this person: shows what is remembered, then follows the chat. @param {import('./store.js').Person} next */
async function become(next) {
  api.close();
  person = next;
  api = new Api(person.key);
  store.savePerson(person);
  messages = new Map(store.loadChat(person).map((m) => [m.id, m]));
  pressed = new Map();
  early = new Map();
  state = { ...state, epoch: 0, version: 0, revision: 0, started: person.started, blocked: person.blocked, keyboard: null, typing: 0 };
  composer.stopEditing();
  log.clear();
  translate();
  if (messages.size) draw();
  await follow(api);
}

/** Follows the chat until the page turns to another one. @param {Api} mine */
async function follow(mine) {
  let greeted = false;
  while (!mine.ended.signal.aborted) {
    try {
      const news = greeted ? await mine.changes(state) : await hello();
      greeted = true;
      if (mine === api) take(news);
    } catch (e) {
      if (mine.ended.signal.aborted) return;
      const forgotten = greeted && e instanceof Problem && e.status === 404;
      greeted = false; // it may be another emulator when it is back
      if (forgotten) continue;
      online = false;
      draw();
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}

function hello() {
  const { first, surname, phone, language, started, blocked } = person;
  const last = Math.max(0, ...messages.keys());
  return api.post('hello', { first, surname, phone, language, started, blocked, last });
}

function translate() {
  speak(person.language);
  nameButtons();
  byId('editing-title').textContent = words.editing;
  byId('drop').textContent = words.drop;
  log.clear();
  tools.translate();
}

/** @param {string} to */
async function changeLanguage(to) {
  person.language = to;
  store.savePerson(person);
  translate();
  const news = await attempt(hello);
  if (news) take(news);
}

async function showPeople() {
  const others = store.people().map((p) => ({
    id: p.key, text: `${p.first} ${p.surname}`.trim(), note: phone(p.phone) + (p.key === person.key ? ' · ' + words.current : ''),
    icon: 'contact', current: p.key === person.key,
  }));
  const chosen = await choose(words.people, [...others,
    { id: 'new', text: words.newPerson, icon: 'plus' }, { id: 'profile', text: words.profile, icon: 'edit' }]);
  if (chosen === 'new') become(store.newPerson(person.language));
  else if (chosen === 'profile') changeProfile();
  else if (chosen && chosen !== person.key) become(store.people().find((p) => p.key === chosen) ?? person);
}

async function changeProfile() {
  const told = await form(words.profileTitle, [
    { name: 'first', label: words.name, value: person.first },
    { name: 'surname', label: words.surname, value: person.surname, optional: true },
    { name: 'phone', label: words.phone, value: person.phone, pattern: PHONE, hint: words.badPhone, type: 'tel' }], words.save);
  if (!told) return;
  Object.assign(person, told);
  store.savePerson(person);
  const news = await attempt(hello);
  if (news) take(news);
}

byId('people').addEventListener('click', showPeople);
byId('start').addEventListener('click', async () => {
  if (await act('say', { text: `/start ${payload}`.trim() })) {
    payload = '';
    history.replaceState(null, '', location.pathname);
  }
  draw();
  byId('input').focus();
});
addEventListener('pagehide', () => store.saveChat(person, sorted()));
become(person);
