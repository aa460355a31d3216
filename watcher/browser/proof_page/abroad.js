"use strict";

// Every entry tries to make the browser ask another host for something; what counts is only what that host has seen.

const element = (name, attributes, parent = document.body) => {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  parent.append(made);
  return made;
};

const loading = (name, attributes, parent) => async (to) => {
  element(name, attributes(to), parent);
  await pause(200);
};

const redirected = (to) => `/redirect?to=${encodeURIComponent(to)}`;

const abroad = {
  fetch: (to) => fetch(to, { mode: "no-cors" }),
  "fetch, redirected": (to) => fetch(redirected(to), { mode: "no-cors" }),
  EventSource: async (to) => {
    const source = new EventSource(to);
    await settled(source, "open", "error");
    source.close();
  },
  worker: inWorker("read", plain),
  "script of a worker": inWorker("script", blob),
  "service worker": inServiceWorker("read"),
  image: loading("img", (src) => ({ src })),
  "style sheet": loading("link", (href) => ({ rel: "stylesheet", href })),
  font: async (to) => {
    document.fonts.add(await new FontFace("abroad", `url(${JSON.stringify(to)})`).load());
  },
  script: loading("script", (src) => ({ src })),
  module: loading("link", (href) => ({ rel: "modulepreload", href })),
  video: loading("video", (src) => ({ src, preload: "auto" })),
  frame: loading("iframe", (src) => ({ src })),
  "frame, redirected": loading("iframe", (to) => ({ src: redirected(to) })),
  object: loading("object", (data) => ({ data, type: "text/html" })),
  icon: loading("link", (href) => ({ rel: "icon", href }), document.head),
  manifest: loading("link", (href) => ({ rel: "manifest", href }), document.head),
  prefetch: loading("link", (href) => ({ rel: "prefetch", href })),
  "prefetch by rule": (to) => ahead("prefetch", to),
  "page rendered ahead": (to) => ahead("prerender", to),
  form: async (to) => {
    await frame({ src: "/empty.html", name: "abroad" });
    element("form", { action: to, target: "abroad" }).submit();
    await pause(200);
  },
  popup: async (to) => {
    // After the others of its page have begun: it takes the front.
    await pause(200);
    if (!window.open(to, "_blank", "popup")) throw new Absent("popup");
    await pause(200);
  },
  "link with ping": async (to) => {
    await frame({ src: "/empty.html", name: "pinged abroad" });
    element("a", { href: "/empty.html?pinged", ping: to, target: "pinged abroad" }).click();
    await pause(50);
  },
};

for (const [means, attempt] of Object.entries(abroad))
  ways[`another host, ${means}`] = async (to) => {
    if (!STRANGER) throw new Absent("another host");
    await attempt(STRANGER + to);
  };
