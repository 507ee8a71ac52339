/** The words of a caption as buttons; the attention of the current one lies over the photo. */
import { $, el, percent, say, show } from './dom.js';
import { colour, paint, place } from './heat.js';

const STEP_MILLIS = 550;

const still = matchMedia('(prefers-reduced-motion: reduce)');
let result = { width: 1, height: 1 };
let words = [];
let current = -1;
let pinned = -1;
let timer = 0;

const buttons = () => [...$('words').children];

/** The word that is shown, or null. */
export const currentWord = () => words[current] ?? null;

function sentence({ word, probability, attention }) {
	const where = attention ? `, attention ${place(attention, result.width, result.height)}` : '';
	return `${word}, probability ${percent(probability)}${where}`;
}

/** Shows the attention of a word; of none for -1. */
function display(index) {
	current = index;
	const word = words[index];
	const grid = word?.attention?.grid;
	buttons().forEach((button, i) => {
		button.classList.toggle('current', i === index);
		button.setAttribute('aria-pressed', String(i === pinned));
	});
	show('heat', Boolean(grid));
	$('viewer').classList.toggle('heated', Boolean(grid));
	if (grid) {
		paint($('heat'), grid);
		$('heat').ariaLabel = `Attention of \u201c${word.word}\u201d ${place(word.attention, result.width, result.height)}`;
	}
	$('word-note').textContent = word ? `${sentence(word)}${grid ? most(grid) : ''}` : hint();
	dispatchEvent(new Event('word'));
}

function most({ rows, columns, weights }) {
	return `; at most ${percent(Math.max(...weights.flat()))} in one of ${rows} \u00d7 ${columns} cells`;
}

function hint() {
	return words.some(word => word.attention) ? 'Choose a word to see where its attention is.'
		: words.length ? 'This model has no attention: only the probability of each word is known.' : '';
}

function pin(index) {
	stopPlaying();
	pinned = pinned === index ? -1 : index;
	display(index);
}

/** Moves the one tab stop of the words to a word, and the focus. */
function focus(index) {
	buttons().forEach((button, i) => { button.tabIndex = i === index ? 0 : -1; });
	buttons()[index].focus();
}

/** Clears what is shown, also if it is pinned. */
export function clearWord() {
	stopPlaying();
	pinned = -1;
	display(-1);
}

const release = () => {
	if (!timer) {
		display(pinned);
	}
};

/** A word above a line as thick as it is probable. */
export const wordParts = (tag, properties, word, probability) => el(tag, { '--p': probability, ...properties }, word,
		el('span', { className: 'p' }, String(Math.round(100 * probability))));

function button(word, index) {
	return wordParts('button', {
		className: 'word',
		'aria-label': sentence(word),
		tabIndex: index ? -1 : 0,
		onclick: () => { focus(index); pin(index); },
		onfocus: () => { stopPlaying(); display(index); },
		onpointerenter: event => event.pointerType !== 'touch' && !timer && display(index),
	}, word.word, word.probability);
}

function onKey(event) {
	const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
	if (step) {
		event.preventDefault();
		pinned = -1;
		focus(Math.max(0, Math.min(words.length - 1, buttons().indexOf(document.activeElement) + step)));
	}
}

/** Shows the words of a caption of a photo. */
export function showWords(caption, photo) {
	stopPlaying();
	result = photo;
	words = caption.words;
	pinned = -1;
	$('words').replaceChildren(...words.map(button));
	const heat = words.some(word => word.attention?.grid);
	show('play', heat);
	show('legend', heat);
	show('strip', false);
	$('play').textContent = still.matches ? 'Show all words' : 'Play the words';
	display(-1);
}

function stopPlaying() {
	if (timer) {
		clearInterval(timer);
		timer = 0;
		$('play').textContent = 'Play the words';
	}
}

function play() {
	if (still.matches) {
		toggleStrip();
		return;
	}
	if (timer) {
		stopPlaying();
		return;
	}
	let next = current >= 0 && current < words.length - 1 ? current : -1;
	pinned = -1;
	$('play').textContent = 'Pause';
	const step = () => {
		next++;
		if (next < words.length) {
			display(next);
		} else {
			clearWord();
		}
	};
	timer = setInterval(step, STEP_MILLIS);
	step();
}

/** The maps of all words side by side, in place of the animation. */
function toggleStrip() {
	const strip = $('strip');
	strip.hidden = !strip.hidden;
	strip.replaceChildren(...words.map(word => {
		const canvas = el('canvas', { ariaHidden: 'true', '--photo': `url(${$('photo').src})` });
		paint(canvas, word.attention.grid);
		return el('li', {}, canvas, el('span', {}, word.word));
	}));
	$('play').textContent = strip.hidden ? 'Show all words' : 'Hide all words';
}

/** A canvas with the photo as it is shown and the text below it. */
export function picture(text) {
	const scale = Math.min(1, 1600 / Math.max(result.width, result.height));
	const width = Math.round(result.width * scale);
	const height = Math.round(result.height * scale);
	const size = Math.max(14, Math.round(width / 32));
	const canvas = el('canvas', { width, height: height + 4 * size });
	const context = canvas.getContext('2d');
	context.fillStyle = '#fff';
	context.fillRect(0, 0, canvas.width, canvas.height);
	const heat = !$('heat').hidden;
	if (!$('photo').hidden) {
		context.filter = heat ? 'saturate(.4)' : 'none';
		context.drawImage($('photo'), 0, 0, width, height);
		context.filter = 'none';
	}
	if (heat) {
		context.drawImage($('heat'), 0, 0, width, height);
	}
	context.fillStyle = '#1d1d1f';
	context.font = `600 ${size}px Georgia, serif`;
	context.fillText(text, size, height + 1.6 * size, width - 2 * size);
	context.font = `${0.7 * size}px sans-serif`;
	const which = heat ? `; attention of \u201c${currentWord().word}\u201d` : '';
	context.fillText(`created automatically, please check${which}`, size, height + 3 * size, width - 2 * size);
	return canvas;
}

/** Prepares what the words react to. */
export function prepareWords() {
	$('words').onkeydown = onKey;
	$('words').onfocusout = event => !$('words').contains(event.relatedTarget) && release();
	$('viewer').onpointerleave = event => event.pointerType !== 'touch' && release();
	$('play').onclick = play;
	$('ramp').style.setProperty('--ramp',
			`linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map(v => `rgb(${colour(v)})`).join(', ')})`);
	document.addEventListener('keydown', event => {
		if (event.key === 'Escape' && current >= 0) {
			clearWord();
			say('No word is shown.');
		}
	});
}
