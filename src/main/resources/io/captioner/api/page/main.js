/** The page: photos come in, and the selected one is shown with its caption. */
import { $, el, percent, say, show, showRefused, showWait } from './dom.js';
import * as api from './api.js';
import { showAgreement } from './agreement.js';
import { prepareCamera } from './camera.js';
import { prepareEdit, showEdit } from './edit.js';
import { prepareMask, showMask } from './mask.js';
import { describeModels, prepareOptions } from './options.js';
import { addPhotos, askAgain, askUnauthorized, captionText, preparePhotos, selectedPhoto } from './photos.js';
import { drawSample } from './samples.js';
import { prepareWords, showWords } from './words.js';

const LEVELS = { high: 'Probably right', medium: 'May be wrong in parts', low: 'May well be wrong' };

/** Shows a photo with what is known of it; null for none. */
function view(item, what) {
	show('viewer', Boolean(item));
	document.body.classList.toggle('started', Boolean(item));
	if (!item) {
		return;
	}
	if (what === 'wait') {
		showWait($('refusal-text'), item.wait);
		show('refusal', true);
		show('again', false);
		show('working', false);
		return;
	}
	if ($('photo').dataset.url !== item.url) {
		showPhoto(item);
	}
	show('working', item.state === 'waiting' || item.state === 'asking');
	show('answer', item.state === 'done');
	show('refusal', item.state === 'refused');
	show('again', true);
	if (item.state === 'done') {
		showAnswer(item, item.chosen);
		say(`Caption of ${item.name}: ${captionText(item)}`);
	} else {
		showWords({ words: [] }, { width: 1, height: 1 });
		$('photo').alt = item.name;
		if (item.state === 'refused') {
			showRefused($('refusal-text'), item.refused);
			say(`${item.name}: ${$('refusal-text').textContent}`);
		} else {
			say(`Captioning ${item.name}`);
		}
	}
}

function showPhoto(item) {
	const photo = $('photo');
	$('name').textContent = item.name;
	photo.dataset.url = item.url;
	photo.hidden = false;
	show('unshown', false);
	show('cover', true);
	ratio(4, 3);
	photo.onload = () => ratio(photo.naturalWidth, photo.naturalHeight);
	photo.onerror = () => {
		photo.hidden = true;
		show('unshown', true);
		show('cover', false);
	};
	photo.src = item.url;
}

function ratio(width, height) {
	$('frame').style.setProperty('--ratio', width / height);
}

function showAnswer(item, chosen) {
	item.chosen = chosen;
	const result = item.answer.results[0];
	const caption = result.captions[chosen];
	ratio(result.width, result.height);
	$('photo').alt = captionText(item);
	showWords(caption.text ? caption : { words: [] }, result);
	showConfidence(caption, result);
	showAgreement(result.captions, chosen, other => {
		delete item.edited;
		showAnswer(item, other);
		$('alternatives').children[other].querySelector('button').focus();
	});
	showEdit(item, caption);
	showMask(item, caption);
}

function showConfidence(caption, result) {
	const calibrated = LEVELS[caption.level];
	const lines = [el('p', {}, el('strong', {}, calibrated ?? 'Confidence'), ` ${percent(caption.confidence)}`,
			calibrated ? '' : ': the mean probability of a word, not calibrated')];
	const more = (text, share) => typeof share === 'number'
			&& lines.push(el('p', { className: 'small muted' }, `${text} ${percent(share)}`));
	if (calibrated) {
		more('Mean probability of a word', caption.likelihood);
	}
	more('Agreement of the captions', caption.agreement);
	more('Photos of the training\u2019s kind at least as unusual', result.familiarity);
	const meter = el('div', { className: `meter ${caption.level ?? ''}`, '--p': caption.confidence, ariaHidden: 'true' });
	$('confidence').replaceChildren(meter, ...lines);
	const careful = caption.text ? caption.hedgedText : `No caption: ${caption.abstained ?? 'the confidence is too low'}`;
	show('hedged', Boolean(careful) && careful !== caption.text);
	$('hedged').textContent = careful ?? '';
}

/** Photos from outside: files, the clipboard, or what is dropped. */
function prepareIntake() {
	const files = input => {
		input.onchange = () => {
			addPhotos(input.files);
			input.value = '';
		};
	};
	files($('file'));
	files($('capture'));
	$('choose').onclick = () => $('file').click();
	$('sample').onclick = async () => addPhotos([await drawSample()]);
	prepareCamera(photo => addPhotos([photo]));
	document.addEventListener('paste', event => {
		const text = event.target.matches?.('input, textarea') && event.clipboardData?.types.includes('text/plain');
		if (event.clipboardData?.files.length && !text) {
			event.preventDefault();
			addPhotos(event.clipboardData.files);
		}
	});
	const carriesFiles = event => event.dataTransfer?.types.includes('Files');
	document.addEventListener('dragover', event => {
		if (carriesFiles(event)) {
			event.preventDefault();
			show('dropping', true);
		}
	});
	document.addEventListener('dragleave', event => event.relatedTarget || show('dropping', false));
	document.addEventListener('drop', event => {
		show('dropping', false);
		if (carriesFiles(event)) {
			event.preventDefault();
			addPhotos(event.dataTransfer.files);
		}
	});
}

function prepareKey() {
	const keyed = () => show('forget', Boolean(api.key.get()));
	addEventListener('unauthorized', () => {
		if (api.key.get()) {
			show('key-wrong', true);
			api.key.forget();
			keyed();
		}
		if ($('key').hidden) {
			show('key', true);
			$('key-text').focus();
		}
	});
	$('key').onsubmit = event => {
		event.preventDefault();
		const entered = $('key-text').value.trim();
		$('key-text').value = '';
		const sendable = /^[\x21-\x7e]+$/.test(entered);
		show('key-wrong', !sendable);
		if (!sendable) {
			return;
		}
		api.key.set(entered);
		show('key', false);
		keyed();
		describe();
		askUnauthorized();
	};
	$('forget').onclick = () => {
		api.key.forget();
		keyed();
		say('The key is forgotten.');
		describe();
	};
	keyed();
}

async function describe() {
	try {
		$('model').textContent = await describeModels() ?? 'no model is ready';
	} catch (refused) {
		$('model').textContent = refused.status === 401 ? '' : refused.message;
	}
}

preparePhotos(view);
prepareOptions(() => askAgain(selectedPhoto()));
prepareWords();
prepareEdit();
prepareMask();
prepareIntake();
prepareKey();
$('again').onclick = () => askAgain(selectedPhoto());
describe();
