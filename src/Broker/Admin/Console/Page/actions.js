// Actions: each is tried first (dry run), shows what it would do and how to do it elsewhere, then does it.
import { h, fill, $, exact, table } from './dom.js';
import { call, get, live } from './api.js';

const cluster = () => `/v3/clusters/${live.overview.cluster_id}`;
const list = text => text.split(',').map(one => one.trim()).filter(Boolean);
const numbers = text => list(text).map(Number);
const quote = text => /^[\w.:@%=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
const server = () => { const broker = live.overview.brokers.find(one => one.state === 'alive'); return `${broker.host}:${broker.port}`; };
const tool = words => `scripts/kraftsharp ${words.map(quote).join(' ')} --bootstrap-server ${server()}`;

const outcomes = rows => rows.length === 0 ? 'Nothing to do.' : table(['Partition', 'Outcome'], rows.map(row => [`${row.topic}-${row.partition}`,
  row.error ? h('span', { class: 'bad' }, `${row.error}: ${row.message}`) : h('span', { class: 'good' }, 'fine')]), 'Outcome');

const health = answer => answer.status === 'Green' ? 'Everything is still served without it.'
  : h('div', {}, 'Not everything would be served: ', answer.reasons.map(reason => h('div', { class: 'bad' }, `${reason.message} (${reason.examples.join(', ')})`)));
const broker = f => `/v1/brokers/${encodeURIComponent(f.id)}`;
/** A partition as the tool names it. */
const spot = text => { const { topic, partition: id } = partition(text); return `${topic}:${id}`; };
const resetTarget = f => ({ earliest: ['--to-earliest'], latest: ['--to-latest'], offset: ['--to-offset', f.value], shift: ['--shift-by', f.value],
  timestamp: ['--to-datetime', new Date(Number(f.value)).toISOString()] })[f.to];

const all = [
  { name: 'Create a topic', about: 'Partitions and replicas are placed over the racks.',
    fields: [['name', 'Name'], ['partitions', 'Partitions', '3'], ['factor', 'Replication factor', '3'], ['configs', 'Configs (name=value, …)', '']],
    call: f => ({ method: 'POST', path: `${cluster()}/topics`, body: { topic_name: f.name, partitions_count: Number(f.partitions), replication_factor: Number(f.factor),
      configs: list(f.configs).map(one => ({ name: one.split('=')[0], value: one.slice(one.indexOf('=') + 1) })) } }),
    tool: f => tool(['topics', 'create', f.name, '--partitions', f.partitions, '--replication-factor', f.factor, ...list(f.configs).flatMap(one => ['--config', one])]),
    show: topic => `${topic.topic_name}: ${topic.partitions_count} partitions, ${topic.replication_factor} replicas each.` },
  { name: 'Grow a topic', about: 'More partitions; keys may go to others from then on.',
    fields: [['name', 'Topic'], ['partitions', 'Partitions in all', '6']],
    call: f => ({ method: 'PATCH', path: `${cluster()}/topics/${encodeURIComponent(f.name)}`, body: { partitions_count: Number(f.partitions) } }),
    tool: f => tool(['topics', 'alter', f.name, '--partitions', f.partitions]), show: topic => `${topic.topic_name} has ${topic.partitions_count} partitions.` },
  { name: 'Delete a topic', about: 'With all its records, for good.', danger: true, fields: [['name', 'Topic']],
    call: f => ({ method: 'DELETE', path: `${cluster()}/topics/${encodeURIComponent(f.name)}` }), tool: f => tool(['topics', 'delete', f.name]) },
  { name: 'Change a config', about: 'Of a topic, of one broker, or of all; an empty value puts the default back.',
    fields: [['kind', 'Of', ['topic', 'broker', 'all brokers']], ['name', 'Topic or broker id', ''], ['key', 'Config', 'retention.ms'], ['value', 'Value', '']],
    call: f => {
      const base = f.kind === 'topic' ? `topics/${encodeURIComponent(f.name)}/configs` : f.kind === 'broker' ? `brokers/${encodeURIComponent(f.name)}/configs` : 'broker-configs';
      return { method: 'POST', path: `${cluster()}/${base}:alter`, body: { data: [f.value === '' ? { name: f.key, operation: 'DELETE' } : { name: f.key, value: f.value }] } };
    },
    tool: f => f.kind === 'topic' ? tool(['topics', 'alter', f.name, ...(f.value === '' ? ['--delete-config', f.key] : ['--config', `${f.key}=${f.value}`])])
      : tool(['configs', 'alter', 'broker', f.kind === 'broker' ? f.name : 'default',
      ...(f.value === '' ? ['--delete', f.key] : ['--set', `${f.key}=${f.value}`])]) },
  { name: 'Elect preferred leaders', about: 'Leadership goes back to the first replica of each partition. Empty: wherever it helps.',
    fields: [['partitions', 'Partitions (topic-0, …)', '']],
    call: f => ({ method: 'POST', path: '/v1/elections', body: { type: 'preferred', partitions: f.partitions === '' ? undefined : list(f.partitions).map(partition) } }),
    tool: f => tool(['partitions', 'elect', ...list(f.partitions).map(spot)]), show: outcomes },
  { name: 'Elect an unclean leader', about: 'Where no in-sync replica is alive: records that were acknowledged may be lost.', danger: true,
    fields: [['partitions', 'Partitions (topic-0, …)']],
    call: f => ({ method: 'POST', path: '/v1/elections', body: { type: 'unclean', partitions: list(f.partitions).map(partition) } }),
    tool: f => tool(['partitions', 'elect', '--unclean', ...list(f.partitions).map(spot)]), show: outcomes },
  { name: 'Move replicas', about: 'To other brokers, while everything is served; empty brokers cancel a move.',
    fields: [['partition', 'Partition (topic-0)'], ['replicas', 'Brokers, preferred leader first', '1,2,3']],
    call: f => ({ method: 'POST', path: '/v1/reassignments', body: { moves: [{ ...partition(f.partition), replicas: f.replicas === '' ? null : numbers(f.replicas) }] } }),
    tool: f => f.replicas === '' ? tool(['partitions', 'cancel', spot(f.partition)])
      : `${tool(['partitions', 'reassign', '--execute', '--plan', '/dev/stdin'])} <<< ${quote(JSON.stringify({ version: 1,
        partitions: [{ ...partition(f.partition), replicas: numbers(f.replicas) }] }))}`,
    show: outcomes },
  { name: 'Reset offsets', about: 'Where a group without members goes on reading.',
    fields: [['group', 'Group'], ['to', 'To', ['earliest', 'latest', 'offset', 'shift', 'timestamp']], ['value', 'Offset, records, or ms since 1970', ''], ['topics', 'Topics (empty: all it has read)', '']],
    call: f => ({ method: 'POST', path: `/v1/groups/${encodeURIComponent(f.group)}/offsets:reset`, body: { to: f.to, value: f.value === '' ? undefined : Number(f.value), topics: f.topics === '' ? undefined : list(f.topics) } }),
    tool: f => tool(['groups', 'reset-offsets', f.group, ...list(f.topics), ...resetTarget(f), '--execute']),
    show: changes => table(['Partition', '>Before', '>After'], changes.map(one => [`${one.topic}-${one.partition}`, exact(one.before), exact(one.after)]), 'Offsets') },
  { name: 'Abort a transaction', about: 'Its producer is fenced, what it has open is thrown away.', danger: true, fields: [['id', 'Transactional id']],
    call: f => ({ method: 'POST', path: `/v1/transactions/${encodeURIComponent(f.id)}:abort` }), tool: f => tool(['transactions', 'fence', f.id]) },
  { name: 'May this node be stopped?', about: 'Whether everything would still be served without it.', isQuestion: true, fields: [['id', 'Broker', '1']],
    call: f => ({ method: 'GET', path: `/v1/brokers/${encodeURIComponent(f.id)}/safe-to-restart` }),
    show: health },
  { name: 'Add a voter', about: 'A controller joins the quorum (KIP-853).', fields: [['id', 'Node id'], ['directory', 'Its directory id'], ['host', 'Host', '127.0.0.1'], ['port', 'Port', '9093']],
    call: f => ({ method: 'POST', path: '/v1/quorum/voters', body: { voter_id: Number(f.id), directory_id: f.directory, endpoints: [{ name: 'CONTROLLER', host: f.host, port: Number(f.port) }] } }),
    tool: f => tool(['quorum', 'add-voter', f.id, '--directory-id', f.directory, '--listener', `CONTROLLER=${f.host}:${f.port}`]) },
  { name: 'Remove a voter', about: 'A controller leaves the quorum (KIP-853).', danger: true, fields: [['id', 'Node id']],
    call: f => ({ method: 'DELETE', path: `/v1/quorum/voters/${encodeURIComponent(f.id)}` }),
    tool: f => tool(['quorum', 'remove-voter', f.id]) },
  { name: 'Fence a broker', about: 'It goes on replicating, but leads nothing and is in no ISR, until it is unfenced or restarted.', danger: true,
    fields: [['id', 'Broker']], call: f => ({ method: 'POST', path: `${broker(f)}:fence` }), show: health },
  { name: 'Unfence a broker', about: 'One that was fenced by request serves again.', fields: [['id', 'Broker']],
    call: f => ({ method: 'POST', path: `${broker(f)}:unfence` }) },
  { name: 'Drain a broker', about: 'All its replicas move to other brokers, racks and numbers kept even.', danger: true, fields: [['id', 'Broker']],
    call: f => ({ method: 'POST', path: `${broker(f)}:drain` }),
    show: plan => plan.length === 0 ? 'It has no replicas.' : table(['Partition', 'From', 'To'], plan.slice(0, 200).map(move => [`${move.topic}-${move.partition}`,
      move.from.join(', '), move.error ? h('span', { class: 'bad' }, move.error) : move.to.join(', ')]), 'Moves') },
  { name: 'Throttle moves', about: 'How much of its network a broker may use for the moves under way; none takes the throttle away.',
    fields: [['rate', 'Bytes a second (empty: none)', '']],
    call: f => f.rate === '' ? { method: 'DELETE', path: '/v1/reassignments/throttle' }
      : { method: 'PUT', path: '/v1/reassignments/throttle', body: { bytes_per_second: Number(f.rate) } } },
  { name: 'Unregister a broker', about: 'One that is gone for good; its id may be used again.', danger: true, fields: [['id', 'Broker']],
    call: f => ({ method: 'DELETE', path: broker(f) }), tool: f => tool(['cluster', 'unregister', f.id]) },
  { name: 'Delete a group', about: 'With all that it has committed; it must have no members.', danger: true, fields: [['group', 'Group']],
    call: f => ({ method: 'DELETE', path: `${cluster()}/consumer-groups/${encodeURIComponent(f.group)}` }), tool: f => tool(['groups', 'delete', f.group]) },
];

function partition(text) {
  const dash = text.lastIndexOf('-');
  if (dash < 1) throw new Error(`${text} is no partition: topic-0 is one`);
  return { topic: text.slice(0, dash), partition: Number(text.slice(dash + 1)) };
}

export function view() {
  const progress = h('section');
  async function moves() {
    const under = await get('/v1/reassignments');
    fill(progress, h('h2', {}, 'Moves under way'), under.length === 0 ? h('p', { class: 'soft' }, 'None.') : table(['Partition', 'Adding', 'Removing', 'In sync'],
      under.map(one => [`${one.topic}-${one.partition}`, one.adding_replicas.join(', ') || '–', one.removing_replicas.join(', ') || '–',
        `${one.adding_replicas.filter(id => one.isr.includes(id)).length} of ${one.adding_replicas.length} new ones`]), 'Moves'));
  }
  moves().catch(() => {});
  const timer = setInterval(() => { if (!document.hidden) moves().catch(() => {}); }, 2000);
  const element = h('div', {}, h('h1', {}, 'Actions'), h('div', { class: 'actions' }, all.map(action => h('section', {}, h('h2', {}, action.name), h('p', {}, action.about),
    h('button', { type: 'button', class: action.danger ? 'danger' : null, onclick: () => open(action), 'aria-haspopup': 'dialog' }, action.isQuestion ? 'Ask' : 'Prepare')))), h('div', {}, h('br')), progress);
  return { element, leave: () => clearInterval(timer) };
}

function open(action) {
  const dialog = $('dialog'), said = h('div', { role: 'status' }), how = h('div');
  const inputs = new Map();
  const fields = action.fields.map(([name, label, preset]) => {
    const input = Array.isArray(preset) ? h('select', {}, preset.map(one => h('option', {}, one)))
      : h('input', { value: preset ?? '', required: preset === undefined, autocomplete: 'off' });
    input.addEventListener('input', () => { go.disabled = !action.isQuestion; fill(how); });
    inputs.set(name, input);
    return h('label', {}, label, input);
  });
  const values = () => Object.fromEntries([...inputs].map(([name, input]) => [name, input.value.trim()]));
  const run = async isDry => {
    try {
      const f = values(), { method, path, body } = action.call(f);
      const full = isDry ? `${path}${path.includes('?') ? '&' : '?'}dry_run=true` : path;
      const answer = await call(method, full, body);
      fill(said, h('div', { class: 'note' }, isDry ? h('b', {}, 'It would work. ') : action.isQuestion ? null : h('b', {}, 'Done. '),
        answer !== null && action.show ? action.show(answer) : null));
      fill(how, action.isQuestion ? null : h('details', { open: true }, h('summary', {}, 'The same elsewhere'), equivalents(action, f, method, path, body)));
      go.disabled = !isDry && !action.isQuestion;
    } catch (error) {
      fill(said, h('div', { class: 'note bad' }, error.message));
      go.disabled = !action.isQuestion;
    }
  };
  const go = h('button', { type: 'button', class: `primary ${action.danger ? 'danger' : ''}`, disabled: !action.isQuestion, onclick: () => form.reportValidity() && run(false) },
    action.isQuestion ? 'Ask' : 'Do it');
  const form = h('form', { onsubmit: event => { event.preventDefault(); run(!action.isQuestion); } },
    h('h2', { id: 'dialog-title' }, action.name), h('p', { class: 'soft' }, action.about), fields, said, how,
    h('div', { class: 'row' }, action.isQuestion ? null : h('button', {}, 'Try first'), go, h('button', { type: 'button', onclick: () => dialog.close() }, 'Close')));
  fill(dialog, form);
  dialog.showModal();
}

function equivalents(action, f, method, path, body) {
  const curl = `curl -X ${method} ${quote(location.origin + path)}${body ? ` -H 'content-type: application/json' -d ${quote(JSON.stringify(body))}` : ''}`;
  const command = action.tool?.(f);
  return [h('pre', {}, curl), command ? h('pre', {}, command) : null];
}
