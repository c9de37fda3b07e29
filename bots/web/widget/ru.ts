export { chat as default } from "./text.ru.json";
