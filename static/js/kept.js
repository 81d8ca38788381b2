// What a page keeps in this tab until it is saved, under a key that names the person: read(), write(value), forget().
"use strict";

const keptUnder = (key) => ({
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Without storage, or with too little of it, the page works; it only keeps nothing.
    }
  },
  forget() {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // As above.
    }
  },
});
