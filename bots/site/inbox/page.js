// Looks for news every two seconds while somebody looks at the page.
const main = document.querySelector("main");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.querySelector("main");
    if (news && news.textContent !== main.textContent) main.replaceChildren(...news.childNodes);
  } catch {
    // The server is being restarted: the next look will find it.
  }
}

setInterval(look, 2000);
document.addEventListener("visibilitychange", look);
