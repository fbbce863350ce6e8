// Groups: members, assignments as lines, lag over time; transactions in flight.
import { h, fill, colour, exact, table } from './dom.js';
import { get } from './api.js';
import { spark } from './charts.js';

const REFRESH = 2000, LINE = 20;
// Kept while the page is, whatever view is shown.
const lags = new Map();
const IN_FLIGHT = new Set(['Ongoing', 'PrepareCommit', 'PrepareAbort', 'PrepareEpochFence']);

export function view(parameters) {
  const list = h('section'), detail = h('div'), transactions = h('section');
  const chosen = parameters.get('group');
  let othersAreOpen = false;
  const element = h('div', {}, h('h1', {}, 'Groups'), list, detail, transactions);

  async function load() {
    const [groups, open] = await Promise.all([get('/v1/groups'), get('/v1/transactions')]);
    fill(list, groups.length === 0 ? h('p', { class: 'soft' }, 'No group yet: start a consumer with a group id.')
      : table(['Group', 'Type', 'State', 'Coordinator'], groups.map(group => [
        h('a', { href: `#/groups?group=${encodeURIComponent(group.group_id)}` }, group.group_id), group.type.toLowerCase(),
        h('span', { class: `pill ${group.state === 'Stable' ? 'good' : group.state === 'Empty' || group.state === 'Dead' ? '' : 'warn'}` }, group.state),
        `node ${group.coordinator}`]), 'All groups'));
    await drawTransactions(open);
    if (chosen) await show(chosen);
  }
  /** Those in flight with their partitions, the others in a line. */
  async function drawTransactions(all) {
    const inFlight = all.filter(one => IN_FLIGHT.has(one.state));
    const details = await Promise.all(inFlight.slice(0, 25).map(one =>
      get(`/v1/transactions/${encodeURIComponent(one.transactional_id)}`).catch(() => ({ ...one, partitions: [], started_ms: null }))));
    fill(transactions, h('h2', {}, `Transactions: ${inFlight.length} in flight, ${all.length - inFlight.length} others`),
      details.length === 0 ? h('p', { class: 'soft' }, 'None is in flight.') : table(
        ['Transactional id', 'State', '>Open for', '>Producer id', '>Epoch', 'Coordinator', 'Partitions'], details.map(one => [one.transactional_id,
          h('span', { class: 'pill warn' }, one.state), one.started_ms === null ? '–' : `${((Date.now() - one.started_ms) / 1000).toFixed(0)} s`,
          one.producer_id, one.producer_epoch ?? '–', `node ${one.coordinator}`,
          one.partitions.slice(0, 8).map(partition => `${partition.topic}-${partition.partition}`).join(', ') + (one.partitions.length > 8 ? ' …' : '')]),
        'Transactions in flight'),
      all.length === inFlight.length ? null : h('details', { ontoggle: event => { othersAreOpen = event.target.open; }, open: othersAreOpen },
        h('summary', {}, 'The others'), table(['Transactional id', 'State', '>Producer id', 'Coordinator'],
          all.filter(one => !IN_FLIGHT.has(one.state)).slice(0, 200).map(one => [one.transactional_id, one.state, one.producer_id, `node ${one.coordinator}`]),
          'Other transactional ids')));
  }
  async function show(id) {
    const group = await get(`/v1/groups/${encodeURIComponent(id)}`);
    if (!lags.has(id)) lags.set(id, []);
    const history = lags.get(id);
    history.push(group.total_lag);
    if (history.length > 120) history.shift();
    fill(detail, h('section', {}, h('div', { class: 'node' }, h('h2', {}, id), h('span', { class: 'pill' }, group.state),
        h('span', { class: 'soft' }, [group.assignor, group.epoch === null ? '' : `epoch ${group.epoch}`].filter(Boolean).join(', '))),
      h('p', {}, h('b', {}, exact(group.total_lag)), ' records behind in all'), history.length > 2 ? spark(history, 'Lag over time', exact) : null,
      links(group),
      table(['Topic', '>Partition', group.type.toLowerCase() === 'share' ? '>Start' : '>Committed', '>End', '>Lag', 'Member'], group.lags.map(lag => [lag.topic, lag.partition,
        exact(lag.current), exact(lag.end), h('span', { class: lag.lag ? 'warn' : 'good' }, exact(lag.lag)),
        lag.member_id ? short(group, lag.member_id) : h('span', { class: 'soft' }, group.type.toLowerCase() === 'share' ? 'shared' : 'nobody')]), `Lag of ${id}`)));
  }
  const run = () => load().catch(error => fill(list, h('p', { class: 'bad' }, error.message)));
  run();
  const timer = setInterval(() => { if (!document.hidden) run(); }, REFRESH);
  return { element, leave: () => clearInterval(timer) };
}

const short = (group, id) => {
  const at = group.members.findIndex(member => member.member_id === id);
  return h('span', { title: id }, h('i', { class: `dot ${colour(at + 1)}` }), ` ${group.members[at]?.client_id ?? id}`);
};

/** Lines from partitions to the members that read them. */
function links(group) {
  if (group.members.length === 0) return h('p', { class: 'soft' }, 'No members.');
  const partitions = group.members.flatMap((member, m) => member.assignment.map(one => ({ ...one, m })))
    .sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition).slice(0, 60);
  const height = Math.max(partitions.length, group.members.length * 2) * LINE + 12;
  const memberY = m => (m + .5) * height / group.members.length;
  const lag = new Map(group.lags.map(one => [`${one.topic}/${one.partition}`, one.lag]));
  return h('svg', { class: 'links', viewBox: `0 0 760 ${height}`, role: 'img', 'aria-label': 'Which member reads which partition' },
    partitions.map((one, i) => {
      const y = (i + .5) * height / partitions.length, to = memberY(one.m);
      return h('g', { class: colour(one.m + 1) },
        h('path', { d: `M250 ${y}C370 ${y} 370 ${to} 490 ${to}` }), h('circle', { cx: 250, cy: y, r: 4 }),
        h('text', { x: 240, y: y + 4, 'text-anchor': 'end' }, `${one.topic}-${one.partition}`),
        lag.get(`${one.topic}/${one.partition}`) ? h('circle', { class: 'behind', cx: 262, cy: y, r: 3 }) : null);
    }),
    group.members.map((member, m) => h('g', { class: colour(m + 1) }, h('circle', { cx: 490, cy: memberY(m), r: 6 }),
      h('text', { x: 505, y: memberY(m) + 4 }, `${member.client_id} ${member.host}`, h('title', {}, member.member_id)))));
}
