// Small helpers: elements, numbers in words.
const SVG = 'http://www.w3.org/2000/svg';
const svgTags = new Set(['svg', 'path', 'circle', 'text', 'line', 'g', 'title']);

/** Makes an element. Properties that begin with "on" are listeners; children may be texts, elements or nothing. */
export function h(tag, properties, ...children) {
  const element = svgTags.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  put(element, ...children);
  return element;
}

function put(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

const stops = element => [...element.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')];

/** Replaces what is in an element; who was there with the keyboard stays at the same place. */
export function fill(element, ...children) {
  const at = document.activeElement;
  const place = at && at !== element && element.contains(at) ? stops(element).indexOf(at) : -1;
  element.replaceChildren();
  put(element, ...children);
  if (place >= 0) stops(element)[place]?.focus({ preventScroll: true });
  return element;
}

export const $ = id => document.getElementById(id);

/** The colour of a node: the same everywhere. */
export const colour = id => `c${Math.abs(id - 1) % 6}`;

export function count(value) {
  if (value === null || value === undefined) return '–';
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 10000) return `${(value / 1e3).toFixed(1)} k`;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

export const exact = value => value === null || value === undefined ? '–' : value.toLocaleString('en').replaceAll(',', ' ');

export function bytes(value) {
  if (value === null || value === undefined) return '–';
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export const clock = ms => new Date(ms).toLocaleTimeString('en-GB', { hour12: false });
export const moment = ms => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

/** A table from column names (a leading ">" is a column of numbers) and rows of cells. */
export function table(columns, rows, caption) {
  const isNumber = columns.map(name => name.startsWith('>'));
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, h('table', {},
    h('thead', {}, h('tr', {}, columns.map((name, i) =>
      h('th', { class: isNumber[i] ? 'num' : null, scope: 'col' }, name.replace('>', ''))))),
    h('tbody', {}, rows.map(row => h('tr', {}, row.map((cell, i) => h('td', { class: isNumber[i] ? 'num' : null }, cell)))))));
}

/** JSON as a tree that opens and closes. */
export function tree(value, name) {
  const label = name === undefined ? '' : h('span', { class: 'key' }, `${name}: `);
  if (value !== null && typeof value === 'object') {
    const entries = Array.isArray(value) ? value.map((one, i) => [i, one]) : Object.entries(value);
    if (entries.length === 0) return h('div', { class: 'leaf' }, label, Array.isArray(value) ? '[]' : '{}');
    return h('details', { open: name === undefined }, h('summary', {}, label,
      Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`), entries.map(([key, one]) => tree(one, key)));
  }
  return h('div', { class: 'leaf' }, label, JSON.stringify(value));
}
