/** A part of the photo is covered, and the photo captioned again. */
import { $, el, percent, say, show, showRefused, showWait } from './dom.js';
import * as api from './api.js';
import { difference } from './agreement.js';
import { options } from './options.js';
import { currentWord } from './words.js';

/** The mean colour of photos, which says least. */
const GREY = 'rgb(124, 116, 104)';
const LONGEST_SIDE = 1024;
const LEAST = 0.04;

let item = null;
let caption = null;
/** The covered part, in shares of the photo. */
let part = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

function place(x, y, width = part.width, height = part.height) {
	width = clamp(width, LEAST, 1);
	height = clamp(height, LEAST, 1);
	part = { x: clamp(x, 0, 1 - width), y: clamp(y, 0, 1 - height), width, height };
	const rectangle = $('rectangle');
	for (const [name, value] of Object.entries(part)) {
		rectangle.style.setProperty(`--${name}`, `${100 * value}%`);
	}
	const span = (from, length) => `from ${percent(from)} to ${percent(from + length)}`;
	rectangle.ariaLabel = `Cover: ${span(part.x, part.width)} across, ${span(part.y, part.height)} down`;
}

/** Grows the cover by a share on all sides. */
function grow(by) {
	const { x, y, width, height } = part;
	place(x - by * width, y - by * height, width * (1 + 2 * by), height * (1 + 2 * by));
	say($('rectangle').ariaLabel);
}

function open(visible) {
	show('mask', visible);
	show('rectangle', visible);
	$('cover').setAttribute('aria-expanded', String(visible));
	$('frame').classList.toggle('covering', visible);
	if (visible) {
		place(part.x, part.y);
		offerWord();
	}
}

function offerWord() {
	const word = currentWord();
	show('mask-word', Boolean(word?.attention));
	if (word?.attention) {
		$('mask-word').textContent = `Cover the attention of \u201c${word.word}\u201d`;
		$('mask-word').onclick = () => {
			const { box } = word.attention;
			const { width, height } = item.answer.results[0];
			place(box.x / width, box.y / height, box.width / width, box.height / height);
			say($('rectangle').ariaLabel);
		};
	}
}

function onKey(event) {
	const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
	if (step) {
		event.preventDefault();
		const [x, y] = step.map(direction => direction * 0.02);
		if (event.shiftKey) {
			place(part.x, part.y, part.width + x, part.height + y);
		} else {
			place(part.x + x, part.y + y);
		}
	} else if (event.key === 'Escape') {
		event.stopPropagation();
		open(false);
		$('cover').focus();
	}
}

/** A drag covers what lies between its ends, or moves the cover if it begins there; a click moves the cover. */
function onPointer(down) {
	if ($('mask').hidden || down.button) {
		return;
	}
	down.preventDefault();
	const frame = $('frame').getBoundingClientRect();
	const at = event => [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height]
			.map(share => clamp(share, 0, 1));
	const [x0, y0] = at(down);
	const before = { ...part };
	const moves = down.target === $('rectangle');
	$('frame').setPointerCapture(down.pointerId);
	$('frame').onpointermove = move => {
		const [x, y] = at(move);
		if (moves) {
			place(before.x + x - x0, before.y + y - y0);
		} else if (Math.hypot(x - x0, y - y0) > 0.02) {
			place(Math.min(x, x0), Math.min(y, y0), Math.abs(x - x0), Math.abs(y - y0));
		}
	};
	$('frame').onpointerup = up => {
		$('frame').onpointermove = null;
		$('frame').onpointerup = null;
		const [x, y] = at(up);
		if (!moves && Math.hypot(x - x0, y - y0) <= 0.02) {
			place(x - part.width / 2, y - part.height / 2);
		}
		$('rectangle').focus();
	};
}

/** The photo with the part covered, as a file. */
function covered() {
	const photo = $('photo');
	const scale = Math.min(1, LONGEST_SIDE / Math.max(photo.naturalWidth, photo.naturalHeight));
	const canvas = el('canvas', { width: photo.naturalWidth * scale, height: photo.naturalHeight * scale });
	const context = canvas.getContext('2d');
	context.fillStyle = '#fff';
	context.fillRect(0, 0, canvas.width, canvas.height);
	context.drawImage(photo, 0, 0, canvas.width, canvas.height);
	context.fillStyle = GREY;
	context.fillRect(part.x * canvas.width, part.y * canvas.height, part.width * canvas.width, part.height * canvas.height);
	return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.95));
}

async function ask() {
	const answer = $('mask-answer');
	const [asked, before] = [item, caption];
	$('mask-ask').disabled = true;
	answer.replaceChildren(el('p', {}, 'Captioning the covered photo\u2026'));
	try {
		const photo = await covered();
		const response = await api.patiently(async () => api.caption(photo, 'covered.jpg', await options()),
				wait => showWait(answer, wait));
		if (asked === item) {
			const after = response.results[0].captions[0];
			const words = ({ words: all }) => all.map(({ word }) => word);
			const same = before.text === after.text;
			answer.replaceChildren(
					el('p', { className: 'caption' }, ...difference(words(before), words(after))),
					el('p', { className: 'small' }, same ? 'The words stay the same. ' : '',
							`Confidence ${percent(before.confidence)} before, ${percent(after.confidence)} with the part covered.`));
		}
	} catch (refused) {
		showRefused(answer, refused);
	} finally {
		$('mask-ask').disabled = false;
	}
}

/** Prepares covering for a caption of a photo. */
export function showMask(shown, of) {
	item = shown;
	caption = of;
	open(false);
	$('mask-answer').replaceChildren();
}

/** Prepares the buttons and the photo. */
export function prepareMask() {
	$('cover').onclick = () => {
		const opens = $('mask').hidden;
		open(opens);
		if (opens) {
			$('rectangle').focus();
		}
	};
	$('mask-close').onclick = () => {
		open(false);
		$('cover').focus();
	};
	$('mask-larger').onclick = () => grow(0.125);
	$('mask-smaller').onclick = () => grow(-0.1);
	$('mask-ask').onclick = ask;
	$('rectangle').onkeydown = onKey;
	$('frame').onpointerdown = onPointer;
	addEventListener('word', offerWord);
}
