export { default } from "./text.ru.json";
