"use strict";

// Every entry tries to carry one write to the address it is given. It throws `Absent` where this browser has no such
// means, and otherwise resolves or rejects as the browser likes: what counts is only what the server has seen.

class Absent extends Error {}

const need = (name, where = window) => {
  if (!(name in where)) throw new Absent(name);
};
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const absolute = (address) => new URL(address, location.href).href;
const socketAddress = (address) => absolute(address).replace(/^http/, "ws");
const settled = (target, ...events) =>
  new Promise((resolve) => events.forEach((event) => target.addEventListener(event, resolve, { once: true })));

const frame = async (attributes) => {
  const element = Object.assign(document.createElement("iframe"), attributes);
  const loaded = settled(element, "load");
  document.body.append(element);
  await loaded;
  return element;
};

const submit = (owner, address, target = "") => {
  const form = owner.createElement("form");
  Object.assign(form, { method: "post", action: absolute(address), target });
  owner.body.append(form);
  form.submit();
};

const request = (method) => (address) => fetch(address, { method, body: "write" });

const xhr = (method, asynchronous) => async (address) => {
  const call = new XMLHttpRequest();
  call.open(method, address, asynchronous);
  const ended = settled(call, "loadend");
  call.send("write");
  if (asynchronous) await ended;
};

const workerOrder = (means, address) => ({ means, address: means === "websocket" ? socketAddress(address) : absolute(address) });

const inWorker = (means, script) => async (address) => {
  const worker = new Worker(await script());
  worker.postMessage(workerOrder(means, address));
  await settled(worker, "message", "error");
};

const source = async () => (await fetch("/worker.js")).text();
const plain = async () => "/worker.js";
const blob = async () => URL.createObjectURL(new Blob([await source()], { type: "text/javascript" }));
const data = async () => `data:text/javascript,${encodeURIComponent(await source())}`;

const inSharedWorker = (means) => async (address) => {
  need("SharedWorker");
  const worker = new SharedWorker(`/worker.js?${means}`);
  worker.port.start();
  worker.port.postMessage(workerOrder(means, address));
  await settled(worker.port, "message");
};

const serviceWorker = async () => {
  need("serviceWorker", navigator);
  const registration = await navigator.serviceWorker.register("/worker.js", { scope: "/nowhere/" });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  while (worker.state !== "activated") await settled(worker, "statechange");
  return registration;
};

const inServiceWorker = (means) => async (address) => {
  const { active } = await serviceWorker();
  const channel = new MessageChannel();
  channel.port1.start();
  active.postMessage(workerOrder(means, address), [channel.port2]);
  await settled(channel.port1, "message");
};

const inFrame = (attributes) => async (address) => {
  const to = JSON.stringify(absolute(address));
  const html = `<script>fetch(${to}, { method: "POST", mode: "no-cors", body: "write" })</script>`;
  await frame(attributes(html));
  await pause(50);
};

const peer = async () => {
  need("RTCPeerConnection");
  const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${PORTS.WebRTC}` }] });
  connection.createDataChannel("write");
  await connection.setLocalDescription(await connection.createOffer());
  // Left open: gathering begins late on a busy machine, and goes on while the other ways are tried.
  await pause(600);
};

// What a page asks to be loaded ahead: `rule` is "prefetch" or "prerender".
const ahead = async (rule, address) => {
  if (!HTMLScriptElement.supports?.("speculationrules")) throw new Absent("speculation rules");
  const rules = { [rule]: [{ urls: [absolute(address)], eagerness: "immediate" }] };
  document.head.append(Object.assign(document.createElement("script"), { type: "speculationrules", text: JSON.stringify(rules) }));
  await pause(400);
};

const ways = {
  "fetch POST": request("POST"),
  "fetch PUT": request("PUT"),
  "fetch PATCH": request("PATCH"),
  "fetch patch in lower case": request("patch"),
  "fetch DELETE": request("DELETE"),
  "fetch PROPFIND": request("PROPFIND"),
  "fetch QUERY": request("QUERY"),
  "fetch of a method nobody knows": request("X-WRITE"),
  "fetch POST to another origin": (to) => fetch(absolute(to).replace("127.0.0.1", "localhost"), { method: "POST", mode: "no-cors", body: "write" }),
  "fetch POST with keepalive": (to) => fetch(to, { method: "POST", keepalive: true, body: "write" }),
  "fetch POST, redirected": (to) => fetch(`/redirect?to=${encodeURIComponent(to)}`, { method: "POST", body: "write" }),
  "XHR POST": xhr("POST", true),
  "XHR POST, synchronous": xhr("POST", false),
  "XHR PROPFIND": xhr("PROPFIND", true),
  beacon: async (to) => navigator.sendBeacon(to, "write"),
  fetchLater: async (to) => {
    need("fetchLater");
    fetchLater(to, { method: "POST", body: "write", activateAfter: 0 });
    await pause(50);
  },
  "form in an iframe": async (to) => {
    const inner = await frame({ src: "/empty.html" });
    submit(inner.contentDocument, to);
    await Promise.race([settled(inner, "load"), pause(300)]);
  },
  "form into an iframe": async (to) => {
    const inner = await frame({ src: "/empty.html", name: "target" });
    submit(document, to, "target");
    await Promise.race([settled(inner, "load"), pause(300)]);
  },
  "form in a popup": async (to) => {
    const popup = window.open("/empty.html", "_blank", "popup");
    if (!popup) throw new Absent("popup");
    await settled(popup, "load");
    submit(popup.document, to);
    await pause(250);
  },
  "form into a new tab": async (to) => {
    submit(document, to, "_blank");
    await pause(250);
  },
  "dedicated worker, fetch": inWorker("fetch", plain),
  "dedicated worker, XHR": inWorker("xhr", plain),
  "dedicated worker, WebSocket": inWorker("websocket", plain),
  "blob worker, fetch": inWorker("fetch", blob),
  "blob worker, WebSocket": inWorker("websocket", blob),
  "data worker, fetch": inWorker("fetch", data),
  "worker in a worker, fetch": inWorker("nested", plain),
  "shared worker, fetch": inSharedWorker("fetch"),
  "shared worker, WebSocket": inSharedWorker("websocket"),
  "service worker, fetch": inServiceWorker("fetch"),
  "service worker, WebSocket": inServiceWorker("websocket"),
  "service worker, background sync": async (to) => {
    const registration = await serviceWorker();
    need("sync", registration);
    await registration.sync.register(absolute(to));
    await pause(300);
  },
  "background fetch": async (to) => {
    const registration = await serviceWorker();
    need("backgroundFetch", registration);
    await registration.backgroundFetch.fetch(`write-${Date.now()}`, [new Request(to, { method: "POST", body: "write" })]);
    await pause(300);
  },
  WebSocket: async (to) => {
    const socket = new WebSocket(socketAddress(to));
    await settled(socket, "open", "error", "close");
  },
  WebSocketStream: async (to) => {
    need("WebSocketStream");
    await new WebSocketStream(socketAddress(to)).opened;
  },
  WebTransport: async () => {
    need("WebTransport");
    // Nobody answers there; the first datagram is all that is asked for.
    await Promise.race([new WebTransport(`https://127.0.0.1:${PORTS.WebTransport}/`).ready, pause(400)]);
  },
  WebRTC: peer,
  "frame from text, fetch": inFrame((srcdoc) => ({ srcdoc })),
  "frame in a sandbox, fetch": inFrame((srcdoc) => ({ srcdoc, sandbox: "allow-scripts" })),
  "frame from data, fetch": inFrame((html) => ({ src: `data:text/html,${encodeURIComponent(html)}` })),
  "frame from a blob, fetch": inFrame((html) => ({ src: URL.createObjectURL(new Blob([html], { type: "text/html" })) })),
  "link with ping": async (to) => {
    await frame({ src: "/empty.html", name: "pinged" });
    const link = Object.assign(document.createElement("a"), { href: "/empty.html?pinged", ping: to, target: "pinged" });
    document.body.append(link);
    link.click();
    await pause(50);
  },
  "download with ping": async (to) => {
    const link = Object.assign(document.createElement("a"), { href: "/empty.html?saved", download: "saved.html", ping: to });
    document.body.append(link);
    link.click();
    await pause(100);
  },
  "form posted for a download": async (to) => {
    const inner = await frame({ src: "/empty.html", name: "saved" });
    submit(document, `${to}?download`, "saved");
    await Promise.race([settled(inner, "load"), pause(300)]);
  },
  "CSP report-uri": async (to) => {
    await frame({ src: `/empty.html?report=${encodeURIComponent(to)}` });
    await pause(100);
  },
  "login by FedCM": async () => {
    need("IdentityCredential");
    const providers = [{ configURL: absolute("/login.json"), clientId: "write" }];
    await Promise.race([navigator.credentials.get({ identity: { providers } }), pause(400)]);
  },
};

// What a page can still send while it is being taken away. The last one asks beforehand, the browser sends afterwards.
const farewells = {
  beacon: (to) => addEventListener("pagehide", () => navigator.sendBeacon(to, "write")),
  "fetch with keepalive": (to) =>
    addEventListener("pagehide", () => void fetch(to, { method: "POST", keepalive: true, body: "write" }).catch(() => {})),
  fetchLater: (to) => {
    need("fetchLater");
    fetchLater(to, { method: "POST", body: "write" });
  },
};

// What must go on working, or the guard has stopped more than it should.
const reads = {
  GET: async () => (await fetch("/empty.html?read")).ok,
  HEAD: async () => (await fetch("/empty.html?read", { method: "HEAD" })).ok,
  "GET after a redirect": async () => (await fetch(`/redirect?to=${encodeURIComponent("/empty.html?redirected")}`)).ok,
  "GET from another origin with a token": async (other) =>
    (await fetch(`${other}/empty.html?read`, { headers: { Authorization: "Bearer read" } })).ok,
  image: async () => {
    const image = Object.assign(new Image(), { src: "/dot.svg" });
    await image.decode();
    return image.naturalWidth > 0;
  },
};

const writeTo = (name) => `/write/${encodeURIComponent(name)}`;

// Tries all named ways at once and says of each "done", "absent" or why it was refused.
const drive = async (names, { ports, stranger }, patience) => {
  Object.assign(globalThis, { PORTS: ports, STRANGER: stranger });
  const unknown = names.filter((name) => !(name in ways));
  if (unknown.length) throw new Error(`no such way: ${unknown}`);
  const attempt = async (name) => {
    try {
      await Promise.race([ways[name](writeTo(name)), pause(patience)]);
      return [name, "done"];
    } catch (error) {
      return [name, error instanceof Absent ? "absent" : `refused: ${error}`];
    }
  };
  return Object.fromEntries(await Promise.all(names.map(attempt)));
};

// Prepares all farewells for one occasion and returns the names of those that this browser has.
const prepare = (occasion) =>
  Object.keys(farewells).flatMap((farewell) => {
    const name = `${farewell}, ${occasion}`;
    try {
      farewells[farewell](writeTo(name));
      return [name];
    } catch (error) {
      if (error instanceof Absent) return [];
      throw error;
    }
  });

// Returns the names of the reads that do not work.
const brokenReads = async (other) => {
  const works = await Promise.all(Object.values(reads).map((read) => read(other).catch(() => false)));
  return Object.keys(reads).filter((_, index) => !works[index]);
};

// Lets a frame of this very page say farewell, and takes it away.
const removeFrame = async (occasion) => {
  const inner = await frame({ src: "/proof.html?frame" });
  const names = inner.contentWindow.eval(`prepare(${JSON.stringify(occasion)})`);
  inner.remove();
  return names;
};
