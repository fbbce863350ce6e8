// Records: browse a partition by offset, time or key; produce one.
import { h, fill, exact, moment, tree } from './dom.js';
import { get, call, live } from './api.js';

export function view(parameters) {
  const out = h('div'), said = h('div', { role: 'status' });
  const topic = h('input', { required: true, value: parameters.get('topic') ?? '', list: 'topics' });
  const partition = h('input', { type: 'number', min: 0, value: parameters.get('partition') ?? '0' });
  const by = h('select', {}, ...['newest', 'offset', 'time', 'key'].map(name => h('option', {}, name)));
  const what = h('input', { placeholder: 'offset, date and time, or key' });
  const committed = h('select', {}, h('option', { value: 'false' }, 'all'), h('option', { value: 'true' }, 'committed only'));
  const names = h('datalist', { id: 'topics' });
  let next = null;

  async function browse(offset) {
    fill(said);
    const query = new URLSearchParams({ limit: '50', committed: committed.value });
    if (offset !== undefined) query.set('offset', offset);
    else if (by.value === 'offset') query.set('offset', what.value || '0');
    else if (by.value === 'time') {
      const time = Date.parse(what.value);
      if (Number.isNaN(time)) throw new Error('The time is not understood: 2026-11-28 12:00 is one');
      query.set('timestamp', time);
    } else if (by.value === 'key') { query.set('key', what.value); query.set('offset', '0'); }
    const page = await get(`/v1/topics/${encodeURIComponent(topic.value)}/partitions/${partition.value || 0}/records?${query}`);
    next = page.next_offset;
    fill(out, h('section', {}, h('p', { class: 'soft' }, `Log ${exact(page.log_start_offset)} to ${exact(page.high_watermark)}`
        + (page.last_stable_offset < page.high_watermark ? `, stable up to ${exact(page.last_stable_offset)}` : '')),
      page.records.length === 0 ? h('p', {}, 'No records here.') : h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Records' },
        h('table', {}, h('thead', {}, h('tr', {}, ['Offset', 'Time', 'Key', 'Value', 'Headers'].map(name => h('th', { scope: 'col' }, name)))),
          h('tbody', {}, page.records.map(record => h('tr', {}, h('td', { class: 'num' }, exact(record.offset)), h('td', { class: 'mono' }, moment(record.timestamp_ms)),
            h('td', {}, show(record.key)), h('td', {}, show(record.value)),
            h('td', {}, record.headers.map(header => h('div', {}, `${header.name}: `, show(header.value))))))))),
      next < page.high_watermark ? h('p', {}, h('button', { type: 'button', onclick: () => attempt(() => browse(next)) }, 'Go on')) : null));
  }
  async function attempt(work) {
    try { await work(); } catch (error) { fill(said, h('p', { class: 'note bad' }, error.message)); }
  }

  const key = h('input'), value = h('textarea', { rows: 3 }), type = h('select', {}, h('option', {}, 'STRING'), h('option', {}, 'JSON'), h('option', {}, 'BINARY'));
  const header = h('input', { placeholder: 'name=value, …' });
  async function produce() {
    const cluster = live.overview?.cluster_id ?? (await get('/v1/overview')).cluster_id;
    const body = { value: value.value === '' ? undefined : { type: type.value, data: type.value === 'JSON' ? JSON.parse(value.value) : value.value } };
    if (key.value !== '') body.key = { type: 'STRING', data: key.value };
    if (header.value !== '') body.headers = header.value.split(',').map(one => one.split('='))
      .map(([name, text]) => ({ name: name.trim(), value: btoa(unescape(encodeURIComponent(text ?? ''))) }));
    const answer = await call('POST', `/v3/clusters/${cluster}/topics/${encodeURIComponent(topic.value)}/records`, body);
    if (answer.error_code !== 200) throw new Error(answer.message);
    fill(said, h('p', { class: 'note' }, `Written to ${answer.topic_name}-${answer.partition_id} at offset ${answer.offset}.`));
    partition.value = answer.partition_id;
    await browse(Math.max(0, answer.offset - 20));
    fill(said, h('p', { class: 'note' }, `Written to ${answer.topic_name}-${answer.partition_id} at offset ${answer.offset}.`));
  }

  get('/v1/topics').then(topics => fill(names, topics.map(one => h('option', { value: one.name })))).catch(() => {});
  const element = h('div', {}, h('h1', {}, 'Records'), names,
    h('section', {}, h('form', { class: 'row', onsubmit: event => { event.preventDefault(); attempt(() => browse()); } },
      h('label', {}, 'Topic', topic), h('label', { class: 'short' }, 'Partition', partition), h('label', { class: 'short' }, 'By', by),
      h('label', {}, 'Where', what), h('label', { class: 'short' }, 'Show', committed), h('button', { class: 'primary' }, 'Look'))),
    h('section', {}, h('details', {}, h('summary', {}, 'Produce a record'), h('form', { onsubmit: event => { event.preventDefault(); attempt(produce); } },
      h('div', { class: 'row' }, h('label', {}, 'Key', key), h('label', {}, 'Headers', header), h('label', { class: 'short' }, 'Value is', type)),
      h('label', {}, 'Value', value), h('p', {}, h('button', { class: 'primary' }, 'Produce'))))),
    said, out);
  if (topic.value) attempt(() => browse());
  return { element, leave() {} };
}

function show(data) {
  if (data === null) return h('span', { class: 'soft' }, 'null');
  if (data.format === 'json') {
    const text = JSON.stringify(data.json);
    return h('details', { class: 'tree' }, h('summary', {}, text.length > 100 ? `${text.slice(0, 100)}…` : text), tree(data.json));
  }
  return h('span', { class: 'mono', title: `${data.size} bytes, ${data.format}` }, data.text.length > 400 ? `${data.text.slice(0, 400)}…` : data.text);
}
