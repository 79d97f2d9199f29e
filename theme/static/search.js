// Between Sphinx's search and its index: what the first gets wrong.

// Words are looked up in plain objects, whose prototype knows "constructor" too.
const own = { __proto__: null, hasOwnProperty: Object.prototype.hasOwnProperty };
const setIndex = Search.setIndex;
Search.setIndex = (index) => {
  for (const terms of [index.terms, index.titleterms]) Object.setPrototypeOf(terms, own);
  setIndex(index);
};

// An excerpt is of the text alone, and shows an equation once, as it was written.
Search.htmlToText = (html, anchor) => {
  const article = new DOMParser().parseFromString(html, "text/html").querySelector("article");
  for (const part of article.querySelectorAll(".headerlink, .player-bar, script, style, svg")) {
    part.remove();
  }
  withTex(article);
  return ((anchor && article.querySelector(anchor)) || article).textContent;
};

// A page that was opened from a file may read no other: what is found stands there by its title.
if (location.protocol === "file:") {
  window.fetch = async () => new Response("");
  addEventListener("DOMContentLoaded", () => {
    const note = document.createElement("p");
    note.textContent = "From a file the titles alone are shown; online, what was found in them too.";
    document.querySelector("#search-results").before(note);
  });
}
