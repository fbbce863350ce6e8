// One partition: how far each replica's log is, and what became of it over time.
import { h, fill, colour, exact, moment, clock, table } from './dom.js';
import { get, on } from './api.js';

const REFRESH = 1000, NO_CHANGE = -2;

export function partitionView(topic, partition) {
  const base = `/v1/topics/${encodeURIComponent(topic)}/partitions`;
  const facts = h('p'), logs = h('div'), story = h('div'), producers = h('div');
  const element = h('section', { 'aria-label': `Partition ${topic}-${partition}` },
    h('h2', {}, `${topic}-${partition}`), facts, logs, story, producers);
  let replicas = [], entries = [], isGone = false;

  async function refresh() {
    const [states, now] = await Promise.all([
      get(`${base}?from=${partition}&count=1`), get(`${base}/${partition}/replicas`)]);
    if (isGone || states.length === 0) return;
    replicas = now;
    drawFacts(states[0]);
    drawLogs(states[0]);
    drawStory();
  }
  function drawFacts(state) {
    fill(facts, state.leader === null ? h('b', { class: 'bad' }, 'No leader') : `Leader ${state.leader}`,
      ` in epoch ${state.leader_epoch}, partition epoch ${state.partition_epoch}; in sync ${state.isr.join(', ')} of ${
        state.replicas.join(', ')}`, state.elr.length ? `; eligible ${state.elr.join(', ')}` : '', '. ',
      h('a', { href: `#/records?topic=${encodeURIComponent(topic)}&partition=${partition}` }, 'Look at its records'));
  }
  function drawLogs(state) {
    const known = replicas.filter(one => one.role !== null);
    const low = Math.min(...known.map(one => one.log_start_offset));
    const high = Math.max(low + 1, ...known.map(one => one.log_end_offset));
    const end = Math.max(0, ...known.map(one => one.log_end_offset));
    const share = offset => `${(offset - low) / (high - low) * 100}%`;
    fill(logs, table(['Replica', 'Part', '>Log start', '>High watermark', '>Log end', '>Behind', 'Log'],
      replicas.map(one => {
        const part = state.leader === one.broker ? 'leader' : state.isr.includes(one.broker) ? 'in sync'
          : state.elr.includes(one.broker) ? 'eligible' : 'out of sync';
        const tone = part === 'eligible' ? 'warn' : part === 'out of sync' ? 'bad' : 'good';
        const name = h('span', {}, h('i', { class: `dot ${colour(one.broker)}` }), ` ${one.broker}`);
        if (one.role === null) return [name, h('span', { class: tone }, part), '–', '–', '–', '–', h('span', { class: 'bad' }, 'does not answer')];
        const committed = h('i', { class: 'committed' }), written = h('i', { class: 'written' });
        written.style.left = committed.style.left = share(one.log_start_offset);
        committed.style.width = `${(one.high_watermark - one.log_start_offset) / (high - low) * 100}%`;
        written.style.width = `${(one.log_end_offset - one.log_start_offset) / (high - low) * 100}%`;
        return [name, h('span', { class: tone }, part), exact(one.log_start_offset), exact(one.high_watermark),
          exact(one.log_end_offset), exact(end - one.log_end_offset),
          h('div', { class: `extent ${colour(one.broker)}`, title: 'Solid is committed, pale is written' }, written, committed)];
      }), 'Replicas'));
  }
  function drawStory() {
    const columns = tell(entries, replicas);
    const brokers = [...new Set(columns.flatMap(column => column.replicas))].sort((a, b) => a - b);
    const shown = columns.slice(-40);
    const wasAtEnd = !story.firstChild || story.querySelector('.scroll').scrollLeft + story.clientWidth
      >= story.querySelector('.scroll').scrollWidth - 20;
    const scrolled = story.querySelector('.scroll')?.scrollLeft ?? 0;
    fill(story, h('h2', {}, 'Its story'), shown.length === 0 ? h('p', { class: 'soft' }, 'Nothing is kept of it any more.')
      : h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'The story of the partition' },
        h('table', { class: 'story' },
          h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'When'), shown.map(column => h('th', { scope: 'col',
            title: `${moment(column.ms)}, metadata offset ${column.offset ?? 'none'}` }, clock(column.ms),
            h('span', { class: 'soft' }, column.epoch === null ? '' : ` e${column.epoch}`))))),
          h('tbody', {}, brokers.map(id => h('tr', {}, h('th', { scope: 'row' }, `Node ${id}`),
            shown.map(column => cell(column, id))))))),
      h('p', { class: 'legend' }, 'A column is a decision of the controller (e is the leader epoch), or a log that was cut.'));
    const port = story.querySelector('.scroll');
    if (port) port.scrollLeft = wasAtEnd ? port.scrollWidth : scrolled;
  }
  async function load() {
    entries = await get(`${base}/${partition}/story`);
    drawStory();
    const known = await get(`${base}/${partition}/producers`).catch(() => []);
    fill(producers, known.length === 0 ? null : [h('h2', {}, 'Producers'), table(
      ['>Id', '>Epoch', '>Last sequence', 'Last seen', 'Open since offset'], known.map(one => [one.producer_id,
        one.producer_epoch, one.last_sequence, moment(one.last_timestamp_ms), exact(one.open_since)]), 'Producers')]);
  }
  const attempt = work => work().catch(error => fill(facts, h('span', { class: 'bad' }, error.message)));
  attempt(refresh);
  attempt(load);
  const timer = setInterval(() => { if (!document.hidden) attempt(refresh); }, REFRESH);
  const off = on('metadata', records => {
    if (records.some(record => record.type.startsWith('Partition'))) attempt(load);
  });
  return { element, leave: () => { isGone = true; clearInterval(timer); off(); } };
}

function cell(column, id) {
  if (column.cut?.broker === id) return h('td', { class: 'out' }, `cut ${exact(column.cut.from)} → ${exact(column.cut.to)}`);
  if (!column.replicas.includes(id)) return h('td', { class: 'soft' }, '–');
  if (column.leader === id) return h('td', { class: `leads ${colour(id)}` }, 'leads');
  if (column.isr.includes(id)) return h('td', { class: `follows ${colour(id)}` }, 'in sync');
  return column.elr.includes(id) ? h('td', { class: 'eligible' }, 'eligible') : h('td', { class: 'out' }, 'out');
}

/** The state of the partition after each decision; logs that were cut between them. */
function tell(entries, replicas) {
  const columns = [];
  let now = { leader: null, epoch: null, replicas: [], isr: [], elr: [] };
  for (const { data, type, timestamp_ms: ms, offset } of entries) {
    if (type === 'PartitionRecord') {
      now = { leader: data.leader < 0 ? null : data.leader, epoch: data.leaderEpoch, replicas: data.replicas, isr: data.isr,
        elr: data.eligibleLeaderReplicas ?? [] };
    } else {
      now = { ...now, replicas: data.replicas ?? now.replicas, isr: data.isr ?? now.isr,
        elr: data.eligibleLeaderReplicas ?? now.elr };
      if (data.leader !== undefined && data.leader !== NO_CHANGE) {
        now = { ...now, leader: data.leader < 0 ? null : data.leader, epoch: now.epoch === null ? null : now.epoch + 1 };
      }
    }
    columns.push({ ...now, ms, offset });
  }
  for (const replica of replicas) {
    for (const event of replica.events.filter(one => one.what === 'truncated')) {
      const before = columns.findLast(column => column.ms <= event.timestamp_ms) ?? now;
      columns.push({ ...before, ms: event.timestamp_ms, offset: null, epoch: event.leader_epoch,
        cut: { broker: replica.broker, from: event.truncated_from, to: event.log_end_offset } });
    }
  }
  return columns.sort((a, b) => a.ms - b.ms);
}
