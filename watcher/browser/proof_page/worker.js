"use strict";

// One script for dedicated, shared and service workers: does the write it is told to do, then answers.

const settled = (target, ...events) =>
  new Promise((resolve) => events.forEach((event) => target.addEventListener(event, resolve, { once: true })));

const means = {
  read: (address) => fetch(address, { mode: "no-cors" }),
  script: async (address) => importScripts(address),
  fetch: (address) => fetch(address, { method: "POST", mode: "no-cors", body: "write" }),
  websocket: (address) => settled(new WebSocket(address), "open", "error", "close"),
  xhr: (address) => {
    const call = new XMLHttpRequest();
    call.open("POST", address);
    const ended = settled(call, "loadend");
    call.send("write");
    return ended;
  },
  nested: (address) => {
    const worker = new Worker("/worker.js?nested");
    worker.postMessage({ means: "fetch", address });
    return settled(worker, "message", "error");
  },
};

const obey = async (order, answer) => {
  try {
    await means[order.means](order.address);
  } catch {
    // A refused write is the wanted outcome; the server's count is what decides.
  }
  answer.postMessage("done");
};

self.addEventListener("message", (event) => {
  const work = obey(event.data, event.ports[0] ?? self);
  event.waitUntil?.(work);
});
self.addEventListener("sync", (event) => event.waitUntil(means.fetch(event.tag)));
self.addEventListener("connect", ({ ports: [port] }) => {
  port.onmessage = (event) => obey(event.data, port);
});
