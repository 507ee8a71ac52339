/** How captions are asked for; kept in the fragment of the address. */
import { $, el } from './dom.js';
import * as api from './api.js';

const number = (min, max, step = 1) => ({ type: 'number', min, max, step });

/** Parameter, label, hint, and the choices or attributes of the field. */
const FIELDS = [
	['strategy', 'Words are chosen by', '', ['', 'beam search'], ['greedy', 'the likeliest word'], ['sample', 'sampling']],
	['beamWidth', 'Beam width', 'beam search, 1 to 10', number(1, 10)],
	['alternatives', 'Captions', '1 to the beam width', number(1, 10)],
	['maxWords', 'Most words', '1 to 50', number(1, 50)],
	['lengthPenalty', 'Length penalty', '0 to 5, more for longer captions', number(0, 5, 'any')],
	['noRepeatNgram', 'No sequence twice of', 'words, 0 to 4', number(0, 4)],
	['temperature', 'Temperature', 'sampling, 0.05 to 5', number(0.05, 5, 'any')],
	['seed', 'Seed', 'sampling', number(-2147483648, 4294967295)],
	['minConfidence', 'Least confidence', '0 to 1', number(0, 1, 'any')],
	['style', 'Form', '', ['', 'sentence'], ['alt', 'alternative text']],
];

const WANTED = 3;
let chosen = {};
let beamWidth = 1;
let described = Promise.resolve();

/** The options of a request, once it is known what the model can do. */
export async function options() {
	await described.catch(() => {});
	const { strategy } = chosen;
	const possible = strategy === 'greedy' ? 1 : strategy === 'sample' ? WANTED : Number(chosen.beamWidth ?? beamWidth);
	return { alternatives: Math.min(WANTED, possible), ...chosen };
}

/** The options that say which model answers. */
export const modelOption = () => (chosen.model ? { model: chosen.model } : {});

function field([name, label, hint, ...kind]) {
	const input = Array.isArray(kind[0])
		? el('select', {}, ...kind.map(([value, text]) => el('option', { value }, text)))
		: el('input', kind[0]);
	input.id = `option-${name}`;
	input.name = name;
	input.value = chosen[name] ?? '';
	const parts = [el('label', { htmlFor: input.id }, label), input];
	if (hint) {
		parts.push(el('span', { className: 'small muted', id: `hint-${name}` }, hint));
		input.setAttribute('aria-describedby', `hint-${name}`);
	}
	return el('div', {}, ...parts);
}

function fill(names) {
	const model = ['model', 'Model', '', ['', 'the default'], ...names.map(name => [name, name])];
	$('fields').replaceChildren(...(names.length > 1 ? [model, ...FIELDS] : FIELDS).map(field));
}

/** Shows what the service offers; returns the name of the model that answers by default. */
export function describeModels() {
	described = describe();
	return described;
}

async function describe() {
	const ready = (await api.models()).models.filter(({ state }) => state === 'READY');
	fill(ready.map(({ name }) => name));
	const name = ready.find(entry => entry.default)?.name;
	if (name) {
		beamWidth = (await api.model(name)).manifest?.defaults?.beamWidth ?? 1;
	}
	return name;
}

/** Prepares the form; onApply is called when the options have changed. */
export function prepareOptions(onApply) {
	const known = new Set([...FIELDS.map(([name]) => name), 'model']);
	chosen = Object.fromEntries([...new URLSearchParams(location.hash.slice(1))].filter(([name]) => known.has(name)));
	fill([]);
	const change = () => {
		const fragment = String(new URLSearchParams(chosen));
		history.replaceState(null, '', location.pathname + location.search + (fragment && `#${fragment}`));
		onApply();
	};
	$('options-form').onsubmit = event => {
		event.preventDefault();
		chosen = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value !== ''));
		change();
	};
	$('defaults').onclick = () => {
		chosen = {};
		for (const input of $('options-form').elements) {
			if (input.name) {
				input.value = '';
			}
		}
		change();
	};
}
