// Topics as a grid of partitions; only rows that can be seen are drawn and asked for.
import { h, fill, colour, exact, moment, table } from './dom.js';
import { get, on } from './api.js';

const ROW = 46, WIDTH = 48, REFRESH = 2000;

export function view() {
  let topics = [], filter = '', rows = [], columns = 16, showInternal = false;
  const partitions = new Map();
  const spacer = h('div', { class: 'spacer' });
  const port = h('div', { class: 'viewport', tabindex: 0, role: 'region', 'aria-label': 'Topics and their partitions', onscroll: draw }, spacer);
  const summary = h('p', { class: 'soft' });
  const detail = h('div');
  const element = h('div', {}, h('h1', {}, 'Topics'), h('section', {},
    h('div', { class: 'row' },
      h('label', {}, 'Name contains', h('input', { type: 'search', oninput: event => { filter = event.target.value; layout(); } })),
      h('label', { class: 'short' }, 'Internal topics', h('select', { onchange: event => { showInternal = event.target.value === 'shown'; layout(); } },
        h('option', {}, 'hidden'), h('option', {}, 'shown')))),
    summary, port, h('p', { class: 'legend' }, 'A cell is a partition in the colour of its leader; its dots are the replicas: '
      + 'filled is in sync, red has fallen out, amber is an eligible leader.')), detail);

  async function load() {
    topics = await get('/v1/topics');
    layout();
  }
  function layout() {
    columns = Math.max(3, Math.floor(((port.clientWidth || 900) - 250) / WIDTH));
    rows = [];
    const chosen = topics.filter(topic => topic.name.includes(filter) && (showInternal || !topic.is_internal));
    for (const topic of chosen) {
      for (let from = 0; from < topic.partitions; from += columns) {
        rows.push({ topic, from, count: Math.min(columns, topic.partitions - from) });
      }
    }
    spacer.style.height = `${rows.length * ROW}px`;
    const total = chosen.reduce((sum, topic) => sum + topic.partitions, 0);
    fill(summary, `${exact(chosen.length)} topics, ${exact(total)} partitions`);
    draw();
  }
  function visible() {
    const first = Math.max(0, Math.floor(port.scrollTop / ROW) - 1);
    return rows.slice(first, first + Math.ceil(Math.max(port.clientHeight, 720) / ROW) + 3).map((row, i) => ({ ...row, at: first + i }));
  }
  function draw() {
    const focused = document.activeElement?.dataset?.key;
    fill(spacer, visible().map(row => {
      const key = `${row.topic.name}/${row.from}/${row.count}`;
      const known = partitions.get(key);
      if (!known || Date.now() - known.asked > REFRESH) ask(row, key);
      const line = h('div', { class: 'trow' },
        h('span', { class: 'tname', title: row.topic.name }, row.from === 0 ? row.topic.name : h('span', { class: 'soft' }, `… ${row.from}`)),
        h('span', { class: 'cells' }, (known?.states ?? []).map(state => cell(row.topic, state))));
      line.style.top = `${row.at * ROW}px`;
      return line;
    }));
    if (focused) spacer.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }
  async function ask(row, key) {
    const entry = partitions.get(key) ?? { states: [] };
    entry.asked = Date.now();
    partitions.set(key, entry);
    try {
      entry.states = await get(`/v1/topics/${encodeURIComponent(row.topic.name)}/partitions?from=${row.from}&count=${row.count}`);
      if (partitions.size > 2000) partitions.clear();
      requestAnimationFrame(draw);
    } catch { partitions.delete(key); }
  }
  function cell(topic, state) {
    const label = `${topic.name}-${state.partition}: ${state.leader === null ? 'no leader' : `leader ${state.leader}`}, in sync ${state.isr.join(' ')} of ${state.replicas.join(' ')}`;
    return h('button', { type: 'button', class: `cell ${state.leader === null ? 'dead' : colour(state.leader)}`, title: label, 'aria-label': label,
        'data-key': `${topic.name}/${state.partition}`, onclick: () => show(topic, state) }, String(state.partition),
      h('span', { class: 'isr' }, state.replicas.map(id => h('i', {
        class: state.isr.includes(id) ? colour(id) : state.elr.includes(id) ? 'elr' : 'out' }))));
  }
  async function show(topic, state) {
    const name = encodeURIComponent(topic.name);
    const [story, producers] = await Promise.all([
      get(`/v1/topics/${name}/partitions/${state.partition}/story`),
      get(`/v1/topics/${name}/partitions/${state.partition}/producers`).catch(() => [])]);
    fill(detail, h('section', {}, h('h2', {}, `${topic.name}-${state.partition}`),
      h('p', {}, `Leader ${state.leader ?? 'none'} in epoch ${state.leader_epoch}; in sync ${state.isr.join(', ')} of ${state.replicas.join(', ')}. `,
        `Log ${exact(state.log_start_offset)} to ${exact(state.log_end_offset)}, high watermark ${exact(state.high_watermark)}. `,
        h('a', { href: `#/records?topic=${name}&partition=${state.partition}` }, 'Look at its records')),
      h('h2', {}, 'Its story'),
      table(['>Offset', 'When', 'What', 'To what'], story.slice().reverse().map(entry => [exact(entry.offset), moment(entry.timestamp_ms),
        entry.type.replace('Record', ''), tell(entry)]), 'The story of the partition'),
      producers.length ? [h('h2', {}, 'Producers'), table(['>Id', '>Epoch', '>Last sequence', 'Last seen', 'Open since offset'],
        producers.map(one => [one.producer_id, one.producer_epoch, one.last_sequence, moment(one.last_timestamp_ms), exact(one.open_since)]), 'Producers')] : null));
    detail.scrollIntoView({ block: 'nearest' });
  }
  load().catch(error => fill(summary, h('span', { class: 'bad' }, error.message)));
  const timer = setInterval(() => { if (!document.hidden) draw(); }, REFRESH);
  const offs = [on('metadata', records => {
    if (records.some(record => /^(Topic|RemoveTopic|Partition)Record$/.test(record.type))) load().catch(() => {});
    partitions.forEach(entry => { entry.asked = 0; });
  })];
  window.addEventListener('resize', layout);
  requestAnimationFrame(layout);
  return { element, leave: () => { clearInterval(timer); offs.forEach(off => off()); window.removeEventListener('resize', layout); } };
}

/** A metadata record of a partition in words. */
function tell(entry) {
  const data = entry.data, words = [];
  if (entry.type === 'PartitionRecord') words.push(`replicas ${data.replicas}, leader ${data.leader}`);
  if (entry.type === 'PartitionChangeRecord') {
    if (data.leader !== undefined && data.leader !== -2) words.push(data.leader === -1 ? 'no leader' : `leader ${data.leader}`);
    if (data.isr) words.push(`in sync ${data.isr}`);
    if (data.eligibleLeaderReplicas?.length) words.push(`eligible ${data.eligibleLeaderReplicas}`);
    if (data.replicas) words.push(`replicas ${data.replicas}`);
    if (data.addingReplicas?.length) words.push(`adding ${data.addingReplicas}`);
    if (data.removingReplicas?.length) words.push(`removing ${data.removingReplicas}`);
  }
  return words.join('; ');
}
