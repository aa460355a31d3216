// Tries to write in two ways, and ends when both have ended, or the patience (in milliseconds): what came of them, the
// server and the browser say. It is told to the page that is open, before every visit.
async ([to, patience]) => {
  const socket = new WebSocket(`${to}-by-socket`.replace("http", "ws"));
  const both = [
    fetch(to, { method: "POST", body: "write" }).catch(() => null),
    new Promise((resolve) => (socket.onopen = socket.onerror = resolve)),
  ];
  await Promise.race([Promise.all(both), new Promise((resolve) => setTimeout(resolve, patience))]);
};
