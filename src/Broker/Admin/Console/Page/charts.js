// Line charts of the last minutes, drawn as SVG: a line a node, dashed lines where something failed.
import { h, fill, colour } from './dom.js';

const WIDTH = 300, HEIGHT = 90, SPAN = 180;

/** A chart with its legend. `draw(history, events)` brings it up to date. */
export function chart(title, format, value) {
  const svg = h('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title });
  const legend = h('div', { class: 'legend' });
  const top = h('span', { class: 'soft' });
  const element = h('section', {}, h('div', { class: 'node' }, h('h2', {}, title), top), svg, legend);
  function draw(history, events) {
    if (history.length === 0) return;
    const nodes = [...new Set(history.flatMap(one => one.nodes.map(node => node.node)))].sort((a, b) => a - b);
    const end = history.at(-1).time_ms, start = end - SPAN * 1000;
    const x = ms => (ms - start) / (SPAN * 1000) * WIDTH;
    let most = 0;
    const lines = nodes.map(id => history.map(one => {
      const node = one.nodes.find(sample => sample.node === id);
      const y = node ? value(node) : null;
      if (y !== null) most = Math.max(most, y);
      return [one.time_ms, y];
    }));
    const scale = y => HEIGHT - 3 - (most ? y / most * (HEIGHT - 8) : 0);
    fill(svg, h('line', { class: 'axis', x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }),
      events.filter(event => event.kind === 'bad' && event.ms >= start).map(event =>
        h('line', { class: 'event', x1: x(event.ms), x2: x(event.ms), y1: 0, y2: HEIGHT }, h('title', {}, event.text))),
      lines.map((line, i) => h('path', { class: colour(nodes[i]), d: path(line, x, scale) })));
    fill(top, most ? `up to ${format(most)}` : '');
    const last = history.at(-1);
    fill(legend, nodes.map(id => {
      const node = last.nodes.find(sample => sample.node === id);
      const y = node ? value(node) : null;
      return h('span', {}, h('i', { class: `dot ${colour(id)}` }), ` node ${id} `, h('b', {}, node ? y === null ? '–' : format(y) : 'silent'));
    }));
  }
  return { element, draw };
}

function path(points, x, y) {
  let text = '', isOpen = false;
  for (const [ms, value] of points) {
    if (value === null) { isOpen = false; continue; }
    text += `${isOpen ? 'L' : 'M'}${x(ms).toFixed(1)} ${y(value).toFixed(1)}`;
    isOpen = true;
  }
  return text;
}

/** A small line of one series. */
export function spark(values) {
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  return h('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': 'over time' },
    h('path', { d: values.map((value, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(HEIGHT - 3 - value / most * (HEIGHT - 8)).toFixed(1)}`).join('') }));
}
