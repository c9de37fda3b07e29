// Buttons of the page that lead into the chat. Without the chat they are links
// to the phones.
window.okoshko = window.okoshko || function () {
  (window.okoshko.q = window.okoshko.q || []).push(arguments);
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-chat]");
  if (!link || !customElements.get("okoshko-chat")) return;
  event.preventDefault();
  window.okoshko("open");
  if (link.dataset.chat) window.okoshko("send", link.dataset.chat);
});
