// Starts the console: which view is shown, the state in the header, light and dark.
import { h, fill, $, clock } from './dom.js';
import { connect, get, live, on } from './api.js';
import * as cluster from './cluster.js';
import * as topics from './topics.js';
import * as groups from './groups.js';
import * as records from './records.js';
import * as metadata from './metadata.js';
import * as actions from './actions.js';

const views = { cluster, topics, groups, records, metadata, actions };
let current = null;

function show() {
  const [name, query] = location.hash.replace(/^#\//, '').split('?');
  const view = views[name] ?? cluster;
  current?.leave();
  current = view.view(new URLSearchParams(query ?? ''));
  fill($('main'), current.element);
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#/${views[name] ? name : 'cluster'}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${views[name] ? name[0].toUpperCase() + name.slice(1) : 'Cluster'} · KRaftSharp`;
}

function state(now) {
  const tone = { Green: 'good', Yellow: 'warn', Red: 'bad' }[now.health.status];
  const words = { Green: 'healthy', Yellow: 'degraded', Red: 'not all is served' }[now.health.status];
  const pill = $('health');
  pill.className = `pill ${tone}`;
  pill.textContent = words;
  pill.title = now.health.reasons.map(reason => reason.message).join('; ');
  $('where').textContent = `Cluster ${now.cluster_id}, seen from node ${now.node}`;
  $('live').textContent = `${now.partitions.topics} topics, ${now.partitions.partitions} partitions, at ${clock(now.time_ms)}`;
}

function theme() {
  const saved = localStorage.getItem('theme');
  if (saved) document.documentElement.dataset.theme = saved;
  $('theme').addEventListener('click', () => {
    const isDark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
    localStorage.setItem('theme', document.documentElement.dataset.theme);
  });
}

theme();
on('sample', state);
on('connected', isConnected => {
  if (!isConnected) {
    $('health').className = 'pill bad';
    $('health').textContent = 'this node does not answer';
  }
});
addEventListener('hashchange', () => {
  show();
  scrollTo(0, 0);
  $('main').focus({ preventScroll: true });
});
get('/v1/overview').then(now => {
  live.overview = now;
  live.history.push(now);
  state(now);
  connect();
  show();
}).catch(error => { fill($('main'), h('p', { class: 'note bad' }, error.message)); setTimeout(() => { if (!live.overview) location.reload(); }, 3000); });
