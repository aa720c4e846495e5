// Repeats given answers in @getodk/xforms-engine and prints its submission: are both engines of one
// mind? Usage: node peer_state.mjs FORM.xml DEEDS.json, in a folder with that package and jsdom.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JSDOM } from 'jsdom';

const page = new JSDOM('<!doctype html><html><body></body></html>', { url: 'http://localhost/' });
for (const name of Object.getOwnPropertyNames(page.window)) {
  if (!(name in globalThis) && /^(window|document|localStorage|[A-Z]\w+)$/.test(name)) {
    globalThis[name] = page.window[name];
  }
}
globalThis.__dirname = '/';
const { loadForm } = await import('@getodk/xforms-engine');

const [form, deeds] = process.argv.slice(2);
const fetchFormAttachment = async (url) => {
  const file = join(dirname(form), decodeURIComponent(String(url).split('/').pop()));
  if (!existsSync(file)) return new Response('', { status: 404 });
  const types = { csv: 'text/csv', xml: 'text/xml', geojson: 'application/geo+json' };
  const type = types[file.split('.').pop()] ?? 'application/octet-stream';
  return new Response(readFileSync(file), { headers: { 'content-type': type } });
};
const loaded = await loadForm(readFileSync(form, 'utf8'), {
  fetchFormAttachment, missingResourceBehavior: 'BLANK',
});
if (loaded.status === 'failure') throw loaded.error;
const { root } = loaded.createInstance();

const find = (ref) => {
  const stack = [root];
  while (stack.length) {
    const node = stack.pop();
    const state = node.currentState;
    if (state.reference === ref) return node;
    stack.push(...(state.children ?? []));
  }
  return undefined;
};
const refused = [];
for (const { ref, value, type } of JSON.parse(readFileSync(deeds, 'utf8'))) {
  const node = find(ref);
  try {
    if (node.nodeType === 'select') node.selectValue(value);
    else if (node.valueType === 'int') node.setValue(BigInt(value));
    else if (node.valueType === 'decimal') node.setValue(Number(value));
    else node.setValue(value);
  } catch (error) {
    refused.push(`${ref} (${type}): ${String(error).slice(0, 80)}`);
  }
}
const payload = await root.prepareInstancePayload();
const xml = await payload.data[0].get('xml_submission_file').text();
process.stdout.write(`${JSON.stringify({ xml, refused })}\n`, () => process.exit(0));
