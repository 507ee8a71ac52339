/** The text that a person makes of a caption: edited, copied, read aloud, scored, saved with the picture. */
import { $, el, percent, say, showRefused, showWait } from './dom.js';
import * as api from './api.js';
import { modelOption } from './options.js';
import { picture, wordParts } from './words.js';

let item = null;
let caption = null;

/** Shows the text of a caption, or what the person made of it before. */
export function showEdit(shown, of) {
	stopSpeaking();
	item = shown;
	caption = of;
	$('edited').value = item.edited ?? caption.text ?? '';
	note();
	$('score-answer').replaceChildren();
}

function note() {
	$('edit-note').textContent = item.edited === undefined ? 'Created automatically, please check'
		: 'Edited by you, from a text that was created automatically';
}

async function copy() {
	try {
		await navigator.clipboard.writeText($('edited').value);
	} catch { // not offered without TLS
		$('edited').select();
		document.execCommand('copy');
	}
	say('The text is copied.');
	$('copy').textContent = 'Copied';
	setTimeout(() => { $('copy').textContent = 'Copy'; }, 2000);
}

function stopSpeaking() {
	globalThis.speechSynthesis?.cancel();
	$('speak').textContent = 'Read aloud';
}

function speak() {
	if (speechSynthesis.speaking) {
		stopSpeaking();
		return;
	}
	const speech = new SpeechSynthesisUtterance($('edited').value);
	speech.lang = document.documentElement.lang;
	speech.onend = stopSpeaking;
	speech.onerror = stopSpeaking;
	$('speak').textContent = 'Stop reading';
	speechSynthesis.speak(speech);
}

function save() {
	picture($('edited').value).toBlob(blob => {
		const url = URL.createObjectURL(blob);
		el('a', { href: url, download: `${item.name.replace(/\.[^.]*$/, '')}-attention.png` }).click();
		setTimeout(() => URL.revokeObjectURL(url), 10000);
		say('The picture is saved.');
	}, 'image/png');
}

function scored(score, title) {
	const small = (...parts) => el('p', { className: 'small' }, ...parts);
	const words = score.words.map(({ word, probability }) => wordParts('span', { className: 'word' }, word, probability));
	const lines = [el('h4', {}, title), el('p', {}, ...words),
		small(`Log-probability ${score.logProbability.toFixed(2)}, mean probability of a word ${percent(score.confidence)}. Least likely: `,
				el('strong', {}, score.words[score.weakest]?.word ?? 'the end'), '.')];
	if (score.unknown.length) {
		lines.push(small('The model does not know ', el('strong', {}, score.unknown.join(', ')), ', which lowers the score.'));
	}
	return el('div', { className: 'score' }, ...lines);
}

async function score() {
	const asked = item;
	const text = $('edited').value.trim();
	const answer = $('score-answer');
	if (!text) {
		answer.replaceChildren(el('p', { className: 'alert' }, 'There are no words to score: write some first.'));
		return;
	}
	const texts = [...new Set([text, caption.text ?? text])];
	answer.replaceChildren(el('p', {}, 'Scoring\u2026'));
	$('score').disabled = true;
	try {
		const { scores } = await api.patiently(() => api.score(asked.blob, asked.name, texts, modelOption()),
				wait => showWait(answer, wait));
		if (asked === item) {
			answer.replaceChildren(...scores.map((one, i) => scored(one, i || texts.length === 1 ? 'The model\u2019s words' : 'Your words')));
		}
	} catch (refused) {
		if (refused.status === 404) {
			refused.detail = 'This service does not score texts.';
		}
		showRefused(answer, refused);
	} finally {
		$('score').disabled = false;
	}
}

/** Prepares the buttons. */
export function prepareEdit() {
	$('edited').oninput = () => {
		item.edited = $('edited').value;
		note();
	};
	$('copy').onclick = copy;
	$('speak').onclick = speak;
	$('speak').hidden = !globalThis.speechSynthesis;
	$('save').onclick = save;
	$('score').onclick = score;
	$('reset').onclick = () => {
		delete item.edited;
		showEdit(item, caption);
		$('edited').focus();
	};
}
