/** The list of photos, each with its captions or its refusal. */
import { $, el, hidden, show } from './dom.js';
import * as api from './api.js';
import { options } from './options.js';

const AT_ONCE = 2;

let items = [];
let selected = null;
let asking = 0;
let onChange = () => {};

export const selectedPhoto = () => selected;

/** The best caption of a photo in words, with its caution. */
export function captionText({ answer }) {
	const [best] = answer.results[0].captions;
	return best.text ?? 'no caption: the confidence is too low';
}

/** Adds photos and shows the first of them. */
export function addPhotos(files) {
	const added = [...files].map(file => ({
		name: file.name || 'photo',
		blob: file,
		url: URL.createObjectURL(file),
		state: 'waiting',
	}));
	items.push(...added);
	if (added.length) {
		select(added[0]);
		pump();
	}
}

/** Asks for the captions of a photo again. */
export function askAgain(item) {
	if (item && item.state !== 'asking') {
		item.state = 'waiting';
		delete item.edited;
		change(item);
		pump();
	}
}

/** Asks again for photos that lacked a key. */
export function askUnauthorized() {
	items.filter(({ refused }) => refused?.status === 401).forEach(askAgain);
}

export function select(item) {
	selected = item;
	draw();
	onChange(item);
}

function pump() {
	const next = items.find(({ state }) => state === 'waiting');
	if (next && asking < AT_ONCE) {
		asking++;
		captionPhoto(next).finally(() => {
			asking--;
			pump();
		});
		pump();
	}
}

async function captionPhoto(item) {
	item.state = 'asking';
	const used = api.key.get();
	item.refused = null;
	change(item);
	try {
		item.answer = await api.patiently(async () => api.caption(item.blob, item.name, await options()), wait => {
			item.wait = wait;
			change(item, 'wait');
		});
		item.chosen = 0;
		item.state = 'done';
	} catch (refused) {
		item.refused = refused;
		item.state = refused.status === 401 && ![null, used].includes(api.key.get()) ? 'waiting' : 'refused';
	}
	item.wait = null;
	change(item);
}

function change(item, what) {
	if (what !== 'wait') {
		draw();
	}
	if (item === selected) {
		onChange(item, what);
	}
}

function remove(item) {
	item.wait?.stop();
	item.state = 'removed';
	URL.revokeObjectURL(item.url);
	const at = items.indexOf(item);
	items = items.filter(other => other !== item);
	select(item === selected ? items[Math.min(at, items.length - 1)] ?? null : selected);
	($('list').querySelector('[aria-current=true]') ?? $('choose')).focus();
}

function words(item) {
	return {
		waiting: () => 'waiting',
		asking: () => 'captioning\u2026',
		done: () => captionText(item),
		refused: () => item.refused.message,
	}[item.state]();
}

function entry(item) {
	return el('li', {},
			el('button', { className: `photo ${item.state}`, 'aria-current': String(item === selected), onclick: () => select(item) },
					el('img', { src: item.url, alt: '', decoding: 'async' }), el('span', {}, hidden(`${item.name}: `), words(item))),
			el('button', { className: 'remove', onclick: () => remove(item) }, '\u00d7',
					hidden(` Remove ${item.name}`)));
}

function draw() {
	const focused = [...$('list').querySelectorAll('button')].indexOf(document.activeElement);
	show('photos', items.length > 1);
	$('list').replaceChildren(...items.map(entry));
	$('list').querySelectorAll('button')[focused]?.focus();
}

/** @param changed called with the selected photo, or null, when there is another or it has changed */
export function preparePhotos(changed) {
	onChange = changed;
}
