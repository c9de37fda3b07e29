// What the browser remembers: who its people are, and their chats. The
// emulator keeps everything in memory, so after its restart only this is left.

/**
 * @typedef {{key: string, first: string, surname: string, phone: string, language: string, used: number, started: boolean, blocked: boolean}} Person
 */

const PEOPLE = 'telegram.people';
const NOW = 'telegram.now';
const KEEP_PEOPLE = 12;
const KEEP_MESSAGES = 200;

const names = {
  ru: [['Мария', 'Соколова'], ['Иван', 'Петров'], ['Ольга', 'Кузнецова'], ['Сергей', 'Волков'], ['Анна', 'Морозова'], ['Павел', 'Лебедев']],
  en: [['Mary', 'Falcon'], ['John', 'Stone'], ['Olga', 'Smith'], ['Sergey', 'Wolf'], ['Anna', 'Frost'], ['Paul', 'Swan']],
};

/** @param {string} name @param {any} otherwise */
function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '') ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** A full or forbidden storage costs the memory, not the chat. @param {string} name @param {any} value */
function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch { /* the chat goes on without it */ }
}

/** @returns {Person[]} newest first */
export function people() {
  return read(PEOPLE, []).sort((/** @type {Person} */ a, /** @type {Person} */ b) => b.used - a.used);
}

/** @param {Person} person */
export function savePerson(person) {
  person.used = Date.now();
  const list = [person, ...people().filter((p) => p.key !== person.key)];
  for (const old of list.slice(KEEP_PEOPLE)) localStorage.removeItem(chatOf(old.key));
  write(PEOPLE, list.slice(0, KEEP_PEOPLE));
  write(NOW, person.key);
  try {
    sessionStorage.setItem(NOW, person.key); // another tab may be somebody else
  } catch { /* then the newest one */ }
}

/** The person of this tab. @returns {Person} */
export function currentPerson() {
  let key = read(NOW, '');
  try {
    key = sessionStorage.getItem(NOW) ?? key;
  } catch { /* then the newest one */ }
  const list = people();
  return list.find((p) => p.key === key) ?? list[0] ?? newPerson('ru');
}

/** @param {string} language @returns {Person} */
export function newPerson(language) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(random, (b) => b.toString(16).padStart(2, '0')).join('');
  const choice = names[language === 'en' ? 'en' : 'ru'];
  const [first, surname] = choice[people().length % choice.length];
  const digits = Array.from(random.slice(0, 7), (b) => b % 10).join('');
  return { key, first, surname, phone: '7900' + digits, language, used: 0, started: false, blocked: false };
}

/** @param {string} key */
const chatOf = (key) => 'telegram.chat.' + key;

/** @param {Person} person @returns {any[]} */
export const loadChat = (person) => read(chatOf(person.key), []);

/** @param {Person} person @param {any[]} messages */
export const saveChat = (person, messages) => write(chatOf(person.key), messages.slice(-KEEP_MESSAGES));
