// Plays forms on @getodk/xforms-engine: one request a line on stdin, one answer a line on stdout.
// Request: {"form": xml, "steps": [[op, ref, value], ...]}; answer: {"states": [[node, ...], ...]},
// the first right after loading, or {"error": text}.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const need = createRequire(process.argv[2] + '/');
const { JSDOM } = need('jsdom');
const { window } = new JSDOM('<!doctype html>', { url: 'http://localhost/' });
for (const name of Object.getOwnPropertyNames(window)) {
  if (/^[A-Z]/.test(name) && !(name in globalThis)) globalThis[name] = window[name];
}
globalThis.window ??= window;
globalThis.document ??= window.document;
globalThis.__dirname = '/'; // the parser's loader asks for it
const { loadForm } = await import(pathToFileURL(need.resolve('@getodk/xforms-engine')));

const kinds = { note: 'input', 'repeat-range:controlled': 'repeat-range', 'repeat-range:uncontrolled': 'repeat-range' };
const told = (text) => (text == null ? '' : text.asString ?? String(text));

function* nodes(node) {
  yield node;
  for (const child of node.currentState.children ?? []) yield* nodes(child);
}

function shown(node) {
  const state = node.currentState;
  const value = state.children == null ? state.instanceValue ?? state.value : '';
  return {
    ref: state.reference,
    kind: kinds[node.nodeType] ?? node.nodeType,
    relevant: state.relevant,
    readonly: state.readonly,
    required: state.required,
    label: told(state.label),
    value: Array.isArray(value) ? value.join(' ') : String(value ?? ''),
    valid: node.validationState?.violation == null,
    choices: state.valueOptions == null ? [] : state.valueOptions.map((option) => option.value),
  };
}

function act(root, [op, ref, value]) {
  const node = [...nodes(root)].find((each) => each.currentState.reference === ref);
  if (op === 'add') node.addInstances(value - 1, 1);
  else if (op === 'remove') node.removeInstances(value - 1, 1);
  else if (node.nodeType === 'select') node.selectValues(value.split(' ').filter(Boolean));
  else node.setValue(value);
}

async function play({ form, steps }) {
  const made = await loadForm(form, { fetchFormAttachment: () => new Response('', { status: 404 }) });
  if (made.status === 'failure') throw made.error;
  const { root } = made.createInstance();
  const states = [[...nodes(root)].map(shown)];
  for (const step of steps) {
    act(root, step);
    states.push([...nodes(root)].map(shown));
  }
  return { states };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await play(JSON.parse(line)).catch((error) => ({ error: String(error?.message ?? error) }));
  process.stdout.write(JSON.stringify(answer) + '\n');
}
