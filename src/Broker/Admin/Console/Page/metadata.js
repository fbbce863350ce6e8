// The metadata log as it is written: every decision of the controller.
import { h, fill, exact, moment, tree } from './dom.js';
import { get, on } from './api.js';

const SHOWN = 200;

export function view() {
  let filter = '', records = [], isPaused = false;
  const items = new Map();
  const list = h('ol', { class: 'log', tabindex: 0, 'aria-label': 'Metadata records, newest first' });
  list.style.maxHeight = '70vh';
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    pause.textContent = isPaused ? 'Go on' : 'Hold still';
    if (!isPaused) draw();
  } }, 'Hold still');
  const element = h('div', {}, h('h1', {}, 'Metadata log'),
    h('section', {}, h('p', { class: 'soft' }, 'Instead of ZooKeeper there is this log: topics, leaders, in-sync replicas, configs. A majority of the '
      + 'voters has each record on disk before it counts; every broker reads them in this order.'),
      h('div', { class: 'row' }, h('label', {}, 'Type or content contains', h('input', { type: 'search', oninput: event => { filter = event.target.value.toLowerCase(); draw(); } })), pause), list));

  function draw() {
    if (isPaused) return;
    const chosen = records.filter(record => !filter || record.type.toLowerCase().includes(filter) || JSON.stringify(record.data).toLowerCase().includes(filter));
    fill(list, chosen.slice(-SHOWN).reverse().map(item));
  }
  /** One element a record, so that what was opened stays open. */
  function item(record) {
    let element = items.get(record.offset);
    if (!element) {
      element = h('li', {}, h('time', {}, moment(record.timestamp_ms).slice(11)), h('span', { class: 'mono soft' }, exact(record.offset)),
        h('details', { ontoggle: event => { if (event.target.open && !event.target.querySelector('.tree')) event.target.append(h('div', { class: 'tree' }, tree(record.data))); } },
          h('summary', {}, h('b', {}, record.type), ' ', h('span', { class: 'soft mono' }, brief(record.data)))));
      if (items.size > 4 * SHOWN) items.clear();
      items.set(record.offset, element);
    }
    return element;
  }
  get('/v1/metadata/records?limit=300').then(first => {
    const last = first.at(-1)?.offset ?? -1;
    records = [...first, ...records.filter(record => record.offset > last)];
    draw();
  }).catch(error => fill(list, h('li', { class: 'bad' }, error.message)));
  const off = on('metadata', more => {
    records.push(...more);
    if (records.length > 3000) records.splice(0, records.length - 3000);
    draw();
  });
  return { element, leave: off };
}

const brief = data => {
  const text = JSON.stringify(data);
  return text.length > 110 ? `${text.slice(0, 110)}…` : text;
};
