// Topics as a grid of partitions; only rows that can be seen are drawn and asked for.
import { h, fill, colour, count, exact } from './dom.js';
import { get, on } from './api.js';
import { partitionView } from './partition.js';

const ROW = 54, WIDTH = 60, REFRESH = 1000;

export function view() {
  let topics = [], filter = '', rows = [], columns = 16, showInternal = false, shown = null, isDrawing = false, stop = null;
  const partitions = new Map();
  const spacer = h('div', { class: 'spacer' });
  const port = h('div', { class: 'viewport', tabindex: 0, role: 'region', 'aria-label': 'Topics and their partitions', onscroll: draw, onkeydown: walk }, spacer);
  const summary = h('p', { class: 'soft' });
  const detail = h('div');
  const element = h('div', {}, h('h1', {}, 'Topics'), h('section', {},
    h('div', { class: 'row' },
      h('label', {}, 'Name contains', h('input', { type: 'search', oninput: event => { filter = event.target.value; layout(); } })),
      h('label', { class: 'short' }, 'Internal topics', h('select', { onchange: event => { showInternal = event.target.value === 'shown'; layout(); } },
        h('option', {}, 'hidden'), h('option', {}, 'shown')))),
    summary, port, h('p', { class: 'legend' }, 'A cell is a partition in the colour of its leader; its dots are the replicas: '
      + 'filled is in sync, red has fallen out, amber is an eligible leader. The small number counts its records; it is underlined while the high watermark moves.')), detail);

  /** Arrows walk from cell to cell, so that the grid is one stop for the keyboard among the others. */
  function walk(event) {
    const at = document.activeElement;
    if (!at?.classList.contains('cell')) return;
    const cells = [...spacer.querySelectorAll('.cell')], x = at.getBoundingClientRect().left;
    const row = at.closest('.trow'), near = one => one && [...one.querySelectorAll('.cell')]
      .reduce((best, cell) => Math.abs(cell.getBoundingClientRect().left - x) < Math.abs(best.getBoundingClientRect().left - x) ? cell : best);
    const next = { ArrowRight: () => cells[cells.indexOf(at) + 1], ArrowLeft: () => cells[cells.indexOf(at) - 1],
      ArrowDown: () => near(row.nextElementSibling), ArrowUp: () => near(row.previousElementSibling) }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    stop = next.dataset.key;
    at.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
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
  /** The answers of all rows that came together are drawn together. */
  function drawSoon() {
    if (!isDrawing) requestAnimationFrame(draw);
    isDrawing = true;
  }
  function draw() {
    isDrawing = false;
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
    const find = key => key && spacer.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (focused) find(focused)?.focus();
    const tab = find(stop) ?? spacer.querySelector('.cell');
    if (tab) tab.tabIndex = 0;
  }
  async function ask(row, key) {
    const entry = partitions.get(key) ?? { states: [] };
    const before = entry.states;
    entry.asked = Date.now();
    partitions.set(key, entry);
    try {
      entry.states = await get(`/v1/topics/${encodeURIComponent(row.topic.name)}/partitions?from=${row.from}&count=${row.count}`);
      entry.states.forEach((state, i) => { state.moves = before.length > i && before[i].high_watermark !== state.high_watermark; });
      if (partitions.size > 2000) partitions.clear();
      drawSoon();
    } catch { partitions.delete(key); }
  }
  function cell(topic, state) {
    const name = `${topic.name}-${state.partition}`;
    const records = state.high_watermark === null ? null : state.high_watermark - state.log_start_offset;
    // It begins with what is seen, for those who speak to the page.
    const label = `${state.partition} ${count(records)} records of ${name}: ${state.leader === null ? 'no leader' : `leader ${state.leader}`}, in sync ${state.isr.join(' ')} of ${
      state.replicas.join(' ')}${state.elr.length ? `, eligible ${state.elr.join(' ')}` : ''}; log ${exact(state.log_start_offset)} to ${
      exact(state.log_end_offset)}, high watermark ${exact(state.high_watermark)}`;
    return h('button', { type: 'button', class: `cell ${state.leader === null ? 'dead' : colour(state.leader)}${state.moves ? ' moves' : ''}`,
        title: label, 'aria-label': label, 'data-key': `${topic.name}/${state.partition}`, tabindex: -1, onclick: () => show(topic, state) },
      `${state.partition} `, h('small', {}, count(records)),
      h('span', { class: 'isr' }, state.replicas.map(id => h('i', {
        class: state.isr.includes(id) ? colour(id) : state.elr.includes(id) ? 'elr' : 'out' }))));
  }
  function show(topic, state) {
    shown?.leave();
    shown = partitionView(topic.name, state.partition);
    fill(detail, shown.element);
    shown.element.tabIndex = -1;
    shown.element.focus({ preventScroll: true });
    shown.element.scrollIntoView({ block: 'nearest' });
  }
  load().catch(error => fill(summary, h('span', { class: 'bad' }, error.message)));
  const timer = setInterval(() => { if (!document.hidden) draw(); }, REFRESH);
  const offs = [on('metadata', records => {
    if (records.some(record => /^(Topic|RemoveTopic|Partition)Record$/.test(record.type))) load().catch(() => {});
    partitions.forEach(entry => { entry.asked = 0; });
  })];
  window.addEventListener('resize', layout);
  requestAnimationFrame(layout);
  return { element, leave: () => { shown?.leave(); clearInterval(timer); offs.forEach(off => off()); window.removeEventListener('resize', layout); } };
}
