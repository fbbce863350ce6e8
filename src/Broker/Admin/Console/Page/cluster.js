// The cluster: nodes, quorum, what is wrong, charts, what happened.
import { h, fill, colour, count, exact, bytes, clock, table } from './dom.js';
import { live, on } from './api.js';
import { chart } from './charts.js';

const percentiles = api => [['p50', 'p50'], ['p99', 'p99']].map(([name, key]) => [name, node => node[api].count ? node[api][key] : null]);
const ms = value => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

export function view() {
  const nodes = h('div', { class: 'grid' }), quorum = h('section'), reasons = h('div');
  const log = h('ol', { class: 'log' });
  const charts = [
    chart('Bytes in a second', bytes, ['', node => node.bytes_in]),
    chart('Bytes out a second', bytes, ['', node => node.bytes_out]),
    chart('Records in a second', count, ['', node => node.messages_in]),
    chart('Produce, latency', ms, ...percentiles('produce')),
    chart('Fetch, latency (long polls wait)', ms, ...percentiles('fetch')),
    chart('Metadata: time until a majority has a record', ms, ['', node => node.commit_ms]),
    chart('Connections', count, ['', node => node.connections]),
    chart('Processor cores', value => value.toFixed(2), ['', node => node.cpu]),
  ];
  const element = h('div', {}, h('h1', {}, 'Cluster'), reasons, nodes, quorum,
    h('div', { class: 'grid wide' }, charts.map(one => one.element)),
    h('section', {}, h('h2', {}, 'What happened'), log));

  function draw() {
    const now = live.overview;
    if (!now) return;
    fill(reasons, now.health.reasons.map(reason => h('div', { class: `note ${reason.status === 'Red' ? 'bad' : ''}` },
      reason.message, reason.examples.length ? h('span', { class: 'soft' }, ` (${reason.examples.join(', ')})`) : null)));
    fill(nodes, now.brokers.map(broker => nodeCard(broker, now)));
    fill(quorum, quorumTable(now));
    for (const one of charts) one.draw(live.history, live.events);
    drawLog();
  }
  function drawLog() {
    fill(log, live.events.length === 0 ? h('li', { class: 'soft' }, 'Nothing yet: stop a node and see.') : null,
      live.events.slice(0, 60).map(event => h('li', {}, h('time', {}, clock(event.ms)), h('span', { class: event.kind }, event.text))));
  }
  draw();
  const offs = [on('sample', draw), on('note', drawLog)];
  return { element, leave: () => offs.forEach(off => off()) };
}

function nodeCard(broker, now) {
  const sample = now.nodes.find(node => node.node === broker.id);
  const state = broker.state === 'alive' ? (sample ? 'good' : 'warn') : sample?.is_held ? 'warn' : 'bad';
  const role = now.controller === broker.id ? 'controller' : now.quorum?.voters.some(voter => voter.id === broker.id) ? 'voter' : null;
  return h('section', {},
    h('div', { class: 'node' }, h('i', { class: `dot ${colour(broker.id)}` }), h('h2', {}, `Node ${broker.id}`),
      h('span', { class: `pill ${state}` }, sample?.is_held ? 'fenced by request' : broker.state),
      role === null ? null : h('span', { class: 'pill' }, role)),
    h('dl', { class: 'facts' },
      facts('Kafka', broker.host ? `${broker.host}:${broker.port}` : '–'),
      facts('Rack', broker.rack ?? '–'),
      facts('Leads / keeps', `${exact(broker.leads)} / ${exact(broker.keeps)}`),
      facts('In / out', sample ? `${bytes(sample.bytes_in)} / ${bytes(sample.bytes_out)} a second` : '–'),
      facts('Requests', sample ? `${count(sample.requests)} a second` : '–'),
      facts('Memory', sample ? bytes(sample.memory_bytes) : '–'),
      facts('Console', broker.admin ? h('a', { href: `${broker.admin}/` }, broker.admin.replace(/^https?:\/\//, '')) : '–')));
}
const facts = (name, value) => [h('dt', {}, name), h('dd', {}, value)];

function quorumTable(now) {
  const quorum = now.quorum;
  const title = h('h2', {}, 'Quorum of the metadata');
  if (!quorum) return [title, h('p', { class: 'bad' }, 'No leader answers: the voters are electing one.')];
  const row = kind => replica => {
    const behind = Math.max(0, replica.lag);
    const age = replica.last_fetch_ms ? Math.max(0, now.time_ms - replica.last_fetch_ms) : null;
    const bar = h('i');
    bar.style.width = `${Math.max(2, 100 - Math.min(98, behind))}%`;
    return [h('span', {}, h('i', { class: `dot ${colour(replica.id)}` }), ` ${replica.id}`),
      replica.id === quorum.leader ? 'leader' : kind, exact(replica.log_end_offset), exact(behind),
      replica.id === quorum.leader ? '–' : age === null ? 'never' : age > 3000 ? h('span', { class: 'bad' }, `${(age / 1000).toFixed(0)} s ago`) : 'now',
      h('div', { class: 'bar' }, bar)];
  };
  return [title, h('p', { class: 'soft' }, `Epoch ${quorum.epoch}, leader ${quorum.leader}, high watermark ${exact(quorum.high_watermark)}; `
      + `this node has applied ${exact(now.metadata_offset)}.`),
    table(['Node', 'Role', '>Log end', '>Lag', 'Last fetch', 'In step'],
      [...quorum.voters.map(row('voter')), ...quorum.observers.map(row('observer'))], 'The quorum')];
}
