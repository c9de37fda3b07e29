/** Keeps together what is read as one: a value and its unit, a number and its sign («№ 7»), a range («пн–пт», «08:00–20:00»). */
export const together = (text: string): string =>
  text.replace(/(\d(?= [₽%k]| \p{L}+·)|№) /gu, "$1\u00a0").replace(/–(?=\S)/g, "–\u2060");
