/** What several captions of a photo have in common. */
import { $, el, hidden, percent, show } from './dom.js';

/** For each caption its words, each with the number of captions that have it as often. */
export function count(captions) {
	const counts = new Map();
	const marked = captions.map(caption => {
		const seen = new Map();
		return caption.words.map(({ word }) => {
			seen.set(word, (seen.get(word) ?? 0) + 1);
			const id = `${word} ${seen.get(word)}`;
			counts.set(id, (counts.get(id) ?? 0) + 1);
			return { word, id };
		});
	});
	return marked.map(words => words.map(({ word, id }) => ({ word, count: counts.get(id) })));
}

/** The words that pass, in order, with an ellipsis for each gap. */
function runs(words, passes) {
	const parts = [];
	let gap = false;
	for (const word of words) {
		if (passes(word)) {
			parts.push(gap && parts.length ? `\u2026 ${word.word}` : word.word);
		}
		gap = !passes(word);
	}
	return parts.join(' ');
}

function summary(counted) {
	const all = counted.length;
	const rest = counted.flat().filter(({ count: n }) => n < all);
	const some = [...new Map(rest.filter(({ count: n }) => n > 1).map(w => [w.word, `${w.word} (${w.count})`])).values()];
	const once = [...new Set(rest.filter(({ count: n }) => n === 1).map(({ word }) => word))];
	const lines = [
		[all === 2 ? 'Both say' : `All ${all} say`, runs(counted[0], ({ count: n }) => n === all) || 'no word in common'],
		['Some say', some.join(', ')],
		['Only one says', once.join(', ')],
	];
	return el('dl', {}, ...lines.filter(([, text]) => text)
			.map(([term, text]) => el('div', {}, el('dt', {}, term), el('dd', {}, text))));
}

function line(caption, at, words, all, chosen, onChoose) {
	const text = words.flatMap(({ word, count: n }) => [
		n === 1 ? el('mark', {}, word, hidden(' (only here)')) : el('span', { className: n < all ? 'some' : '' }, word), ' ']);
	return el('li', {}, el('span', {}, ...text), el('span', { className: 'muted small' }, percent(caption.confidence)),
			el('button', { className: 'plain', onclick: onChoose, 'aria-pressed': String(chosen) }, chosen ? 'Shown' : 'Show',
					hidden(` caption ${at + 1}`)));
}

/** Shows the captions of a photo beside each other; with one caption nothing. */
export function showAgreement(captions, chosen, onChoose) {
	show('agreement', captions.length > 1);
	if (captions.length > 1) {
		const counted = count(captions);
		$('agreement-summary').replaceChildren(summary(counted));
		$('alternatives').replaceChildren(...captions.map((caption, i) =>
			line(caption, i, counted[i], captions.length, i === chosen, () => onChoose(i))));
	}
}

/** The words of two captions as nodes: those that were lost, and those that are new. */
export function difference(before, after) {
	const length = before.map(() => after.map(() => 0));
	const at = (i, j) => length[i]?.[j] ?? 0;
	for (let i = before.length - 1; i >= 0; i--) {
		for (let j = after.length - 1; j >= 0; j--) {
			length[i][j] = before[i] === after[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const nodes = [];
	for (let i = 0, j = 0; i < before.length || j < after.length;) {
		if (i < before.length && j < after.length && before[i] === after[j]) {
			nodes.push(before[i], ' ');
			i++;
			j++;
		} else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
			nodes.push(el('del', {}, hidden('lost: '), before[i++]), ' ');
		} else {
			nodes.push(el('ins', {}, hidden('new: '), after[j++]), ' ');
		}
	}
	return nodes;
}
