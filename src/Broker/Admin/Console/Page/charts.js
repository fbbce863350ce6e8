// Line charts of the last minutes, drawn as SVG: a line a node, dashed lines where something happened.
import { h, fill, colour } from './dom.js';

const WIDTH = 300, HEIGHT = 90, SPAN = 180, LEAST = 20;

/** A chart with its legend; `series` are names and functions from a node's sample to a number or null. The last one is
 *  drawn strong, those before it thin. `draw(history, events)` brings it up to date. */
export function chart(title, format, ...series) {
  const svg = h('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title });
  const legend = h('div', { class: 'legend' });
  const top = h('span', { class: 'soft' });
  const element = h('section', {}, h('div', { class: 'node' }, h('h2', {}, title), top), svg, legend);
  function draw(history, events) {
    if (history.length === 0) return;
    const nodes = [...new Set(history.flatMap(one => one.nodes.map(node => node.node)))].sort((a, b) => a - b);
    const end = history.at(-1).time_ms, start = Math.min(end - LEAST * 1000, Math.max(history[0].time_ms, end - SPAN * 1000));
    const x = ms => (ms - start) / (end - start) * WIDTH;
    let most = 0;
    const lines = series.flatMap(([, value], i) => nodes.map(id => ({ id, isThin: i < series.length - 1, points: history.map(one => {
      const node = one.nodes.find(sample => sample.node === id);
      const y = node ? value(node) : null;
      if (y !== null) most = Math.max(most, y);
      return [one.time_ms, y];
    }) })));
    const scale = y => HEIGHT - 3 - (most ? y / most * (HEIGHT - 8) : 0);
    fill(svg, h('line', { class: 'axis', x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }),
      events.filter(event => event.kind !== 'good' && event.ms >= start).map(event =>
        h('line', { class: `event ${event.kind}`, x1: x(event.ms), x2: x(event.ms), y1: 0, y2: HEIGHT }, h('title', {}, event.text))),
      lines.map(line => h('path', { class: `${colour(line.id)}${line.isThin ? ' thin' : ''}`, d: path(line.points, x, scale) })));
    fill(top, most ? `up to ${format(most)}` : '');
    const last = history.at(-1);
    fill(legend, nodes.map(id => {
      const node = last.nodes.find(sample => sample.node === id);
      return h('span', {}, h('i', { class: `dot ${colour(id)}` }), ` node ${id} `,
        node ? series.map(([name, value]) => [name ? ` ${name} ` : '', h('b', {}, text(value(node), format))]) : h('b', {}, 'silent'));
    }));
  }
  return { element, draw };
}

const text = (value, format) => value === null ? '–' : format(value);

function path(points, x, y) {
  let text = '', isOpen = false;
  for (const [ms, value] of points) {
    if (value === null) { isOpen = false; continue; }
    text += `${isOpen ? 'L' : 'M'}${x(ms).toFixed(1)} ${y(value).toFixed(1)}`;
    isOpen = true;
  }
  return text;
}

/** One series over time, with its greatest and its newest value in words. */
export function spark(values, title, format) {
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  return h('div', {}, h('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title },
    h('line', { class: 'axis', x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }),
    h('path', { d: values.map((value, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(HEIGHT - 3 - value / most * (HEIGHT - 8)).toFixed(1)}`).join('') })),
    h('p', { class: 'legend' }, `${title}: up to ${format(Math.max(...values))}, now ${format(values.at(-1))}`));
}
