// Talks with the node that served this page.
const listeners = new Map();
export const live = { overview: null, history: [], events: [], metadata: [] };
const KEEP = 180;

/** Calls a route; throws an Error with what the node said. */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) { askForToken(); throw new Error('A token is needed'); }
  const text = await response.text();
  const data = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(data?.message ?? `HTTP ${response.status}`);
  return data;
}
export const get = path => call('GET', path);

export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(listener);
  return () => listeners.get(name).delete(listener);
}
const tell = (name, data) => { for (const listener of listeners.get(name) ?? []) listener(data); };

function note(kind, text, ms) {
  live.events.unshift({ kind, text, ms });
  live.events.length = Math.min(live.events.length, 200);
  tell('note', live.events[0]);
}

/** What changed between two overviews that somebody who watches wants to know. */
function compare(before, now) {
  if (!before) return;
  if (before.controller !== now.controller) {
    note(now.controller === null ? 'bad' : 'warn', now.controller === null ? 'The quorum has no leader'
      : `Node ${now.controller} is the active controller (epoch ${now.epoch})`, now.time_ms);
  }
  const earlier = new Map(before.brokers.map(broker => [broker.id, broker]));
  for (const broker of now.brokers) {
    const was = earlier.get(broker.id);
    if (was && was.state !== broker.state) {
      note(broker.state === 'alive' ? 'good' : 'bad', `Broker ${broker.id}: ${was.state} → ${broker.state}`, now.time_ms);
    }
  }
  for (const [key, words] of [['offline', 'partitions without a leader'], ['under_replicated', 'partitions under-replicated']]) {
    if (before.partitions[key] !== now.partitions[key]) {
      note(now.partitions[key] ? 'bad' : 'good', `${now.partitions[key]} ${words}`, now.time_ms);
    }
  }
}

/** Leaders that moved, as soon as the controller says so. */
function noteLeaders(records) {
  const moved = records.filter(record => record.type === 'PartitionChangeRecord' && (record.data.leader ?? -2) !== -2);
  if (moved.length === 0) return;
  const lost = moved.filter(record => record.data.leader < 0).length;
  note(lost ? 'bad' : 'warn', `${moved.length} ${moved.length === 1 ? 'partition has' : 'partitions have'} another leader${
    lost ? `, ${lost} of them none` : ''}`, moved.at(-1).timestamp_ms);
}

export function connect() {
  const source = new EventSource('/v1/events');
  source.addEventListener('sample', event => {
    const now = JSON.parse(event.data);
    compare(live.overview, now);
    live.overview = now;
    live.history.push(now);
    if (live.history.length > KEEP) live.history.shift();
    tell('sample', now);
  });
  source.addEventListener('metadata', event => {
    const records = JSON.parse(event.data);
    live.metadata.push(...records);
    if (live.metadata.length > 2000) live.metadata.splice(0, live.metadata.length - 2000);
    noteLeaders(records);
    tell('metadata', records);
  });
  source.onopen = () => tell('connected', true);
  source.onerror = () => {
    tell('connected', false);
    // A refused stream does not come back by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
}

function askForToken() {
  const dialog = document.getElementById('dialog');
  if (dialog.open) return;
  const input = Object.assign(document.createElement('input'), { type: 'password', autocomplete: 'current-password' });
  const label = document.createElement('label');
  label.append('Token of this endpoint', input);
  const form = document.createElement('form');
  const title = Object.assign(document.createElement('h2'), { id: 'dialog-title', textContent: 'Who are you?' });
  const button = Object.assign(document.createElement('button'), { textContent: 'Go on', className: 'primary' });
  form.append(title, label, document.createElement('p'), button);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `kraftsharp-token=${encodeURIComponent(input.value)}; Path=/; SameSite=Strict${secure}`;
    location.reload();
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}
