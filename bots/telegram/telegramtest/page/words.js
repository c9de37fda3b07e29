// The page's own words. What the bot says comes from the bot.

/** @typedef {'ru'|'en'} Language */

const ru = {
  people: 'Собеседники', tools: 'Инструменты', close: 'Закрыть', cancel: 'Отмена', ok: 'Хорошо', bot: 'бот',
  typing: 'печатает', connecting: 'соединение…', log: 'Сообщения', down: 'К последним сообщениям',
  offline: 'Нет связи с программой. Подключаемся…', outage: 'Сбой Telegram: бот не получает сообщений. Они ждут.',
  silent: 'Бот не отвечает. Сообщение ждёт доставки.', blocked: 'Вы остановили бота. Он не может вам писать.',
  freshTitle: 'Что умеет этот бот?', freshText: 'Нажмите «Старт», и бот ответит. Это эмулятор Telegram: всё происходит на этом компьютере.',
  start: 'Старт', restart: 'Перезапустить бота', message: 'Сообщение', send: 'Отправить', save: 'Сохранить', attach: 'Прикрепить', menu: 'Меню команд',
  keys: 'Клавиатура бота', photo: 'Фото', file: 'Файл', contact: 'Контакт', location: 'Место', sticker: 'Стикер', voice: 'Голосовое',
  edited: 'изменено', edit: 'Изменить', copy: 'Скопировать', copied: 'Скопировано', editing: 'Изменение сообщения', actions: 'Действия с сообщением', editStop: 'Не менять',
  sent: 'Отправлено', delivered: 'Бот получил', today: 'Сегодня', yesterday: 'Вчера', forwarded: 'Переслано', download: 'Скачать',
  gone: 'Файл не сохранился', gonePhoto: 'Фото не сохранилось', bytes: ['Б', 'КБ', 'МБ'],
  shareTitle: 'Поделиться номером?', shareText: 'Бот узнает ваш номер:', share: 'Поделиться', shareSelf: 'Мой номер', other: 'Другой человек',
  name: 'Имя', surname: 'Фамилия', phone: 'Телефон', sendContact: 'Отправить контакт', contactTitle: 'Отправить контакт',
  placeTitle: 'Отправить место?', placeText: 'Бот узнает точку на карте.', place: 'Тюмень, улица Республики', lat: 'Широта', lon: 'Долгота',
  caption: 'Подпись', sendPhoto: 'Отправить фото', sendFile: 'Отправить файл', asFile: 'Отправить как файл', drop: 'Отпустите, чтобы отправить',
  tooBig: 'Файл слишком большой.', badPhoto: 'Это изображение не отправить как фото.', failed: 'Не получилось. Попробуйте ещё раз.',
  newPerson: 'Новый собеседник', current: 'сейчас', language: 'Язык', profile: 'Изменить данные', profileTitle: 'Кто пишет боту',
  badPhone: 'В номере 7–15 цифр', openLink: 'Открыть ссылку?', open: 'Открыть', spoiler: 'Показать скрытый текст',
  faults: 'Сбои', forEveryone: 'Для всех', forYou: 'Для этого чата',
  outageOn: 'Telegram недоступен', copiesOn: 'Каждое событие трижды', blockOn: 'Бот заблокирован',
  flood: '429 на 5 секунд', down5: '502 три раза', lost: 'Ответ потерян после отправки', slow: 'Медленно: 3 сообщения',
  reset: 'Снять все сбои', standing: 'Впереди сбоев', pending: 'Ждут доставки', journal: 'Вызовы бота', noCalls: 'Пока пусто',
  clock: 'Часы', clockHint: 'Время сообщений идёт по часам программы. Сдвинуть вперёд: POST /demo/clock {"advance":"26h"}',
  id: 'Telegram ID', answerLost: 'ответ потерян', ms: 'мс',
};

/** @type {typeof ru} */
const en = {
  people: 'People', tools: 'Tools', close: 'Close', cancel: 'Cancel', ok: 'OK', bot: 'bot',
  typing: 'typing', connecting: 'connecting…', log: 'Messages', down: 'To the latest messages',
  offline: 'No connection to the program. Reconnecting…', outage: 'Telegram is down: the bot gets no messages. They wait.',
  silent: 'The bot does not answer. The message waits for delivery.', blocked: 'You have stopped the bot. It cannot write to you.',
  freshTitle: 'What can this bot do?', freshText: 'Press Start and the bot will answer. This is a Telegram emulator: everything happens on this computer.',
  start: 'Start', restart: 'Restart the bot', message: 'Message', send: 'Send', save: 'Save', attach: 'Attach', menu: 'Command menu',
  keys: 'Bot keyboard', photo: 'Photo', file: 'File', contact: 'Contact', location: 'Location', sticker: 'Sticker', voice: 'Voice',
  edited: 'edited', edit: 'Edit', copy: 'Copy', copied: 'Copied', editing: 'Edit message', actions: 'Message actions', editStop: 'Stop editing',
  sent: 'Sent', delivered: 'The bot has it', today: 'Today', yesterday: 'Yesterday', forwarded: 'Forwarded', download: 'Download',
  gone: 'The file was not kept', gonePhoto: 'The photo was not kept', bytes: ['B', 'KB', 'MB'],
  shareTitle: 'Share your number?', shareText: 'The bot will learn your number:', share: 'Share', shareSelf: 'My number', other: 'Somebody else',
  name: 'First name', surname: 'Last name', phone: 'Phone', sendContact: 'Send contact', contactTitle: 'Send a contact',
  placeTitle: 'Send a location?', placeText: 'The bot will learn a point on the map.', place: 'Tyumen, Respubliki street', lat: 'Latitude', lon: 'Longitude',
  caption: 'Caption', sendPhoto: 'Send photo', sendFile: 'Send file', asFile: 'Send as a file', drop: 'Drop to send',
  tooBig: 'The file is too big.', badPhoto: 'This image cannot be sent as a photo.', failed: 'That did not work. Please try again.',
  newPerson: 'New person', current: 'now', language: 'Language', profile: 'Change details', profileTitle: 'Who writes to the bot',
  badPhone: 'A number has 7 to 15 digits', openLink: 'Open the link?', open: 'Open', spoiler: 'Show hidden text',
  faults: 'Faults', forEveryone: 'For everybody', forYou: 'For this chat',
  outageOn: 'Telegram is down', copiesOn: 'Every event three times', blockOn: 'Bot is blocked',
  flood: '429 for 5 seconds', down5: '502 three times', lost: 'Answer lost after sending', slow: 'Slow: 3 messages',
  reset: 'Clear all faults', standing: 'Faults to come', pending: 'Waiting for delivery', journal: 'Calls of the bot', noCalls: 'Nothing yet',
  clock: 'Clock', clockHint: 'Messages are dated by the program’s clock. To move it: POST /demo/clock {"advance":"26h"}',
  id: 'Telegram ID', answerLost: 'answer lost', ms: 'ms',
};

/** The words in use. @type {typeof ru} */
export let words = ru;

/** @type {Language} */
export let language = 'ru';

/** @param {string} to */
export function speak(to) {
  language = to === 'en' ? 'en' : 'ru';
  words = language === 'en' ? en : ru;
  document.documentElement.lang = language;
}
